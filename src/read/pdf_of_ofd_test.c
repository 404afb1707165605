#include "read/pdf_of_ofd.h"

#include <math.h>

#include "base/test.h"

TEST("pdf_of_ofd: characters share a text's width, a Chinese one twice another's")
{
    OfdText items[] = {{.x1 = 25'400, .x2 = 50'800, .y = 25'400, .text = SLICE("票价CNY1.0")},
                       {.x1 = 0, .x2 = 99'000, .y = 9'000, .vertical = true, .text = SLICE("购")},
                       {.x1 = 0, .x2 = 99'000, .y = 9'000, .page = 1, .text = SLICE("甲")}};
    PdfPage page = {};
    EXPECT_OK(pdf_of_ofd(cx, &(OfdTexts){.items = items, .count = 3}, 0, &page));
    EXPECT(page.count == 8); // one inch for five Chinese characters' room
    EXPECT(page.glyphs[0].code == 0x7968);
    EXPECT(fabsf(page.glyphs[0].x1 - 72) < 0.01f && fabsf(page.glyphs[1].x1 - 86.4f) < 0.01f);
    EXPECT(fabsf(page.glyphs[3].x1 - 108) < 0.01f);
    EXPECT(page.glyphs[0].y1 < 72 && page.glyphs[0].y2 > 72);
    EXPECT(page.width > 144 && page.height > 72);
}
