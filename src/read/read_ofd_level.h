// Read_ofd_level: values that are printed above or below their labels, put at their height. The
// form comes first and the values into it, on paper or by another program: all are off by the same.
#pragma once
#include "format/ofd/ofd_text.h"

// Moves what no label is, page by page, where most labels agree how far it is off; else nothing.
// ERR_LIMIT only.
Err read_ofd_level(Cx *cx, const OfdTexts *texts, size_t page_count);
