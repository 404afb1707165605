// Pages for tests: made of texts at places, as glyphs at once or as the bytes of a PDF.
#pragma once
#include "format/pdf/pdf.h"

typedef struct PdfFixtureText {
    float x, y, size; // left edge and baseline from the top left corner, points
    const char *text;
} PdfFixtureText;

typedef struct PdfFixturePage {
    float width, height; // points
    const PdfFixtureText *texts;
    size_t text_count;
    const uint8_t *qr; // modules, the lowest bit 1 is black; NULL for none
    int qr_side;       // modules
} PdfFixturePage;

// As poppler would give them: a Han character is as wide as high, all others half as wide.
PdfPage pdf_fixture_glyphs(Cx *cx, const PdfFixturePage *page);
// A PDF made by cairo, with whatever Chinese font there is.
Slice pdf_fixture(Cx *cx, const PdfFixturePage *pages, size_t count);
// A PDF of one empty page that carries one attachment, without a cross-reference table.
Slice pdf_fixture_attached(Cx *cx, Slice name, Slice bytes);
