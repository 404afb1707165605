#include "read/read_ofd_lines.h"

#include <stdlib.h>

#include "read/read_ofd_join.h"
#include "read/read_put.h"

#define ROW_UM 1500 // cells of one row differ less in height, rows differ more

static int by_place(const void *a, const void *b)
{
    const Cell *p = a, *q = b;
    if (p->page != q->page) return p->page < q->page ? -1 : 1;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return 0;
}

// Of ASCII, or as wide as a Chinese character.
static bool has_digit(Slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        bool wide = slice_starts(slice_sub(text, i, 3), SLICE("\xEF\xBC"));
        size_t last = wide ? i + 2 : i;
        uint8_t zero = wide ? 0x90 : '0';
        if (last >= text.size) break;
        uint8_t digit = (uint8_t)text.data[last];
        if (digit >= zero && digit <= zero + 9) return true;
    }
    return false;
}

static Slice *line_text(Line *line, Column column)
{
    switch (column) {
    case COLUMN_NAME:
        return &line->name;
    case COLUMN_SPEC:
        return &line->spec;
    case COLUMN_UNIT:
        return &line->unit;
    case COLUMN_QUANTITY:
        return &line->quantity;
    case COLUMN_PRICE:
        return &line->price;
    case COLUMN_AMOUNT:
        return &line->amount;
    case COLUMN_RATE:
        return &line->tax_rate;
    case COLUMN_TAX:
        return &line->tax;
    case COLUMN_OTHER:
    case COLUMN_COUNT:
        break;
    }
    return NULL;
}

// All cells of one column, joined.
static void gather(Cx *cx, const Cell *cells, size_t count, Column column, Slice *ret_text)
{
    OfdJoin join = read_ofd_join_open(cx);
    const Cell *last = NULL;
    for (size_t i = 0; i < count; i++) {
        const Cell *cell = &cells[i];
        if (cell->column != column) continue;
        bool below = last != NULL && last->page == cell->page && cell->y - last->y > ROW_UM;
        if (below) read_ofd_join_row(&join, last->room, cell->text, cell->wide);
        read_ofd_join_add(&join, cell->text);
        last = cell;
    }
    *ret_text = read_ofd_join_text(&join);
}

static Err add_line(Cx *cx, const Cell *cells, size_t count, Draft *draft)
{
    Line *line = NULL;
    TRY(draft_add_line(cx, draft, &line));
    for (unsigned i = 0; i < COLUMN_OTHER; i++)
        gather(cx, cells, count, (Column)i, line_text(line, (Column)i));
    return draft_tidy_line(cx, draft, draft->line_count - 1);
}

Err read_ofd_lines(Cx *cx, Cell *cells, size_t count, Draft *draft)
{
    if (count == 0) return ERR_OK;
    qsort(cells, count, sizeof *cells, by_place);
    size_t *starts = arena_try_array(&cx->arena, count + 1, sizeof *starts);
    if (starts == NULL) return err_set(cx, ERR_LIMIT, "no room for the lines");
    size_t lines = 0, low = 0;
    for (size_t i = 0; i < count; i++) {
        if (cells[i].column != COLUMN_AMOUNT || !has_digit(cells[i].text)) continue;
        // A ¥ and its digits are two cells of one row.
        if (lines > 0) {
            const Cell *last = &cells[starts[lines - 1]];
            if (last->page == cells[i].page && cells[i].y - last->y < 2 * ROW_UM) continue;
        }
        // The row begins with whatever stands at its height, left of the amount.
        while (low < i && (cells[low].page != cells[i].page || cells[low].y < cells[i].y - ROW_UM))
            low++;
        starts[lines++] = low;
        low = i + 1;
    }
    starts[lines] = count;
    for (size_t i = 0; i < lines; i++)
        TRY(add_line(cx, cells + starts[i], starts[i + 1] - starts[i], draft));
    return ERR_OK;
}

bool read_ofd_lines_is_pointer(Slice name)
{
    return name.size < 60 && slice_find(name, SLICE("详见")) != SLICE_NONE &&
           slice_find(name, SLICE("清单")) != SLICE_NONE;
}

void read_ofd_lines_drop_pointer(Draft *draft)
{
    if (draft->line_count < 2 || !read_ofd_lines_is_pointer(draft->lines[0].name)) return;
    draft->lines++;
    draft->line_count--;
    draft->line_room--;
}
