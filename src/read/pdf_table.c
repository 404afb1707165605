#include "read/pdf_table.h"

#include <math.h>

#include "base/text.h"
#include "base/utf8.h"
#include "read/pdf_words.h"

#define TOKEN_GAP    0.2f // heights between two words of a row
#define HEADING_GAP  1.0f // heights between two headings that we have no name for
#define TOKENS_MAX   64   // looked at in a row
#define PROFILE_SIZE 2048 // points across a page
#define ALIGNED      1.0f // points between the left ends of texts in one column
#define CENTRED      4.0f // points that texts begin left of a heading in the middle of its cell
#define FULL_GAP     1.2f // heights: no further character had room in the column

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
    Part name, spec, unit;
} Cells;

// ---- finding the table

static void add_column(Table *table, Label label, float x1, float x2)
{
    if (table->column_count == PDF_TABLE_COLUMNS) return;
    size_t at = table->column_count++;
    for (; at > 0 && table->columns[at - 1].x1 > x1; at--)
        table->columns[at] = table->columns[at - 1];
    table->columns[at] = (Column){.label = label, .x1 = x1, .x2 = x2};
}

static void other_headings(const LayoutRow *row, float size, Table *table)
{
    for (size_t i = 0; i < row->count;) {
        if (row->glyphs[i].label) {
            i++;
            continue;
        }
        size_t end = i + 1;
        while (end < row->count && !row->glyphs[end].label &&
               row->glyphs[end].x1 - row->glyphs[end - 1].x2 < size * HEADING_GAP)
            end++;
        add_column(table, LABEL_OTHER, row->glyphs[i].x1, row->glyphs[end - 1].x2);
        i = end;
    }
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
    Table table = {.first_row = row + 1, .end_row = layout->row_count};
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

static bool token_starts(const LayoutRow *row, size_t i)
{
    const LayoutGlyph *glyph = &row->glyphs[i], *before = &row->glyphs[i - 1];
    float size = fmaxf(glyph->y2 - glyph->y1, 1);
    bool number = (before->fold >= '0' && before->fold <= '9') || before->fold == '%';
    bool han = glyph->fold >= 0x3400 && glyph->fold <= 0x9fff;
    if (glyph->fold == '%' && number) return false;
    return glyph->space_before || glyph->x1 - before->x2 > size * TOKEN_GAP || (number && han);
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
        if (i == from || token_starts(row, i)) starts++;
    for (size_t i = from, end = from; i < row->count; i = end, starts--) {
        for (end = i + 1; end < row->count && !token_starts(row, end);)
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

// Price and quantity: up to two numbers left of the amount and right of the texts' headings.
static size_t price_tokens(const Table *table, const Token *tokens, size_t amount, Cells *cells)
{
    const Column *quantity = pdf_table_column(table, LABEL_QUANTITY);
    const Column *price = pdf_table_column(table, LABEL_PRICE);
    const Column *unit = pdf_table_column(table, LABEL_UNIT);
    if (quantity == NULL && price == NULL) return amount;
    const Column *first = quantity != NULL ? quantity : price;
    float left = unit != NULL && unit->x2 < first->x1 ? unit->x2 : first->x1 - 20;
    size_t at = amount;
    while (at > 0 && amount - at < 2 && is_number(tokens[at - 1].text, SIZE_MAX) &&
           (tokens[at - 1].x1 + tokens[at - 1].x2) / 2 > left)
        at--;
    if (amount - at == 2) {
        cells->quantity = tokens[at].text;
        cells->price = tokens[at + 1].text;
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
    while (from > 0 && (from == end || !token_starts(cells->row, from)) &&
           ((glyphs[from - 1].fold >= '0' && glyphs[from - 1].fold <= '9') ||
            glyphs[from - 1].fold == '.'))
        from--;
    if (from == end || from == 0 || token_starts(cells->row, from)) return ERR_OK;
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

static size_t glyphs_before(const Cells *cells, float edge)
{
    size_t at = 0;
    while (at < cells->text_end &&
           (cells->row->glyphs[at].x1 + cells->row->glyphs[at].x2) / 2 < edge)
        at++;
    return at;
}

// Whether a text fills its column up to `edge` and goes on in the row below, while the texts right
// of the edge all begin at one place: then the column ends there, however near the next one is.
static bool wraps_at(const Cells *rows, size_t count, float edge, const Column *right)
{
    bool wraps = false;
    float begin = 0;
    for (size_t r = 0; r < count; r++) {
        const LayoutGlyph *glyphs = rows[r].row->glyphs;
        size_t split = glyphs_before(&rows[r], edge);
        if (split == 0 || split == rows[r].text_end || glyphs[split].x1 > right->x2) continue;
        if (begin > 0 && fabsf(glyphs[split].x1 - begin) > ALIGNED) return false;
        begin = glyphs[split].x1;
        float size = glyphs[split].y2 - glyphs[split].y1;
        bool full = glyphs[split].x1 - glyphs[split - 1].x2 < size * FULL_GAP;
        const Cells *next = r + 1 < count ? &rows[r + 1] : NULL;
        if (!full || next == NULL || (rows[r].anchor && next->anchor)) continue;
        bool below = glyphs_before(next, edge) > 0 &&
                     fabsf(next->row->glyphs[0].x1 - glyphs[0].x1) <= ALIGNED;
        wraps = wraps || below;
    }
    return wraps;
}

// The right side of the names' cell, as far from its heading's middle as names begin right of
// `edge`; 0 when it can't be told: a heading may stand at the left itself.
static float item_side(const Column *item, float edge, const Cells *rows, size_t count)
{
    float left = INFINITY;
    for (size_t r = 0; r < count; r++) {
        size_t at = glyphs_before(&rows[r], edge);
        if (at < rows[r].text_end) left = fminf(left, rows[r].row->glyphs[at].x1);
    }
    bool centred = item->label == LABEL_ITEM && left < item->x1 - CENTRED;
    return centred ? item->x1 + item->x2 - left : 0;
}

// Where the numbers before the names of a list end (序号): each line begins with digits alone. 0
// when there are none. Short names leave a wider strip behind them than before them.
static float index_edge(const Table *table, const Cells *rows, size_t count)
{
    float right = 0, left = INFINITY;
    if (table->columns[0].label != LABEL_SEQUENCE || table->columns[1].label != LABEL_ITEM)
        return 0;
    for (size_t r = 0; r < count; r++) {
        const LayoutGlyph *glyphs = rows[r].row->glyphs;
        size_t at = 0;
        for (; rows[r].anchor && at < rows[r].text_end; at++) {
            if (at > 0 && token_starts(rows[r].row, at)) break;
            if (glyphs[at].fold < '0' || glyphs[at].fold > '9') return 0;
        }
        if (rows[r].anchor && at == 0) return 0;
        if (at > 0) right = fmaxf(right, glyphs[at - 1].x2);
        if (at < rows[r].text_end) left = fminf(left, glyphs[at].x1);
    }
    return right < left && left < INFINITY ? (right + left) / 2 : 0;
}

// Where one text column ends and the next begins: the widest strip between the middles of their
// headings in which no row prints. Under the right heading itself it is a short text's right side
// rather than its left one: then it is a strip between the headings, if print says so, or the one
// in which the cell's `side` lies (0: unknown).
static float edge_between(const Column *left, const Column *right, float side, const Cells *rows,
                          size_t count)
{
    static const float step = 1;
    bool used[PROFILE_SIZE] = {};
    float from = fmaxf(0, (left->x1 + left->x2) / 2), to = (right->x1 + right->x2) / 2;
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < rows[r].text_end; i++) {
            const LayoutGlyph *glyph = &rows[r].row->glyphs[i];
            float a = fmaxf(glyph->x1, from), b = fminf(glyph->x2, to);
            for (float x = a; x < b && x < PROFILE_SIZE; x += step)
                used[(size_t)x] = true;
        }
    Strip strip = widest(used, from, to, from, to);
    Strip between = widest(used, from, to, left->x2, right->x1);
    // … or at most a little left of it, with no text of the column's own behind.
    bool under = strip.from >= right->x1 || (strip.from >= right->x1 - CENTRED && strip.to >= to);
    bool narrow = under && between.to > between.from;
    bool wraps = narrow && wraps_at(rows, count, (between.from + between.to) / 2, right);
    if (!wraps && narrow && side > 0) between = widest(used, from, to, side - 1, side + 1);
    if (narrow && (wraps || side > 0) && between.to > between.from) strip = between;
    return strip.to > strip.from ? (strip.from + strip.to) / 2 : (from + to) / 2;
}

static Part *text_cell(Cells *cells, Label label)
{
    if (label == LABEL_ITEM) return &cells->name;
    if (label == LABEL_SPEC) return &cells->spec;
    if (label == LABEL_UNIT) return &cells->unit;
    return NULL;
}

static bool starts_with_class(Slice name)
{
    // "*简称*": at most some twenty characters between the stars.
    if (!slice_starts(name, SLICE("*"))) return false;
    size_t second = slice_find(slice_sub(name, 1, 80), SLICE("*"));
    return second != SLICE_NONE && second > 0;
}

static Err split_texts(Cx *cx, const Table *table, Cells *rows, size_t count)
{
    size_t texts = 0;
    while (texts < table->column_count && !(table->columns[texts].label >= LABEL_QUANTITY &&
                                            table->columns[texts].label <= LABEL_TAX))
        texts++;
    float edges[PDF_TABLE_COLUMNS + 1] = {-INFINITY};
    for (size_t k = 1; k < texts; k++) {
        float side = item_side(&table->columns[k - 1], edges[k - 1], rows, count);
        edges[k] = k == 1 ? index_edge(table, rows, count) : 0;
        if (edges[k] > 0) continue;
        edges[k] = edge_between(&table->columns[k - 1], &table->columns[k], side, rows, count);
    }
    edges[texts] = INFINITY;
    for (size_t r = 0; r < count; r++) {
        Cells *cells = &rows[r];
        for (size_t k = 0, at = 0; k < texts; k++) {
            size_t end = at;
            while (end < cells->text_end &&
                   (cells->row->glyphs[end].x1 + cells->row->glyphs[end].x2) / 2 < edges[k + 1])
                end++;
            Part *cell = text_cell(cells, table->columns[k].label);
            if (cell != NULL && end > at) {
                *cell = (Part){.from = at, .to = end};
                TRY(pdf_layout_text(cx, cells->row, at, end, &cell->text));
            }
            at = end;
        }
        cells->star = starts_with_class(cells->name.text);
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

// Which line each row's texts belong to. Names are broken over rows, and the numbers stand in the
// first or in the middle one: where every line's name begins with its class, that tells.
static void assign(const Cells *rows, size_t count, size_t *lines)
{
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

static const Part *part_of(const Cells *cells, Label label)
{
    return label == LABEL_ITEM ? &cells->name : label == LABEL_SPEC ? &cells->spec : &cells->unit;
}

// How far right the texts of a column go: as far as one does, and to the right side of their cell,
// in whose middle the heading stands, where a text begins left of it. Names have nothing left.
static float text_edge(const Table *table, const Cells *rows, size_t count, Label label, float size)
{
    const Column *column = pdf_table_column(table, label);
    float left = INFINITY, right = 0;
    for (size_t r = 0; r < count; r++) {
        const Part *part = part_of(&rows[r], label);
        if (part->to == 0) continue;
        left = fminf(left, rows[r].row->glyphs[part->from].x1);
        right = fmaxf(right, rows[r].row->glyphs[part->to - 1].x2);
    }
    bool known = column != NULL && (label != LABEL_ITEM || column == &table->columns[0]);
    if (!known || left > column->x1) return right;
    return fmaxf(right, column->x1 + column->x2 - left - size / 2);
}

// Marks the rows whose text goes on from the row before behind a space. One row that was broken at
// a word's end says that all of them were.
static void part_words(const Cells *rows, size_t count, const size_t *lines, Label label,
                       float edge, bool *ret_space)
{
    bool words = false;
    for (int step = 0; step < 2; step++)
        for (size_t r = 1; r < count; r++) {
            const Part *above = part_of(&rows[r - 1], label), *below = part_of(&rows[r], label);
            if (lines[r] != lines[r - 1] || above->to == 0 || below->to == 0) continue;
            const LayoutGlyph *last = &rows[r - 1].row->glyphs[above->to - 1];
            const LayoutGlyph *first = &rows[r].row->glyphs[below->from];
            bool room = pdf_words_had_room(last, first, edge);
            bool whole = pdf_words_begins_within(rows[r - 1].row, above->from, above->to);
            words = words || room;
            ret_space[r] = pdf_words_may_part(last, first) && (room || (words && whole));
        }
}

static Err add_texts(Cx *cx, const Table *table, const Cells *rows, size_t count,
                     const size_t *lines, Label label, float size, Line *items)
{
    bool *space = arena_try_array(&cx->arena, count, sizeof *space);
    if (space == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    part_words(rows, count, lines, label, text_edge(table, rows, count, label, size), space);
    for (size_t r = 0; r < count; r++) {
        Line *line = &items[lines[r]];
        Slice *text = label == LABEL_ITEM   ? &line->name
                      : label == LABEL_SPEC ? &line->spec
                                            : &line->unit;
        TRY(append(cx, text, part_of(&rows[r], label)->text, space[r]));
    }
    return ERR_OK;
}

static Err add_lines(Cx *cx, const Table *table, const Cells *rows, size_t count, float size,
                     Draft *draft)
{
    size_t first = draft->line_count, anchors = 0;
    for (size_t r = 0; r < count; r++) {
        if (!rows[r].anchor) continue;
        Line *line = NULL;
        TRY(draft_add_line(cx, draft, &line));
        *line = (Line){.quantity = bare(rows[r].quantity),
                       .price = bare(rows[r].price),
                       .amount = rows[r].amount,
                       .tax_rate = rows[r].rate,
                       .tax = rows[r].tax};
        anchors++;
    }
    if (anchors == 0) return ERR_OK;
    size_t *lines = arena_try_array(&cx->arena, count, sizeof *lines);
    if (lines == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    assign(rows, count, lines);
    Line *items = &draft->lines[first];
    TRY(add_texts(cx, table, rows, count, lines, LABEL_ITEM, size, items));
    TRY(add_texts(cx, table, rows, count, lines, LABEL_SPEC, size, items));
    TRY(add_texts(cx, table, rows, count, lines, LABEL_UNIT, size, items));
    return ERR_OK;
}

Err pdf_table_lines(Cx *cx, const Layout *layout, const Table *table, Draft *draft)
{
    if (!table->known || table->end_row <= table->first_row) return ERR_OK;
    size_t count = table->end_row - table->first_row, first = draft->line_count;
    Cells *rows = arena_try_array(&cx->arena, count, sizeof *rows);
    if (rows == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    for (size_t r = 0; r < count; r++)
        TRY(read_row(cx, table, &layout->rows[table->first_row + r], &rows[r]));
    TRY(split_texts(cx, table, rows, count));
    TRY(add_lines(cx, table, rows, count, layout->size, draft));
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
