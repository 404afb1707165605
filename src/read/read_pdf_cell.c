#include "read/read_pdf_cell.h"

#include <math.h>

#include "base/text.h"
#include "base/utf8.h"
#include "read/pdf_words.h"

#define VALUE_GAP   3.0f  // heights: a wider gap ends a value
#define CELL_RIGHT  12.0f // heights from a label to a value that has no row with it
#define ALIGNED     0.6f  // heights between the left ends of a wrapped text's rows
#define ROW_LEAST   0.6f  // heights between two of its rows …
#define ROW_MOST    1.5f  // … rows of a form stand wider
#define HALF_LEAST  0.25f // heights from the label to the rows above and below it
#define HALF_MOST   0.95f
#define WRAPPED_MIN 8    // characters of a row that is full
#define ID_NEAR     1.7f // heights from a row of a label to a number beside another one
#define ID_LEAST    15
#define ID_MOST     20

// Glyphs [from, to) of a row; none when row is NULL.
typedef struct Piece {
    const LayoutRow *row;
    size_t from, to;
} Piece;

static float row_middle(const LayoutRow *row)
{
    return (row->y1 + row->y2) / 2;
}

static float mark_middle(const Mark *mark)
{
    return (mark->y1 + mark->y2) / 2;
}

// The left edge of the next label right of this one, at about its height.
static float wall_of(const PageWords *words, const Mark *mark)
{
    float wall = words->layout.width;
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *other = &words->marks.items[i];
        bool beside = fabsf(mark_middle(other) - mark_middle(mark)) < words->layout.size;
        if (beside && other->x1 >= mark->x2) wall = fminf(wall, other->x1);
    }
    return wall;
}

static size_t piece_end(const LayoutRow *row, size_t from, float size, float wall)
{
    size_t to = from + 1;
    while (to < row->count && !row->glyphs[to].label && row->glyphs[to].x1 < wall &&
           row->glyphs[to].x1 - row->glyphs[to - 1].x2 <= size * VALUE_GAP)
        to++;
    return to;
}

// What a row has right of the label; nothing where something stands under or over the label itself.
static Piece piece_right(const PageWords *words, const LayoutRow *row, const Mark *mark, float wall)
{
    float size = words->layout.size;
    for (size_t i = 0; i < row->count; i++) {
        const LayoutGlyph *glyph = &row->glyphs[i];
        if (glyph->x2 < mark->x1 - size * ALIGNED) continue;
        bool in = glyph->x1 >= mark->x2 - 1 && glyph->x1 < wall && !glyph->label;
        return in ? (Piece){row, i, piece_end(row, i, size, wall)} : (Piece){};
    }
    return (Piece){};
}

static const LayoutGlyph *first_of(const Piece *piece)
{
    return &piece->row->glyphs[piece->from];
}

static const LayoutGlyph *last_of(const Piece *piece)
{
    return &piece->row->glyphs[piece->to - 1];
}

// Whether the lower row goes on with the upper one, which is full.
static bool goes_on(const Piece *upper, const Piece *lower, float size)
{
    return upper->to - upper->from >= WRAPPED_MIN &&
           fabsf(first_of(upper)->x1 - first_of(lower)->x1) < size * ALIGNED &&
           last_of(lower)->x2 <= last_of(upper)->x2 + size;
}

static Err add_piece(Cx *cx, Text *text, const Piece *piece, const LayoutGlyph *last)
{
    Slice part = {};
    TRY(pdf_layout_text(cx, piece->row, piece->from, piece->to, &part));
    if (text->size + part.size + 1 > LIMIT_FIELD_BYTES) return ERR_OK;
    if (last != NULL && pdf_words_may_part(last, first_of(piece))) text_byte(text, ' ');
    text_add(text, part);
    return ERR_OK;
}

// The value begins in the label's row.
static Err text_from(Cx *cx, const PageWords *words, const Mark *mark, Piece piece, Slice *ret_text)
{
    const Layout *layout = &words->layout;
    float wall = wall_of(words, mark);
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    TRY(add_piece(cx, &text, &piece, NULL));
    for (size_t r = mark->row + 1; r < layout->row_count; r++) {
        float down = row_middle(&layout->rows[r]) - row_middle(piece.row);
        if (down > layout->size * ROW_MOST) break;
        Piece next = piece_right(words, &layout->rows[r], mark, wall);
        if (down < layout->size * ROW_LEAST || next.row == NULL) continue;
        if (!goes_on(&piece, &next, layout->size)) break;
        TRY(add_piece(cx, &text, &next, last_of(&piece)));
        piece = next;
    }
    return text_done(cx, &text, ret_text);
}

// Two rows in a cell whose label stands at the height between them.
static Err text_around(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret_text)
{
    const Layout *layout = &words->layout;
    float size = layout->size;
    float wall = wall_of(words, mark);
    Piece upper = {}, lower = {};
    *ret_text = SLICE("");
    for (size_t r = 0; r < layout->row_count; r++) {
        float down = row_middle(&layout->rows[r]) - mark_middle(mark);
        if (fabsf(down) < size * HALF_LEAST || fabsf(down) > size * HALF_MOST) continue;
        Piece piece = piece_right(words, &layout->rows[r], mark, wall);
        if (piece.row == NULL || first_of(&piece)->x1 > mark->x2 + size * CELL_RIGHT) continue;
        if (down < 0)
            upper = piece;
        else if (lower.row == NULL)
            lower = piece;
    }
    if (upper.row == NULL || lower.row == NULL || !goes_on(&upper, &lower, size)) return ERR_OK;
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    TRY(add_piece(cx, &text, &upper, NULL));
    TRY(add_piece(cx, &text, &lower, last_of(&upper)));
    return text_done(cx, &text, ret_text);
}

Err read_pdf_cell_text(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret_text)
{
    const LayoutRow *row = &words->layout.rows[mark->row];
    float size = words->layout.size;
    if (mark->to < row->count && !row->glyphs[mark->to].label) {
        size_t to = piece_end(row, mark->to, size, words->layout.width);
        return text_from(cx, words, mark, (Piece){row, mark->to, to}, ret_text);
    }
    TRY(text_around(cx, words, mark, ret_text));
    if (ret_text->size > 0) return ERR_OK;
    return pdf_marks_value(cx, &words->layout, &words->marks, mark, INFINITY, size * VALUE_GAP,
                           ret_text);
}

// ---- numbers

static bool is_id_glyph(const LayoutGlyph *glyph)
{
    return (glyph->fold >= '0' && glyph->fold <= '9') ||
           (glyph->fold >= 'A' && glyph->fold <= 'Z') || glyph->fold == 'x' || glyph->fold == '*';
}

// The label nearest to the left of glyph `at`: a number belongs to that one.
static const Mark *mark_before(const PageWords *words, size_t row, size_t at)
{
    const Mark *best = NULL;
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        if (mark->row == row && mark->to <= at) best = mark;
    }
    return best;
}

// A part of a longer text, or of two that are printed over each other, is no number.
static bool touches_text(const LayoutRow *row, size_t from, size_t to, float size)
{
    const LayoutGlyph *glyphs = row->glyphs;
    if (from > 0 && !glyphs[from - 1].label && glyphs[from - 1].fold != ':' &&
        glyphs[from].x1 - glyphs[from - 1].x2 <= size * ALIGNED)
        return true;
    return to < row->count && glyphs[to].x1 - glyphs[to - 1].x2 <= 0;
}

static Piece id_in(const PageWords *words, size_t r, const Mark *mark, float wall)
{
    const LayoutRow *row = &words->layout.rows[r];
    for (size_t i = 0, end = 0; i < row->count; i = end + 1) {
        for (end = i; end < row->count && is_id_glyph(&row->glyphs[end]) &&
                      (end == i || row->glyphs[end].x1 - row->glyphs[end - 1].x2 <=
                                       words->layout.size * ALIGNED);)
            end++;
        if (end - i < ID_LEAST || end - i > ID_MOST || row->glyphs[i].x1 < mark->x2 - 1) continue;
        if (touches_text(row, i, end, words->layout.size)) continue;
        const Mark *owner = mark_before(words, r, i);
        bool own = owner == NULL || owner->label == LABEL_TAX_ID;
        if (own && row->glyphs[i].x1 < wall) return (Piece){row, i, end};
    }
    return (Piece){};
}

Err read_pdf_cell_id(Cx *cx, const PageWords *words, const Mark *mark, Slice *ret_id)
{
    const Layout *layout = &words->layout;
    float wall = wall_of(words, mark), nearest = layout->size * ID_NEAR;
    Piece best = {};
    for (size_t r = 0; r < layout->row_count; r++) {
        float away = fabsf(row_middle(&layout->rows[r]) - mark_middle(mark));
        Piece piece = away < nearest ? id_in(words, r, mark, wall) : (Piece){};
        if (piece.row == NULL) continue;
        nearest = away;
        best = piece;
    }
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (size_t i = best.from; i < best.to; i++) {
        char bytes[4];
        text_add(&text, (Slice){bytes, utf8_put(best.row->glyphs[i].fold, bytes)});
    }
    return text_done(cx, &text, ret_id);
}
