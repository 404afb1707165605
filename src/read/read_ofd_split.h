// Read_ofd_split: which pages of one OFD document belong to which invoice.
//
// A page founds an invoice when a tag calls a text of it the number, or when it prints number and
// date, or when it is a picture with an invoice's QR code. A page that says the same number again
// belongs to it; one that says none goes on with the invoice before it (a list, an empty page).
#pragma once
#include "format/ofd/ofd_text.h"
#include "model/draft.h"
#include "read/read_ofd_eyes.h"

typedef struct OfdPart {
    Slice code, number; // the code is "" where none was read, as on a 数电票
    Slice qr;           // the payload that told them, "" when they were read
    size_t qr_entry;    // the zip entry it stands in
    OfdDoc doc;         // of its pages alone, is_part set; the files beside them are the document's
    OfdTexts texts;     // of these pages
} OfdPart;

typedef struct OfdParts {
    OfdPart *items; // at most LIMIT_DRAFTS
    size_t count;   // 0 when the pages are of one invoice, or of none
    bool any;       // some page says a number
} OfdParts;

// Without eyes (NULL) codes are left alone. ERR_LIMIT past LIMIT_DRAFTS invoices.
Err read_ofd_split(Cx *cx, Ofd *ofd, const OfdDoc *doc, const OfdTexts *texts, const OfdEyes *eyes,
                   OfdParts *ret_parts);
// Whether code and number are those of the part. A code that one of the two leaves out is no
// difference.
bool read_ofd_split_is_of(const OfdPart *part, Slice code, Slice number);
// A part more, of no page: an attachment that speaks of another invoice. ERR_LIMIT as above.
Err read_ofd_split_add(Cx *cx, const OfdDoc *doc, Slice code, Slice number, OfdParts *parts);
