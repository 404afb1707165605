// Ofd_text: the text of pages, piece by piece with its place.
//
//   TextObject@ID@Boundary="x y w h"@CTM="a b c d e f"@Size
//     TextCode@X@Y@DeltaX="g n v" (v, n times)@DeltaY   one run of characters
//   A piece stands at Boundary.xy + CTM * (X, Y); Y is its baseline. All in millimetres there, in
//   micrometres here. Numbers that are none (NaN, 1e99) count as 0 or are clamped.
#pragma once
#include "format/ofd/ofd.h"

typedef struct OfdText {
    uint64_t id; // of its TextObject; several TextCodes share it
    size_t page; // index in doc->pages
    size_t entry;
    int32_t x1, x2, y;       // from, to (estimated), baseline
    int32_t left, right;     // of the object's box
    bool vertical, template; // set downwards; printed form rather than content
    Slice text;              // trimmed; never empty
    Slice raw; // the same with a blank at either end where the file has one; "" when nobody knows
} OfdText;

typedef struct OfdTexts {
    OfdText *items; // in the order of the pages, a page's templates first
    size_t count;
    size_t images; // ImageObjects seen on the pages (not on templates)
} OfdTexts;

// All pages of a document. ERR_LIMIT past LIMIT_OFD_TEXTS; broken pages are counted in
// ofd->damaged.
Err ofd_text_read(Cx *cx, Ofd *ofd, const OfdDoc *doc, OfdTexts *ret_texts);
// A length in millimetres ("12.5", "-3", "1.2E1") as micrometres, clamped to +-10 m; 0 for anything
// else.
int32_t ofd_text_micrometres(Slice number);
