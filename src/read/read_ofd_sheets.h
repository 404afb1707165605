// Read_ofd_sheets: several invoices printed on one page of an OFD, as people do to save paper,
// parted into pages of their own.
//
// The forms on such a page are one form drawn again further down or to the right: what stands
// between the numbers of two of them stands between all that is printed. A parting counts when each
// part is one form, with one number and one date, so values of two invoices are never mixed.
#pragma once
#include "format/ofd/ofd_text.h"

typedef struct OfdSheets {
    OfdDoc doc;     // a page that was parted is there as often, with the same id and entries
    OfdTexts texts; // of its pages, each from its own upper left corner
    bool parted;    // false: nothing to part, and the two above are not set
    bool several;   // some page has several invoices that could not be parted
} OfdSheets;

// ERR_LIMIT only.
Err read_ofd_sheets(Cx *cx, const OfdDoc *doc, const OfdTexts *texts, OfdSheets *ret_sheets);
