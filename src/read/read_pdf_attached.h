// Attachments of a PDF: an XBRL instance (rail) or a 数电票 XML is a stronger source than the page.
#pragma once
#include "format/pdf/pdf.h"
#include "model/reading.h"

// Adds a draft for each attachment that is an invoice; all others (encrypted, JSON) are passed
// over. ERR_LIMIT only.
Err read_pdf_attached(Cx *cx, Pdf *pdf, Reading *reading);
