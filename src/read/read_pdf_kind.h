// What kind a PDF page is, by its title and code.
#pragma once
#include "read/read_pdf_vat.h"

// Sets kind from the title (数电票) or the code. ERR_LIMIT only.
Err read_pdf_kind(Cx *cx, const PageWords *words, Draft *draft);
// Title, form and number of a page whose layout and marks are known. ERR_LIMIT only.
Err read_pdf_kind_form(Cx *cx, PageWords *words);
