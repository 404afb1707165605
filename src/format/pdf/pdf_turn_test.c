#include "format/pdf/pdf_turn.h"

#include <math.h>

#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

static const PdfFixtureText texts[] = {{20, 40, 10, "发票号码：12345678"},
                                       {150, 40, 10, "开票日期：2025年03月07日"},
                                       {5, 80, 10, "购"},
                                       {5, 92, 10, "买"},
                                       {5, 104, 10, "方"},
                                       {20, 80, 10, "名称：北京某某科技有限公司"}};
static const PdfFixturePage upright = {300, 200, texts, 6, NULL, 0};

// A quarter clockwise, as a viewer shows /Rotate 90.
static void quarter(PdfPage *page)
{
    for (size_t i = 0; i < page->count; i++) {
        PdfGlyph *glyph = &page->glyphs[i], was = *glyph;
        glyph->x1 = (float)page->height - was.y2;
        glyph->x2 = (float)page->height - was.y1;
        glyph->y1 = was.x1;
        glyph->y2 = was.x2;
    }
    double width = page->width;
    page->width = page->height;
    page->height = width;
}

static bool near(float a, float b)
{
    return fabsf(a - b) < 0.01F;
}

TEST("pdf_turn: a page that was turned by quarters is read as it stood")
{
    for (int quarters = 0; quarters < 4; quarters++) {
        PdfPage page = pdf_fixture_glyphs(cx, &upright),
                as_it_was = pdf_fixture_glyphs(cx, &upright);
        for (int i = 0; i < quarters; i++)
            quarter(&page);
        pdf_turn_upright(&page);
        EXPECT(near((float)page.width, 300) && near((float)page.height, 200));
        for (size_t i = 0; i < page.count; i++) {
            const PdfGlyph *a = &page.glyphs[i], *b = &as_it_was.glyphs[i];
            if (a->code == '\n') continue;
            EXPECT(near(a->x1, b->x1) && near(a->x2, b->x2) && near(a->y1, b->y1) &&
                   near(a->y2, b->y2));
        }
    }
}

TEST("pdf_turn: few characters that stand under each other turn nothing")
{
    static const PdfFixtureText labels[] = {
        {5, 80, 10, "购"}, {5, 92, 10, "买"}, {5, 104, 10, "方"}};
    PdfPage page = pdf_fixture_glyphs(cx, &(PdfFixturePage){300, 200, labels, 3, NULL, 0});
    pdf_turn_upright(&page);
    EXPECT(near((float)page.width, 300) && near(page.glyphs[0].x1, 5));
    PdfPage empty = {.width = 300, .height = 200};
    pdf_turn_upright(&empty);
    EXPECT(near((float)empty.width, 300));
}
