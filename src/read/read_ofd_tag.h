// Read_ofd_tag: an OFD's CustomTag file names the text objects of the page that hold the values.
#pragma once
#include "format/ofd/ofd_text.h"
#include "model/draft.h"

// Fills what the tags of one tag file point to. `lines`: line items are wanted as well.
Err read_ofd_tag_fill(Cx *cx, Ofd *ofd, const OfdDoc *doc, size_t tag_entry, const OfdTexts *texts,
                      bool lines, Draft *draft);

// What the tags call number and code, by the page that it stands on.
typedef struct OfdTagNumber {
    Slice code, number;
} OfdTagNumber;

// Adds to ret_pages, one a page of the document; what is there already stays.
Err read_ofd_tag_numbers(Cx *cx, Ofd *ofd, const OfdDoc *doc, size_t tag_entry,
                         const OfdTexts *texts, OfdTagNumber *ret_pages);
