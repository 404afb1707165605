// An OFD's texts have no height here. It is told by their width: a Chinese character is as wide as
// high, all others half as wide.
#include "read/pdf_of_ofd.h"

#include <math.h>

#include "read/pdf_layout.h"

#define POINTS_PER_UM (72.0f / 25'400)
#define SIZE_LEAST    4.0f // points; what is set wide is no larger for it
#define SIZE_MOST     14.0f
#define ABOVE         0.85f // of a character, over its baseline
#define EDGE          20.0f // points of white around what is printed

static bool is_narrow(uint32_t code)
{
    return code < 0x2e80;
}

static float width_in_characters(Slice text)
{
    float width = 0;
    for (size_t at = 0; at < text.size;)
        width += is_narrow(pdf_layout_next(text, &at)) ? 0.5f : 1;
    return width;
}

static void add_glyphs(const OfdText *piece, PdfPage *page)
{
    float x = (float)piece->x1 * POINTS_PER_UM, y = (float)piece->y * POINTS_PER_UM;
    float step = fmaxf((float)piece->x2 * POINTS_PER_UM - x, 0) / width_in_characters(piece->text);
    float size = fminf(fmaxf(step, SIZE_LEAST), SIZE_MOST);
    for (size_t at = 0; at < piece->text.size;) {
        uint32_t code = pdf_layout_next(piece->text, &at);
        float share = is_narrow(code) ? 0.5f : 1;
        page->glyphs[page->count++] = (PdfGlyph){.code = code,
                                                 .x1 = x,
                                                 .y1 = y - size * ABOVE,
                                                 .x2 = x + fminf(step, size) * share,
                                                 .y2 = y + size * (1 - ABOVE)};
        x += step * share;
    }
    page->width = fmax(page->width, (double)(x + EDGE));
    page->height = fmax(page->height, (double)(y + EDGE));
}

Err pdf_of_ofd(Cx *cx, const OfdTexts *texts, size_t page, PdfPage *ret_page)
{
    size_t room = 1;
    for (size_t i = 0; i < texts->count; i++)
        room += texts->items[i].text.size;
    PdfPage out = {.glyphs = arena_try_array(&cx->arena, room, sizeof *out.glyphs)};
    if (out.glyphs == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    for (size_t i = 0; i < texts->count; i++)
        if (texts->items[i].page == page && !texts->items[i].vertical)
            add_glyphs(&texts->items[i], &out);
    *ret_page = out;
    return ERR_OK;
}
