#include "read/pdf_columns.h"

#include <math.h>

#define WORD_GAP     0.2f // heights between two words of a row
#define PROFILE_SIZE 2048 // points across a page
#define ALIGNED      1.0f // points between the left ends of texts in one column
#define CENTRED      4.0f // points that texts begin left of a heading in the middle of its cell
#define FULL_GAP     1.2f // heights: no further character had room in the column

bool pdf_columns_word_starts(const LayoutRow *row, size_t at)
{
    const LayoutGlyph *glyph = &row->glyphs[at], *before = &row->glyphs[at - 1];
    float size = fmaxf(glyph->y2 - glyph->y1, 1);
    bool number = (before->fold >= '0' && before->fold <= '9') || before->fold == '%';
    bool han = glyph->fold >= 0x3400 && glyph->fold <= 0x9fff;
    if (glyph->fold == '%' && number) return false;
    return glyph->space_before || glyph->x1 - before->x2 > size * WORD_GAP || (number && han);
}

typedef struct Strip {
    float from, to; // across; none when from == to
} Strip;

// The widest strip in [from, to) that is not used and reaches into (over_from, over_to).
static Strip widest(const bool *used, float from, float to, float over_from, float over_to)
{
    static const float step = 1;
    Strip best = {};
    for (float x = from; x < to && x < PROFILE_SIZE;) {
        float end = x;
        while (end < to && end < PROFILE_SIZE && !used[(size_t)end])
            end += step;
        if (end - x > best.to - best.from && x < over_to && end > over_from) best = (Strip){x, end};
        x = end + step;
    }
    return best;
}

static size_t glyphs_before(const TextRow *text, float edge)
{
    const LayoutGlyph *glyphs = text->row->glyphs;
    size_t at = 0;
    while (at < text->end && (glyphs[at].x1 + glyphs[at].x2) / 2 < edge)
        at++;
    return at;
}

// Whether a text fills its column up to `edge` and goes on in the row below, while the texts right
// of the edge all begin at one place: then the column ends there, however near the next one is.
static bool wraps_at(const TextRow *rows, size_t count, float edge, const Column *right)
{
    bool wraps = false;
    float begin = 0;
    for (size_t r = 0; r < count; r++) {
        const LayoutGlyph *glyphs = rows[r].row->glyphs;
        size_t split = glyphs_before(&rows[r], edge);
        if (split == 0 || split == rows[r].end || glyphs[split].x1 > right->x2) continue;
        if (begin > 0 && fabsf(glyphs[split].x1 - begin) > ALIGNED) return false;
        begin = glyphs[split].x1;
        float size = glyphs[split].y2 - glyphs[split].y1;
        bool full = glyphs[split].x1 - glyphs[split - 1].x2 < size * FULL_GAP;
        const TextRow *next = r + 1 < count ? &rows[r + 1] : NULL;
        if (!full || next == NULL || (rows[r].anchor && next->anchor)) continue;
        bool below = glyphs_before(next, edge) > 0 &&
                     fabsf(next->row->glyphs[0].x1 - glyphs[0].x1) <= ALIGNED;
        wraps = wraps || below;
    }
    return wraps;
}

// The right side of a column's cell, as far from its heading's middle as texts begin right of
// `edge`; 0 when it can't be told: a heading may stand at the left itself.
static float side_of(const Column *column, float edge, const TextRow *rows, size_t count)
{
    float left = INFINITY;
    for (size_t r = 0; r < count; r++) {
        size_t at = glyphs_before(&rows[r], edge);
        if (at < rows[r].end) left = fminf(left, rows[r].row->glyphs[at].x1);
    }
    return left < column->x1 - CENTRED ? column->x1 + column->x2 - left : 0;
}

// Where the numbers before the names of a list end (序号): each line begins with digits alone. 0
// when there are none. Short names leave a wider strip behind them than before them.
static float index_edge(const Column *columns, const TextRow *rows, size_t count)
{
    float right = 0, left = INFINITY;
    if (columns[0].label != LABEL_SEQUENCE || columns[1].label != LABEL_ITEM) return 0;
    for (size_t r = 0; r < count; r++) {
        const LayoutGlyph *glyphs = rows[r].row->glyphs;
        size_t at = 0;
        for (; rows[r].anchor && at < rows[r].end; at++) {
            if (at > 0 && pdf_columns_word_starts(rows[r].row, at)) break;
            if (glyphs[at].fold < '0' || glyphs[at].fold > '9') return 0;
        }
        if (rows[r].anchor && at == 0) return 0;
        if (at > 0) right = fmaxf(right, glyphs[at - 1].x2);
        if (at < rows[r].end) left = fminf(left, glyphs[at].x1);
    }
    return right < left && left < INFINITY ? (right + left) / 2 : 0;
}

// Where one text column ends and the next begins: the widest strip between the middles of their
// headings in which no row prints. Under the right heading itself it is a short text's right side
// rather than its left one: then it is a strip between the headings, if print says so, or the one
// in which the cell's `side` lies (0: unknown).
static float edge_between(const Column *left, const Column *right, float side, const TextRow *rows,
                          size_t count)
{
    static const float step = 1;
    bool used[PROFILE_SIZE] = {};
    float from = fmaxf(0, (left->x1 + left->x2) / 2), to = (right->x1 + right->x2) / 2;
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < rows[r].end; i++) {
            const LayoutGlyph *glyph = &rows[r].row->glyphs[i];
            float a = fmaxf(glyph->x1, from), b = fminf(glyph->x2, to);
            for (float x = a; x < b && x < PROFILE_SIZE; x += step)
                used[(size_t)x] = true;
        }
    Strip strip = widest(used, from, to, from, to);
    Strip between = widest(used, from, to, left->x2, right->x1);
    // … or left of it and up to its middle.
    bool under = strip.from >= right->x1 || strip.to >= to;
    bool narrow = under && between.to > between.from;
    bool wraps = narrow && wraps_at(rows, count, (between.from + between.to) / 2, right);
    if (!wraps && narrow && side > 0) between = widest(used, from, to, side - 1, side + 1);
    if (narrow && (wraps || side > 0) && between.to > between.from) strip = between;
    return strip.to > strip.from ? (strip.from + strip.to) / 2 : (from + to) / 2;
}

void pdf_columns_edges(const Column *columns, size_t column_count, const TextRow *rows,
                       size_t count, float edges[PDF_COLUMNS_MAX + 1])
{
    edges[0] = -INFINITY;
    for (size_t k = 1; k < column_count; k++) {
        float side = side_of(&columns[k - 1], edges[k - 1], rows, count);
        edges[k] = k == 1 ? index_edge(columns, rows, count) : 0;
        if (edges[k] > 0) continue;
        edges[k] = edge_between(&columns[k - 1], &columns[k], side, rows, count);
    }
    edges[column_count] = INFINITY;
}

ColumnCell pdf_columns_cell(const TextRow *row, const float *edges, size_t column)
{
    return (ColumnCell){glyphs_before(row, edges[column]), glyphs_before(row, edges[column + 1])};
}
