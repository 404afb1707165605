#include "read/read_pdf_extra.h"

#include <math.h>

#include "base/text.h"
#include "read/pdf_block.h"
#include "read/read_extra.h"

#define ROWS_MAX  60   // below a row of headings
#define ALONE_GAP 0.5f // heights on both sides of a heading
#define LABEL_GAP 2.0f // heights between the characters of a heading
#define WORD_GAP  1.0f // heights: a wider gap parts two words
#define VALUE_GAP 3.0f // heights: a wider gap ends a value behind a colon
#define ROW_GAP   4.0f // heights: white that ends a block

// A row of headings and what stands below it.
typedef struct Headings {
    Block block;
    const ExtraRow *ours[PDF_COLUMNS_MAX]; // by column; NULL for one that is none of ours
    size_t our_count;
} Headings;

typedef struct Word {
    size_t from, to;
} Word;

static float gap_at(const LayoutRow *row, size_t at)
{
    return at == 0 || at >= row->count ? INFINITY : row->glyphs[at].x1 - row->glyphs[at - 1].x2;
}

static const ExtraRow *label_at(const LayoutRow *row, size_t at, float size, size_t *ret_end)
{
    const ExtraRow *found = NULL;
    const char *label = NULL;
    for (size_t i = 0; (label = extra_label(i, &found)) != NULL; i++)
        if (pdf_layout_match(row, at, slice_of(label), size * LABEL_GAP, ret_end)) return found;
    return NULL;
}

static bool has_colon(const LayoutRow *row, size_t at)
{
    return at < row->count && row->glyphs[at].fold == ':';
}

// Whether the value that begins at `from` is over at `at`: behind a gap or a semicolon, or where
// the next label stands.
static bool ends_value(const LayoutRow *row, size_t from, size_t at, float size)
{
    size_t end = 0;
    if (at >= row->count || row->glyphs[at].fold == ';') return true;
    if (at == from) return false;
    if (gap_at(row, at) > size * VALUE_GAP) return true;
    return pdf_columns_word_starts(row, at) && label_at(row, at, size, &end) != NULL &&
           has_colon(row, end);
}

// Puts what stands behind the colon at `colon`; answers where it ends.
static Err put_behind(Cx *cx, const LayoutRow *row, size_t colon, float size, const ExtraRow *found,
                      Draft *draft, size_t *ret_end)
{
    Slice text = {};
    size_t to = colon + 1;
    while (!ends_value(row, colon + 1, to, size))
        to++;
    TRY(pdf_layout_text(cx, row, colon + 1, to, &text));
    *ret_end = to;
    return read_extra_put(cx, draft, found->name, text, SOURCE_TEXT);
}

static void add_heading(Headings *headings, const ExtraRow *found, float x1, float x2)
{
    size_t at = pdf_block_add(&headings->block, x1, x2);
    if (at == PDF_COLUMNS_MAX) return;
    for (size_t k = headings->block.count - 1; k > at; k--)
        headings->ours[k] = headings->ours[k - 1];
    headings->ours[at] = found;
    headings->our_count += found != NULL;
}

// Headings of ours in the row, with nothing near them; what stands behind a colon is a value at
// once.
static Err find_headings(Cx *cx, const LayoutRow *row, float size, Headings *headings, Draft *draft)
{
    size_t behind = 0; // the end of a value: a label may stand near it
    *headings = (Headings){};
    for (size_t at = 0, end = 0; at < row->count; at++) {
        bool apart = gap_at(row, at) > size * ALONE_GAP || (behind > 0 && at == behind);
        const ExtraRow *found = apart ? label_at(row, at, size, &end) : NULL;
        if (found == NULL) continue;
        if (has_colon(row, end)) {
            TRY(put_behind(cx, row, end, size, found, draft, &behind));
            at = behind - 1;
        } else if (gap_at(row, end) > size * ALONE_GAP) {
            add_heading(headings, found, row->glyphs[at].x1, row->glyphs[end - 1].x2);
            at = end - 1;
        }
    }
    return ERR_OK;
}

static bool next_word(const LayoutRow *row, float size, Word *word)
{
    word->from = word->to;
    if (word->from >= row->count) return false;
    for (word->to++; word->to < row->count && gap_at(row, word->to) <= size * WORD_GAP;)
        word->to++;
    return true;
}

static void add_other(Headings *headings, float x1, float x2)
{
    const Block *block = &headings->block;
    for (size_t k = 0; k < block->count; k++)
        if (block->columns[k].x1 < x2 && x1 < block->columns[k].x2) return;
    add_heading(headings, NULL, x1, x2);
}

// The other headings of that row: a value under one of them is none of ours.
static void add_others(const PageWords *words, size_t r, Headings *headings)
{
    const LayoutRow *row = &words->layout.rows[r];
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        if (mark->row == r) add_other(headings, mark->x1, mark->x2);
    }
    // What is no label of ours stands above a column all the same: 签注.
    for (Word word = {}; next_word(row, words->layout.size, &word);)
        add_other(headings, row->glyphs[word.from].x1, row->glyphs[word.to - 1].x2);
}

// ---- columns of the table of lines

// What a heading says, without the gaps that spread it.
static Err heading_text(Cx *cx, const PageWords *words, const Table *table, const Column *column,
                        Slice *ret_text)
{
    const LayoutRow *rows = words->layout.rows;
    size_t below = table->first_row - 1; // of a heading of two rows; one stands above as well
    size_t above = 2 * table->head_row - below;
    LayoutBox box = {column->x1, rows[above].y1, column->x2, rows[below].y2, true};
    Slice printed = {}, part = {};
    bool done = false;
    TRY(pdf_layout_region(cx, &words->layout, box, true, INFINITY, SLICE(""), &printed));
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    while (slice_cut(&printed, ' ', &done, &part))
        text_add(&text, part);
    return text_done(cx, &text, ret_text);
}

static Err read_columns(Cx *cx, const PageWords *words, const Table *table, Draft *draft)
{
    const ExtraRow *ours[PDF_COLUMNS_MAX] = {};
    Slice *texts[PDF_COLUMNS_MAX] = {};
    size_t count = 0;
    for (size_t k = 0; k < table->column_count; k++) {
        Slice heading = {};
        TRY(heading_text(cx, words, table, &table->columns[k], &heading));
        ours[k] = extra_of_label(heading);
        if (ours[k] != NULL)
            TRY(pdf_table_texts(cx, &words->layout, table, &table->columns[k], &texts[k], &count));
    }
    for (size_t line = 0; line < count; line++)
        for (size_t k = 0; k < table->column_count; k++)
            if (ours[k] != NULL)
                TRY(read_extra_put(cx, draft, ours[k]->name, texts[k][line], SOURCE_TEXT));
    return ERR_OK;
}

// ---- a block of its own below the lines

static bool has_mark(const PageWords *words, size_t row)
{
    for (size_t i = 0; i < words->marks.count; i++)
        if (words->marks.items[i].row == row) return true;
    return false;
}

// The rows below heading row `r`, up to a label or much white.
static void find_rows(Cx *cx, const PageWords *words, size_t r, Block *block)
{
    const Layout *layout = &words->layout;
    float bottom = layout->rows[r].y2;
    // An itinerary has one traveller, and the flights below have headings of their own.
    size_t rows_max = words->form == PAGE_AIR ? 1 : ROWS_MAX;
    block->rows = arena_alloc(&cx->arena, ROWS_MAX * sizeof *block->rows);
    for (size_t below = r + 1; below < layout->row_count && block->row_count < rows_max; below++) {
        const LayoutRow *row = &layout->rows[below];
        if (has_mark(words, below) || row->y1 - bottom > layout->size * ROW_GAP) break;
        block->rows[block->row_count++] = (TextRow){.row = row, .end = row->count};
        bottom = fmaxf(bottom, row->y2);
    }
}

static Err read_block(Cx *cx, const PageWords *words, size_t r, Headings *headings, Draft *draft)
{
    Block *block = &headings->block;
    add_others(words, r, headings);
    find_rows(cx, words, r, block);
    pdf_block_settle(block);
    for (size_t first = 0, end = 0; first < block->row_count; first = end) {
        end = pdf_block_record_end(block, first);
        for (size_t k = 0; k < block->count; k++) {
            Slice text = {};
            if (headings->ours[k] == NULL) continue;
            TRY(pdf_block_text(cx, block, first, end, k, &text));
            TRY(read_extra_put(cx, draft, headings->ours[k]->name, text, SOURCE_TEXT));
        }
    }
    return ERR_OK;
}

// ---- a rail ticket: 天津南站  G1234  上海虹桥站, below it 2025年11月01日 08:30开

static bool is_train(Slice text)
{
    size_t letters = 0;
    if (text.size < 2 || text.size > 6) return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c >= 'A' && c <= 'Z' && i == 0)
            letters++;
        else if (c < '0' || c > '9')
            return false;
    }
    return letters == 1;
}

static Err read_stations(Cx *cx, const PageWords *words, const LayoutRow *row, Draft *draft)
{
    Slice texts[4] = {};
    size_t count = 0;
    for (Word word = {}; count < 4 && next_word(row, words->layout.size, &word);)
        TRY(pdf_layout_text(cx, row, word.from, word.to, &texts[count++]));
    if (count != 3 || !is_train(texts[1])) return ERR_OK;
    TRY(read_extra_put(cx, draft, "departure", texts[0], SOURCE_TEXT));
    TRY(read_extra_put(cx, draft, "service_number", texts[1], SOURCE_TEXT));
    return read_extra_put(cx, draft, "destination", texts[2], SOURCE_TEXT);
}

static Err read_departure(Cx *cx, const LayoutRow *row, Draft *draft)
{
    Slice text = {};
    TRY(pdf_layout_text(cx, row, 0, row->count, &text));
    size_t year = slice_find(text, SLICE("年")), leaves = slice_find(text, SLICE("开"));
    bool moment = year == 4 && leaves != SLICE_NONE && leaves < 40 &&
                  slice_find(slice_sub(text, 0, leaves), SLICE(":")) != SLICE_NONE;
    return moment
               ? read_extra_put(cx, draft, "travel_date", slice_sub(text, 0, leaves), SOURCE_TEXT)
               : ERR_OK;
}

// What the remark says is read with it, over the ends of its rows.
static bool in_remark(const PageWords *words, size_t r)
{
    const Mark *sum = pdf_marks_find(&words->marks, LABEL_WORDS, 0);
    return words->form == PAGE_VAT && words->layout.uprights[UPRIGHT_REMARK].known && sum != NULL &&
           r > sum->row;
}

Err read_pdf_extra(Cx *cx, const PageWords *words, Draft *draft)
{
    Table table = pdf_table(&words->layout, &words->marks);
    for (size_t r = 0; r < words->layout.row_count && !in_remark(words, r); r++) {
        const LayoutRow *row = &words->layout.rows[r];
        Headings headings = {};
        TRY(find_headings(cx, row, words->layout.size, &headings, draft));
        bool of_lines = table.known && table.head_row == r;
        // One heading alone is a word of a remark or an item.
        if (of_lines)
            TRY(read_columns(cx, words, &table, draft));
        else if (headings.our_count > 1)
            TRY(read_block(cx, words, r, &headings, draft));
        if (words->form != PAGE_RAIL) continue;
        TRY(read_stations(cx, words, row, draft));
        TRY(read_departure(cx, row, draft));
    }
    return ERR_OK;
}
