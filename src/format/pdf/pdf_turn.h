// Turning: a page that lies on its side, or upside down, is read as if it stood upright.
#pragma once
#include "format/pdf/pdf.h"

// Boxes and size are turned so that most characters run to the right; the order stays.
void pdf_turn_upright(PdfPage *page);
