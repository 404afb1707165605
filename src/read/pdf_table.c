#include "read/pdf_table.h"

#include <math.h>

#include "base/text.h"
#include "base/utf8.h"
#include "read/pdf_words.h"

#define CENTRED     1.5f // points between the middles of a line's numbers and texts
#define HEADING_GAP 1.0f // heights between two headings that we have no name for
#define TALL_REACH  0.8f // heights from the headings' row to one above or below it
#define SPREAD_GAP  3.0f // … between the two characters of one
#define TOKENS_MAX  64   // looked at in a row

typedef struct Token {
    size_t from, to; // glyphs of the row
    float x1, x2;
    Slice text;
} Token;

// A row's part of a text.
typedef struct Part {
    Slice text;
    size_t from, to; // its glyphs; to = 0 without any
} Part;

// One row of the table as taken apart.
typedef struct Cells {
    const LayoutRow *row;
    size_t text_end; // glyphs before it are name, specification, unit
    bool anchor;     // has an amount: a line begins or stands here
    bool star;       // its name begins with "*简称*"
    Slice quantity, price, amount, rate, tax;
    Part name, spec, unit, other; // other: of the column that is asked for
} Cells;

// The table's rows taken apart, and the line that each belongs to.
typedef struct Grid {
    Cells *rows;
    size_t *lines;
    size_t count, line_count;
    float size; // of characters
} Grid;

// ---- finding the table

static void add_column(Table *table, Label label, float x1, float x2)
{
    if (table->column_count == PDF_COLUMNS_MAX) return;
    size_t at = table->column_count++;
    for (; at > 0 && table->columns[at - 1].x1 > x1; at--)
        table->columns[at] = table->columns[at - 1];
    table->columns[at] = (Column){.label = label, .x1 = x1, .x2 = x2};
}

static float gap_before(const LayoutRow *row, size_t at)
{
    bool out = at >= row->count || row->glyphs[at].label;
    return out ? INFINITY : row->glyphs[at].x1 - row->glyphs[at - 1].x2;
}

static void other_headings(const LayoutRow *row, float size, Table *table)
{
    for (size_t i = 0, end = 0; i < row->count; i = end) {
        end = i + 1;
        if (row->glyphs[i].label) continue;
        while (gap_before(row, end) < size * HEADING_GAP)
            end++;
        // Two characters that stand alone are one heading, spread: 类  型.
        bool alone = end == i + 1 && gap_before(row, end + 1) >= size * HEADING_GAP;
        if (alone && gap_before(row, end) < size * SPREAD_GAP) end++;
        add_column(table, LABEL_OTHER, row->glyphs[i].x1, row->glyphs[end - 1].x2);
    }
}

static float row_middle(const LayoutRow *row)
{
    return (row->y1 + row->y2) / 2;
}

static bool has_column(const Table *table, float x1, float x2)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].x1 < x2 && x1 < table->columns[i].x2) return true;
    return false;
}

static size_t piece_end(const LayoutRow *row, size_t from, float size)
{
    size_t end = from + 1;
    while (end < row->count && row->glyphs[end].x1 - row->glyphs[end - 1].x2 < size)
        end++;
    return end;
}

// Headings of two rows, above and below the middle of the others: 产权证书/不动产 over 权证号.
static void tall_headings(const Layout *layout, Table *table)
{
    const LayoutRow *row = &layout->rows[table->head_row], *above = row - 1, *below = row + 1;
    float reach = layout->size * TALL_REACH;
    if (table->head_row == 0 || table->head_row + 1 >= layout->row_count) return;
    if (row_middle(row) - row_middle(above) > reach || row_middle(below) - row_middle(row) > reach)
        return;
    for (size_t i = 0, end = 0; i < below->count; i = end) {
        end = piece_end(below, i, layout->size);
        float x1 = below->glyphs[i].x1, x2 = below->glyphs[end - 1].x2;
        if (has_column(table, x1, x2)) continue;
        for (size_t k = 0, last = 0; k < above->count; k = last + 1) {
            last = piece_end(above, k, layout->size) - 1;
            const LayoutGlyph *glyphs = above->glyphs;
            if (glyphs[k].x1 < x2 && x1 < glyphs[last].x2)
                add_column(table, LABEL_OTHER, fminf(x1, glyphs[k].x1), fmaxf(x2, glyphs[last].x2));
        }
    }
    table->first_row = table->head_row + 2;
}

const Column *pdf_table_column(const Table *table, Label label)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].label == label) return &table->columns[i];
    return NULL;
}

// 合计 may be what an item is called: its row has a rate, and the row of the sums comes after it.
static bool is_line(const Layout *layout, const Marks *marks, const Table *table, size_t at)
{
    const LayoutRow *row = &layout->rows[marks->items[at].row];
    const Column *amount = pdf_table_column(table, LABEL_AMOUNT);
    bool rate = false, later = false;
    for (size_t i = 0; i < row->count; i++) {
        uint32_t code = row->glyphs[i].fold;
        bool says = code == '%' || code == 0x7a0e; // 税 of 免税 and 不征税
        rate = rate || (says && row->glyphs[i].x1 > amount->x2);
    }
    for (size_t i = at + 1; i < marks->count && marks->items[i].label != LABEL_WORDS; i++)
        later = later ||
                (marks->items[i].label == LABEL_SUM && marks->items[i].row > marks->items[at].row);
    return rate && later;
}

static Table table_at(const Layout *layout, const Marks *marks, size_t row)
{
    Table table = {.head_row = row, .first_row = row + 1, .end_row = layout->row_count};
    for (size_t i = 0; i < marks->count; i++) {
        const Mark *mark = &marks->items[i];
        if (mark->row == row) add_column(&table, mark->label, mark->x1, mark->x2);
    }
    const Column *item = pdf_table_column(&table, LABEL_ITEM);
    const Column *amount = pdf_table_column(&table, LABEL_AMOUNT);
    bool rate = pdf_table_column(&table, LABEL_RATE) != NULL;
    bool tax = pdf_table_column(&table, LABEL_TAX) != NULL;
    if (item == NULL || amount == NULL || !(rate || tax)) return table;
    other_headings(&layout->rows[row], layout->size, &table);
    tall_headings(layout, &table);
    for (size_t i = 0; i < marks->count; i++) {
        const Mark *mark = &marks->items[i];
        bool ends = mark->label == LABEL_SUM || mark->label == LABEL_SUBTOTAL ||
                    mark->label == LABEL_WORDS || mark->label == LABEL_EXTRA ||
                    mark->label == LABEL_ISSUER || mark->label == LABEL_DATE;
        if (!ends || mark->row <= row || mark->row >= table.end_row) continue;
        if (mark->label == LABEL_SUM && is_line(layout, marks, &table, i)) continue;
        table.end_row = mark->row;
    }
    table.known = true;
    return table;
}

Table pdf_table(const Layout *layout, const Marks *marks)
{
    for (size_t i = 0; i < marks->count; i++) {
        if (marks->items[i].label != LABEL_AMOUNT) continue;
        Table table = table_at(layout, marks, marks->items[i].row);
        if (table.known) return table;
    }
    return (Table){};
}

// ---- words

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Without marks of currency in front.
static Slice bare(Slice text)
{
    static const Slice marks[] = {SLICE("¥"), SLICE("￥"), SLICE("CNY"), SLICE(" "),
                                  SLICE("\\")}; // the last shares its place with ¥ in some fonts
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (slice_starts(text, marks[i]))
            return bare(slice_sub(text, marks[i].size, text.size - marks[i].size));
    return text;
}

static bool is_number(Slice text, size_t decimals_max)
{
    Slice s = bare(text);
    if (slice_starts(s, SLICE("-"))) s = bare(slice_sub(s, 1, s.size - 1));
    size_t digits = 0, decimals = 0;
    bool point = false;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '.' && !point) {
            point = true;
        } else if (is_digit(s.data[i])) {
            digits++;
            if (point) decimals++;
        } else if (s.data[i] != ',' || point || digits == 0) {
            return false;
        }
    }
    return digits > 0 && decimals <= decimals_max;
}

bool pdf_table_is_money(Slice text)
{
    return is_number(text, 2);
}

static bool is_stars(Slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != '*') return false;
    return text.size > 0;
}

static bool is_rate(Slice text)
{
    static const Slice words[] = {SLICE("免税"),       SLICE("不征税"),     SLICE("零税率"),
                                  SLICE("出口零税率"), SLICE("普通零税率"), SLICE("免征")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (slice_equal(text, words[i])) return true;
    if (slice_ends(text, SLICE("%"))) return is_number(slice_sub(text, 0, text.size - 1), 4);
    return is_stars(text);
}

static Err folded(Cx *cx, const LayoutRow *row, size_t from, size_t to, Slice *ret)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (size_t i = from; i < to && text.size + 4 <= LIMIT_FIELD_BYTES; i++) {
        char bytes[4];
        text_add(&text, (Slice){bytes, utf8_put(row->glyphs[i].fold, bytes)});
    }
    return text_done(cx, &text, ret);
}

// The last TOKENS_MAX words of the row from glyph `from` on, half-width.
static Err tokens_of(Cx *cx, const LayoutRow *row, size_t from, Token *tokens, size_t *ret_count)
{
    size_t starts = 0, count = 0;
    for (size_t i = from; i < row->count; i++)
        if (i == from || pdf_columns_word_starts(row, i)) starts++;
    for (size_t i = from, end = from; i < row->count; i = end, starts--) {
        for (end = i + 1; end < row->count && !pdf_columns_word_starts(row, end);)
            end++;
        if (starts > TOKENS_MAX) continue;
        Token *token = &tokens[count++];
        *token =
            (Token){.from = i, .to = end, .x1 = row->glyphs[i].x1, .x2 = row->glyphs[end - 1].x2};
        TRY(folded(cx, row, i, end, &token->text));
    }
    *ret_count = count;
    return ERR_OK;
}

// ---- a row, from its right end

static float away(const Token *token, const Column *column)
{
    if (column == NULL) return INFINITY;
    return fmaxf(0, fmaxf(column->x1 - token->x2, token->x1 - column->x2));
}

// Index of the rate, or count. Stars alone are the tax when they stand under it.
static size_t rate_token(const Table *table, const Token *tokens, size_t count)
{
    const Column *amount = pdf_table_column(table, LABEL_AMOUNT);
    const Column *rate = pdf_table_column(table, LABEL_RATE);
    const Column *tax = pdf_table_column(table, LABEL_TAX);
    for (size_t i = 0; i < count; i++) {
        if (!is_rate(tokens[i].text) || tokens[i].x2 < amount->x1) continue;
        if (is_stars(tokens[i].text) && away(&tokens[i], tax) < away(&tokens[i], rate)) continue;
        return i;
    }
    return count;
}

// The amount: what stands before the rate, else the number nearest to its heading.
static size_t amount_token(const Table *table, const Token *tokens, size_t count, size_t rate)
{
    const Column *amount = pdf_table_column(table, LABEL_AMOUNT);
    size_t best = count;
    for (size_t i = 0; i < rate; i++) {
        bool right = tokens[i].x2 > amount->x1 - (amount->x2 - amount->x1);
        if (!pdf_table_is_money(tokens[i].text) || !right) continue;
        if (best == count || rate < count || away(&tokens[i], amount) < away(&tokens[best], amount))
            best = i;
    }
    return best;
}

// Price and quantity, in the order of their headings: up to two numbers left of the amount and
// right of the texts' headings.
static size_t price_tokens(const Table *table, const Token *tokens, size_t amount, Cells *cells)
{
    const Column *quantity = pdf_table_column(table, LABEL_QUANTITY);
    const Column *price = pdf_table_column(table, LABEL_PRICE);
    const Column *unit = pdf_table_column(table, LABEL_UNIT);
    if (quantity == NULL && price == NULL) return amount;
    bool swapped = quantity != NULL && price != NULL && price->x1 < quantity->x1;
    const Column *first = quantity == NULL || swapped ? price : quantity;
    float left = unit != NULL && unit->x2 < first->x1 ? unit->x2 : first->x1 - 20;
    size_t at = amount;
    while (at > 0 && amount - at < 2 && is_number(tokens[at - 1].text, SIZE_MAX) &&
           (tokens[at - 1].x1 + tokens[at - 1].x2) / 2 > left)
        at--;
    if (amount - at == 2) {
        cells->quantity = tokens[swapped ? at + 1 : at].text;
        cells->price = tokens[swapped ? at : at + 1].text;
    } else if (amount - at == 1 && away(&tokens[at], quantity) <= away(&tokens[at], price)) {
        cells->quantity = tokens[at].text;
    } else if (amount - at == 1) {
        cells->price = tokens[at].text;
    }
    return at;
}

// A quantity so long that it touches the unit before it: digits that end under their own heading,
// after a character under the unit's.
static Err touching_quantity(Cx *cx, const Table *table, Cells *cells)
{
    const Column *quantity = pdf_table_column(table, LABEL_QUANTITY);
    const Column *unit = pdf_table_column(table, LABEL_UNIT);
    const LayoutGlyph *glyphs = cells->row->glyphs;
    size_t end = cells->text_end, from = end;
    if (quantity == NULL || unit == NULL || cells->quantity.size > 0) return ERR_OK;
    while (from > 0 && (from == end || !pdf_columns_word_starts(cells->row, from)) &&
           ((glyphs[from - 1].fold >= '0' && glyphs[from - 1].fold <= '9') ||
            glyphs[from - 1].fold == '.'))
        from--;
    if (from == end || from == 0 || pdf_columns_word_starts(cells->row, from)) return ERR_OK;
    bool is_quantity =
        glyphs[end - 1].x2 > quantity->x1 && (glyphs[from].x1 + glyphs[end - 1].x2) / 2 > unit->x2;
    bool is_unit = glyphs[from - 1].x2 > unit->x1 && glyphs[from - 1].x1 < quantity->x1;
    Slice text = {};
    if (!is_quantity || !is_unit) return ERR_OK;
    TRY(folded(cx, cells->row, from, end, &text));
    if (!is_number(text, SIZE_MAX)) return ERR_OK;
    cells->quantity = text;
    cells->text_end = from;
    return ERR_OK;
}

static void tax_token(const Table *table, const Token *tokens, size_t count, size_t rate,
                      size_t amount, Cells *cells)
{
    const Column *tax = pdf_table_column(table, LABEL_TAX);
    size_t from = rate < count ? rate + 1 : amount + 1;
    for (size_t i = from; i < count; i++) {
        if (!pdf_table_is_money(tokens[i].text) && !is_stars(tokens[i].text)) continue;
        if (tax != NULL) cells->tax = tokens[i].text;
        return;
    }
}

static Err read_row(Cx *cx, const Table *table, const LayoutRow *row, Cells *ret)
{
    Cells cells = {.row = row};
    Token tokens[TOKENS_MAX];
    size_t count = 0;
    TRY(tokens_of(cx, row, 0, tokens, &count));
    size_t rate = rate_token(table, tokens, count);
    size_t amount = amount_token(table, tokens, count, rate);
    cells.anchor = amount < count;
    if (cells.anchor) {
        cells.amount = bare(tokens[amount].text);
        if (rate < count) cells.rate = tokens[rate].text;
        tax_token(table, tokens, count, rate, amount, &cells);
        size_t first = price_tokens(table, tokens, amount, &cells);
        cells.text_end = tokens[first].from;
        TRY(touching_quantity(cx, table, &cells));
    } else {
        // A name that goes on: everything left of the numbers' first heading.
        float edge = INFINITY;
        for (size_t i = 0; i < table->column_count; i++)
            if (table->columns[i].label >= LABEL_QUANTITY && table->columns[i].label <= LABEL_TAX)
                edge = fminf(edge, table->columns[i].x1);
        while (cells.text_end < row->count && row->glyphs[cells.text_end].x1 < edge)
            cells.text_end++;
    }
    *ret = cells;
    return ERR_OK;
}

// ---- texts

static bool starts_with_class(Slice name)
{
    // "*简称*": at most some twenty characters between the stars.
    if (!slice_starts(name, SLICE("*"))) return false;
    size_t second = slice_find(slice_sub(name, 1, 80), SLICE("*"));
    return second != SLICE_NONE && second > 0;
}

static Part *part_of(Cells *cells, Label label)
{
    if (label == LABEL_ITEM) return &cells->name;
    if (label == LABEL_SPEC) return &cells->spec;
    return label == LABEL_UNIT ? &cells->unit : &cells->other;
}

// The texts of all columns that a line knows, and of `other` unless that is NULL.
static Err split_texts(Cx *cx, const Table *table, const Column *other, Cells *rows, size_t count)
{
    size_t texts = 0;
    while (texts < table->column_count && !(table->columns[texts].label >= LABEL_QUANTITY &&
                                            table->columns[texts].label <= LABEL_TAX))
        texts++;
    float edges[PDF_COLUMNS_MAX + 1];
    TextRow *printed = arena_try_array(&cx->arena, count, sizeof *printed);
    if (printed == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    for (size_t r = 0; r < count; r++)
        printed[r] = (TextRow){rows[r].row, rows[r].text_end, rows[r].anchor};
    pdf_columns_edges(table->columns, texts, printed, count, edges);
    for (size_t r = 0; r < count; r++) {
        for (size_t k = 0; k < texts; k++) {
            const Column *column = &table->columns[k];
            bool known = column->label >= LABEL_ITEM && column->label <= LABEL_UNIT;
            ColumnCell cell = pdf_columns_cell(&printed[r], edges, k);
            if ((!known && column != other) || cell.from == cell.to) continue;
            Part *part = part_of(&rows[r], column->label);
            *part = (Part){.from = cell.from, .to = cell.to};
            TRY(pdf_layout_text(cx, rows[r].row, cell.from, cell.to, &part->text));
        }
        rows[r].star = starts_with_class(rows[r].name.text);
    }
    return ERR_OK;
}

// ---- lines

static Err append(Cx *cx, Slice *text, Slice more, bool space)
{
    if (more.size == 0 || text->size + more.size >= LIMIT_FIELD_BYTES) return ERR_OK;
    Text joined = text_open(cx, LIMIT_FIELD_BYTES);
    text_add(&joined, *text);
    if (space && text->size > 0) text_byte(&joined, ' ');
    text_add(&joined, more);
    return text_done(cx, &joined, text);
}

// The row behind the line that begins in row `from`, when its numbers stand in the middle of it: as
// far below them as it begins above them. `from` when they don't.
static size_t centred_end(const Cells *rows, size_t count, size_t from)
{
    size_t anchor = from, stars = 0, end = from;
    while (anchor < count && !rows[anchor].anchor)
        anchor++;
    if (anchor == count) return from;
    float bottom = 2 * row_middle(rows[anchor].row) - row_middle(rows[from].row);
    for (; end < count && row_middle(rows[end].row) < bottom + CENTRED; end++) {
        if (rows[end].anchor && end != anchor) return from;
        stars += rows[end].star;
    }
    return stars == 1 && fabsf(row_middle(rows[end - 1].row) - bottom) < CENTRED ? end : from;
}

// Lines whose numbers stand in their middle, beside texts that begin above them. False, and nothing
// is said, when not all of them are so.
static bool assign_centred(const Cells *rows, size_t count, size_t *lines)
{
    if (count == 0 || rows[0].anchor) return false;
    size_t end = 0;
    for (size_t from = 0; from < count; from = end)
        if ((end = centred_end(rows, count, from)) == from) return false;
    for (size_t from = 0, line = 0; from < count; from = end, line++) {
        end = centred_end(rows, count, from);
        for (size_t r = from; r < end; r++)
            lines[r] = line;
    }
    return true;
}

// Which line each row's texts belong to. Names are broken over rows, and the numbers stand in the
// first or in the middle one: where every line's name begins with its class, that tells.
static void assign(const Cells *rows, size_t count, size_t *lines)
{
    if (assign_centred(rows, count, lines)) return;
    size_t anchors = 0, stars = 0;
    for (size_t r = 0; r < count; r++) {
        anchors += rows[r].anchor;
        stars += rows[r].star;
    }
    bool by_star = stars == anchors;
    size_t seen = 0;
    for (size_t r = 0; r < count; r++) {
        if (by_star ? rows[r].star : rows[r].anchor) seen++;
        lines[r] = seen == 0 ? 0 : seen - 1;
    }
}

// How far right the texts of a column go: as far as one does, and to the right side of their cell,
// in whose middle the heading stands, where a text begins left of it. Names have nothing left.
static float text_edge(const Table *table, const Grid *grid, const Column *column)
{
    float left = INFINITY, right = 0;
    for (size_t r = 0; r < grid->count; r++) {
        const Part *part = part_of(&grid->rows[r], column->label);
        if (part->to == 0) continue;
        left = fminf(left, grid->rows[r].row->glyphs[part->from].x1);
        right = fmaxf(right, grid->rows[r].row->glyphs[part->to - 1].x2);
    }
    bool known = column->label != LABEL_ITEM || column == &table->columns[0];
    if (!known || left > column->x1) return right;
    return fmaxf(right, column->x1 + column->x2 - left - grid->size / 2);
}

// Marks the rows whose text goes on from the row before behind a space. One row that was broken at
// a word's end says that all of them were.
static void part_words(const Grid *grid, Label label, float edge, bool *ret_space)
{
    bool words = false;
    for (int step = 0; step < 2; step++)
        for (size_t r = 1; r < grid->count; r++) {
            const Part *above = part_of(&grid->rows[r - 1], label);
            const Part *below = part_of(&grid->rows[r], label);
            if (grid->lines[r] != grid->lines[r - 1] || above->to == 0 || below->to == 0) continue;
            const LayoutRow *row = grid->rows[r - 1].row;
            const LayoutGlyph *last = &row->glyphs[above->to - 1];
            const LayoutGlyph *first = &grid->rows[r].row->glyphs[below->from];
            bool room = pdf_words_had_room(last, first, edge);
            bool whole = pdf_words_begins_within(row, above->from, above->to);
            words = words || room;
            ret_space[r] = pdf_words_may_part(last, first) && (room || (words && whole));
        }
}

// What each line says in that column; NULL for a table that has none such.
static Err column_texts(Cx *cx, const Table *table, const Grid *grid, const Column *column,
                        Slice **ret_texts)
{
    bool *space = arena_try_array(&cx->arena, grid->count, sizeof *space);
    Slice *texts = arena_try_array(&cx->arena, grid->line_count, sizeof *texts);
    if (space == NULL || texts == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    *ret_texts = texts;
    if (column == NULL) return ERR_OK;
    part_words(grid, column->label, text_edge(table, grid, column), space);
    for (size_t r = 0; r < grid->count; r++)
        TRY(append(cx, &texts[grid->lines[r]], part_of(&grid->rows[r], column->label)->text,
                   space[r]));
    return ERR_OK;
}

// The rows of the table taken apart; `line_count` is 0 when they make no line.
static Err grid_of(Cx *cx, const Layout *layout, const Table *table, const Column *other,
                   Grid *ret_grid)
{
    Grid grid = {.size = layout->size};
    *ret_grid = grid;
    if (!table->known || table->end_row <= table->first_row) return ERR_OK;
    grid.count = table->end_row - table->first_row;
    grid.rows = arena_try_array(&cx->arena, grid.count, sizeof *grid.rows);
    grid.lines = arena_try_array(&cx->arena, grid.count, sizeof *grid.lines);
    if (grid.rows == NULL || grid.lines == NULL)
        return err_set(cx, ERR_LIMIT, "page text does not fit");
    for (size_t r = 0; r < grid.count; r++) {
        TRY(read_row(cx, table, &layout->rows[table->first_row + r], &grid.rows[r]));
        grid.line_count += grid.rows[r].anchor;
    }
    TRY(split_texts(cx, table, other, grid.rows, grid.count));
    assign(grid.rows, grid.count, grid.lines);
    *ret_grid = grid;
    return ERR_OK;
}

Err pdf_table_texts(Cx *cx, const Layout *layout, const Table *table, const Column *column,
                    Slice **ret_texts, size_t *ret_count)
{
    Grid grid = {};
    TRY(grid_of(cx, layout, table, column, &grid));
    *ret_count = grid.line_count;
    return grid.line_count == 0 ? ERR_OK : column_texts(cx, table, &grid, column, ret_texts);
}

static Err add_lines(Cx *cx, const Table *table, const Grid *grid, Draft *draft)
{
    Slice *names = NULL, *specs = NULL, *units = NULL;
    TRY(column_texts(cx, table, grid, pdf_table_column(table, LABEL_ITEM), &names));
    TRY(column_texts(cx, table, grid, pdf_table_column(table, LABEL_SPEC), &specs));
    TRY(column_texts(cx, table, grid, pdf_table_column(table, LABEL_UNIT), &units));
    for (size_t r = 0, at = 0; r < grid->count; r++) {
        const Cells *cells = &grid->rows[r];
        if (!cells->anchor) continue;
        Line *line = NULL;
        TRY(draft_add_line(cx, draft, &line));
        *line = (Line){.name = names[at],
                       .spec = specs[at],
                       .unit = units[at],
                       .quantity = bare(cells->quantity),
                       .price = bare(cells->price),
                       .amount = cells->amount,
                       .tax_rate = cells->rate,
                       .tax = cells->tax};
        at++;
    }
    return ERR_OK;
}

Err pdf_table_lines(Cx *cx, const Layout *layout, const Table *table, Draft *draft)
{
    size_t first = draft->line_count;
    Grid grid = {};
    TRY(grid_of(cx, layout, table, NULL, &grid));
    if (grid.line_count == 0) return ERR_OK;
    TRY(add_lines(cx, table, &grid, draft));
    for (size_t i = first; i < draft->line_count; i++)
        TRY(draft_tidy_line(cx, draft, i));
    return ERR_OK;
}

// The word nearest to the column among those that may be a sum; `not` is taken already.
static size_t nearest(const Token *tokens, const size_t *found, size_t count, const Column *column,
                      size_t not )
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (found[i] == not ) continue;
        if (best == SIZE_MAX || away(&tokens[found[i]], column) < away(&tokens[best], column))
            best = found[i];
    }
    return best;
}

Err pdf_table_sums(Cx *cx, const Layout *layout, const Table *table, size_t row, size_t from,
                   Slice *ret_amount, Slice *ret_tax)
{
    Token tokens[TOKENS_MAX];
    size_t count = 0, found[TOKENS_MAX], sums = 0;
    TRY(tokens_of(cx, &layout->rows[row], from, tokens, &count));
    for (size_t i = 0; i < count; i++)
        if (pdf_table_is_money(tokens[i].text) || is_stars(tokens[i].text)) found[sums++] = i;
    *ret_amount = *ret_tax = (Slice){};
    if (sums == 0) return ERR_OK;
    const Column *amount = pdf_table_column(table, LABEL_AMOUNT);
    const Column *tax = pdf_table_column(table, LABEL_TAX);
    if (sums == 1) {
        bool is_tax = away(&tokens[found[0]], tax) < away(&tokens[found[0]], amount);
        *(is_tax ? ret_tax : ret_amount) = bare(tokens[found[0]].text);
        return ERR_OK;
    }
    // Two are amount and tax; of more, a sum of quantities may stand in front.
    size_t first = found[0], second = found[1];
    if (sums > 2) {
        second = nearest(tokens, found, sums, tax, SIZE_MAX);
        first = nearest(tokens, found, sums, amount, second);
    }
    *ret_amount = bare(tokens[first].text);
    *ret_tax = bare(tokens[second].text);
    return ERR_OK;
}
