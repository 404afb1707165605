#include "format/pdf/pdf_fixture.h"

#include "base/test.h"

TEST("pdf_fixture: glyphs stand where their text says")
{
    static const PdfFixtureText texts[] = {{10, 20, 8, "票1"}};
    static const PdfFixturePage page = {300, 200, texts, 1, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    EXPECT(glyphs.count == 3);
    EXPECT(glyphs.glyphs[0].code == 0x7968 && glyphs.glyphs[1].code == '1');
    EXPECT(glyphs.glyphs[0].x1 == 10 && glyphs.glyphs[0].x2 == 18 && glyphs.glyphs[0].y1 == 12);
    EXPECT(glyphs.glyphs[1].x1 == 18 && glyphs.glyphs[1].x2 == 22 && glyphs.glyphs[1].y2 == 20);
}

TEST("pdf_fixture: a QR code is black squares")
{
    static const uint8_t module = 1;
    PdfFixturePage page = {100, 80, NULL, 0, &module, 1};
    PDF_CLOSE Pdf *pdf = NULL;
    EXPECT_OK(pdf_open(cx, pdf_fixture(cx, &page, 1), &pdf));
    Image image = {};
    EXPECT_OK(pdf_render(cx, pdf, 0, 72, &image));
    EXPECT(image.pixels[20 * 100 + 20] == 0 && image.pixels[20 * 100 + 23] == 255);
}
