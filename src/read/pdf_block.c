#include "read/pdf_block.h"

#include <math.h>

#include "base/text.h"

#define RECORD_MAX 12   // rows of one record
#define ROW_MOST   1.7f // heights between two rows of one text
#define CENTRED    1.5f // points between the middles of a record's cells

size_t pdf_block_add(Block *block, float x1, float x2)
{
    if (block->count == PDF_COLUMNS_MAX) return PDF_COLUMNS_MAX;
    size_t at = block->count++;
    for (; at > 0 && block->columns[at - 1].x1 > x1; at--)
        block->columns[at] = block->columns[at - 1];
    block->columns[at] = (Column){.label = LABEL_OTHER, .x1 = x1, .x2 = x2};
    return at;
}

static ColumnCell cell_of(const Block *block, size_t row, size_t column)
{
    return pdf_columns_cell(&block->rows[row], block->edges, column);
}

static float wide_of(const Block *block, size_t row, size_t column)
{
    ColumnCell cell = cell_of(block, row, column);
    const LayoutGlyph *glyphs = block->rows[row].row->glyphs;
    return cell.from == cell.to ? 0 : glyphs[cell.to - 1].x2 - glyphs[cell.from].x1;
}

void pdf_block_settle(Block *block)
{
    pdf_columns_edges(block->columns, block->count, block->rows, block->row_count, block->edges);
    for (size_t k = 0; k < block->count; k++)
        for (size_t r = 0; r < block->row_count; r++)
            block->wide[k] = fmaxf(block->wide[k], wide_of(block, r, k));
}

static float middle(const Block *block, size_t row)
{
    return (block->rows[row].row->y1 + block->rows[row].row->y2) / 2;
}

// A cell of rows [first, end): where its text begins and ends, and how many rows it has.
typedef struct Tall {
    size_t first, last, rows;
} Tall;

// Whether the text in row `below` can go on with the one in row `above` of the same column.
static bool goes_on(const Block *block, size_t above, size_t below, size_t column)
{
    const LayoutGlyph *glyphs = block->rows[below].row->glyphs;
    const LayoutGlyph *glyph = &glyphs[cell_of(block, below, column).from];
    float down = middle(block, below) - middle(block, above);
    return down < (glyph->y2 - glyph->y1) * ROW_MOST &&
           wide_of(block, above, column) + glyph->x2 - glyph->x1 >= block->wide[column];
}

// False when the column's texts in these rows are not one.
static bool tall_of(const Block *block, size_t first, size_t end, size_t column, Tall *ret)
{
    *ret = (Tall){};
    for (size_t r = first; r < end; r++) {
        if (wide_of(block, r, column) == 0) continue;
        if (ret->rows > 0 && !goes_on(block, ret->last, r, column)) return false;
        if (ret->rows++ == 0) ret->first = r;
        ret->last = r;
    }
    return true;
}

static bool is_record(const Block *block, size_t first, size_t end)
{
    float y = NAN;
    bool top = true, centred = true, single = false;
    for (size_t k = 0; k < block->count; k++) {
        Tall tall = {};
        if (!tall_of(block, first, end, k, &tall)) return false;
        if (tall.rows == 0) continue;
        float own = (middle(block, tall.first) + middle(block, tall.last)) / 2;
        if (isnan(y)) y = own;
        top = top && tall.first == first;
        centred = centred && fabsf(own - y) < CENTRED;
        single = single || tall.rows == 1;
    }
    return single && (top || centred);
}

size_t pdf_block_record_end(const Block *block, size_t first)
{
    size_t most = block->row_count - first < RECORD_MAX ? block->row_count - first : RECORD_MAX;
    for (size_t rows = most; rows > 1; rows--)
        if (is_record(block, first, first + rows)) return first + rows;
    return first + 1;
}

Err pdf_block_text(Cx *cx, const Block *block, size_t from, size_t to, size_t column,
                   Slice *ret_text)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (size_t r = from; r < to; r++) {
        ColumnCell cell = cell_of(block, r, column);
        Slice part = {};
        TRY(pdf_layout_text(cx, block->rows[r].row, cell.from, cell.to, &part));
        if (text.size + part.size <= LIMIT_FIELD_BYTES) text_add(&text, part);
    }
    return text_done(cx, &text, ret_text);
}
