#include "format/pdf/pdf_turn.h"

#include <math.h>

#define STEPS_MIN 8 // fewer say nothing: labels of one character under the other stand on any page

// Where characters run. The page was turned clockwise by as many right angles.
typedef enum Way { WAY_RIGHT, WAY_DOWN, WAY_LEFT, WAY_UP, WAY_COUNT } Way;

static bool is_space(const PdfGlyph *glyph)
{
    return glyph->code == ' ' || glyph->code == '\n' || glyph->code == 0x3000;
}

// From one character to the next of the same word; false when it is none.
static bool step_of(const PdfGlyph *from, const PdfGlyph *to, Way *ret_way)
{
    if (is_space(from) || is_space(to)) return false;
    float dx = (to->x1 + to->x2 - from->x1 - from->x2) / 2;
    float dy = (to->y1 + to->y2 - from->y1 - from->y2) / 2;
    float size = fmaxf(from->x2 - from->x1, from->y2 - from->y1);
    if (fmaxf(fabsf(dx), fabsf(dy)) > 2 * size) return false; // another word
    if (fabsf(dx) > 3 * fabsf(dy))
        *ret_way = dx > 0 ? WAY_RIGHT : WAY_LEFT;
    else if (fabsf(dy) > 3 * fabsf(dx))
        *ret_way = dy > 0 ? WAY_DOWN : WAY_UP;
    else
        return false;
    return true;
}

static Way way_of(const PdfPage *page)
{
    size_t steps[WAY_COUNT] = {}, all = 0;
    for (size_t i = 1; i < page->count; i++) {
        Way way = WAY_RIGHT;
        if (!step_of(&page->glyphs[i - 1], &page->glyphs[i], &way)) continue;
        steps[way]++;
        all++;
    }
    for (Way way = WAY_DOWN; way < WAY_COUNT; way++)
        if (all >= STEPS_MIN && steps[way] * 3 > all * 2) return way;
    return WAY_RIGHT;
}

static PdfGlyph turned(const PdfGlyph *glyph, Way way, float width, float height)
{
    PdfGlyph out = *glyph;
    switch (way) {
    case WAY_DOWN:
        out.x1 = glyph->y1, out.x2 = glyph->y2;
        out.y1 = width - glyph->x2, out.y2 = width - glyph->x1;
        break;
    case WAY_LEFT:
        out.x1 = width - glyph->x2, out.x2 = width - glyph->x1;
        out.y1 = height - glyph->y2, out.y2 = height - glyph->y1;
        break;
    case WAY_UP:
        out.x1 = height - glyph->y2, out.x2 = height - glyph->y1;
        out.y1 = glyph->x1, out.y2 = glyph->x2;
        break;
    case WAY_RIGHT:
    case WAY_COUNT:
        break;
    }
    return out;
}

void pdf_turn_upright(PdfPage *page)
{
    Way way = way_of(page);
    if (way == WAY_RIGHT) return;
    double width = page->width, height = page->height;
    for (size_t i = 0; i < page->count; i++)
        page->glyphs[i] = turned(&page->glyphs[i], way, (float)width, (float)height);
    if (way == WAY_LEFT) return;
    page->width = height;
    page->height = width;
}
