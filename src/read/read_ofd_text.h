// Read_ofd_text: an invoice from what its pages print, by labels and places alone.
#pragma once
#include "format/ofd/ofd_text.h"
#include "model/draft.h"

// The kind that the title on a page names, "" without one.
Slice read_ofd_text_kind(Cx *cx, const OfdTexts *texts, size_t page);
// Fills fields. Free text and names only where the draft has none: print wraps and shortens them.
Err read_ofd_text_fill(Cx *cx, const OfdTexts *texts, size_t page, Draft *draft);
