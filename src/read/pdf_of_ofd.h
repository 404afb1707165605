// A page of an OFD as a PDF would have it: characters at places.
#pragma once
#include "format/ofd/ofd_text.h"
#include "format/pdf/pdf.h"

// What is set downwards is left out. ERR_LIMIT only.
Err pdf_of_ofd(Cx *cx, const OfdTexts *texts, size_t page, PdfPage *ret_page);
