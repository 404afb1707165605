#include "read/read_pdf_extra.h"

#include <math.h>

#include "read/read_extra.h"

#define COLUMNS_MAX 16
#define ROWS_MAX    60   // below a row of headings
#define ALONE_GAP   0.5f // heights on both sides of a heading
#define WORD_GAP    1.0f // heights: a wider gap parts two words
#define VALUE_GAP   3.0f // heights: a wider gap ends a value behind a colon
#define ROW_GAP     4.0f // heights: white that ends a block

// A heading; `row` is NULL for one that is none of ours.
typedef struct Heading {
    const ExtraRow *row;
    bool amount;
    float x1, x2;
    Slice value; // so far
} Heading;

typedef struct Block {
    Heading headings[COLUMNS_MAX];
    size_t count, ours;
} Block;

typedef struct Word {
    size_t from, to;
} Word;

static float gap_at(const LayoutRow *row, size_t at)
{
    return at == 0 || at >= row->count ? INFINITY : row->glyphs[at].x1 - row->glyphs[at - 1].x2;
}

// One of our labels at glyph `at`, with nothing near before it.
static const ExtraRow *label_at(const LayoutRow *row, size_t at, float size, size_t *ret_end)
{
    const ExtraRow *found = NULL;
    const char *label = NULL;
    if (gap_at(row, at) <= size * ALONE_GAP) return NULL;
    for (size_t i = 0; (label = extra_label(i, &found)) != NULL; i++)
        if (pdf_layout_match(row, at, slice_of(label), size * WORD_GAP, ret_end)) return found;
    return NULL;
}

static void add_heading(Block *block, const Heading *heading)
{
    if (block->count < COLUMNS_MAX) block->headings[block->count++] = *heading;
}

// Headings of ours in the row; what stands behind a colon is a value at once.
static Err find_headings(Cx *cx, const PageWords *words, size_t r, Block *block, Draft *draft)
{
    const LayoutRow *row = &words->layout.rows[r];
    float size = words->layout.size;
    *block = (Block){};
    for (size_t at = 0, end = 0; at < row->count; at++) {
        const ExtraRow *found = label_at(row, at, size, &end);
        if (found == NULL) continue;
        if (end < row->count && row->glyphs[end].fold == ':') {
            Slice text = {};
            size_t to = end + 1;
            while (to < row->count && (to == end + 1 || gap_at(row, to) <= size * VALUE_GAP))
                to++;
            TRY(pdf_layout_text(cx, row, end + 1, to, &text));
            TRY(read_extra_put(cx, draft, found->name, text, SOURCE_TEXT));
            at = to - 1;
            continue;
        }
        if (gap_at(row, end) <= size * ALONE_GAP) continue;
        add_heading(
            block,
            &(Heading){.row = found, .x1 = row->glyphs[at].x1, .x2 = row->glyphs[end - 1].x2});
        block->ours++;
        at = end - 1;
    }
    return ERR_OK;
}

static bool overlaps(const Heading *heading, float x1, float x2)
{
    return heading->x1 < x2 && x1 < heading->x2;
}

static bool next_word(const LayoutRow *row, float size, Word *word)
{
    word->from = word->to;
    if (word->from >= row->count) return false;
    for (word->to++; word->to < row->count && gap_at(row, word->to) <= size * WORD_GAP;)
        word->to++;
    return true;
}

static void add_other(Block *block, bool amount, float x1, float x2)
{
    for (size_t k = 0; k < block->count; k++)
        if (overlaps(&block->headings[k], x1, x2)) return;
    add_heading(block, &(Heading){.amount = amount, .x1 = x1, .x2 = x2});
}

// The other headings of that row: a value under one of them is none of ours.
static void add_others(const PageWords *words, size_t r, Block *block)
{
    const LayoutRow *row = &words->layout.rows[r];
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        if (mark->row == r) add_other(block, mark->label == LABEL_AMOUNT, mark->x1, mark->x2);
    }
    // What is no label of ours stands above a column all the same: 签注.
    for (Word word = {}; next_word(row, words->layout.size, &word);)
        add_other(block, false, row->glyphs[word.from].x1, row->glyphs[word.to - 1].x2);
}

static Heading *heading_of(Block *block, float x1, float x2)
{
    Heading *best = &block->headings[0];
    float most = -INFINITY;
    for (size_t i = 0; i < block->count; i++) {
        Heading *heading = &block->headings[i];
        float share = fminf(heading->x2, x2) - fmaxf(heading->x1, x1); // negative: how far away
        if (share <= most) continue;
        most = share;
        best = heading;
    }
    return best;
}

static Err put_record(Cx *cx, Block *block, Draft *draft)
{
    for (size_t i = 0; i < block->count; i++) {
        Heading *heading = &block->headings[i];
        if (heading->row != NULL)
            TRY(read_extra_put(cx, draft, heading->row->name, heading->value, SOURCE_TEXT));
        heading->value = SLICE("");
    }
    return ERR_OK;
}

static Heading *first_heading(Block *block)
{
    Heading *first = &block->headings[0];
    for (size_t i = 0; i < block->count; i++) {
        if (block->headings[i].amount) return &block->headings[i];
        if (block->headings[i].x1 < first->x1) first = &block->headings[i];
    }
    return first;
}

static Heading *heading_of_word(Block *block, const LayoutRow *row, const Word *word)
{
    return heading_of(block, row->glyphs[word->from].x1, row->glyphs[word->to - 1].x2);
}

// A row begins a record when it has an amount, or in a block without amounts the leftmost value;
// otherwise it goes on with the values of the row above.
static Err read_row(Cx *cx, const PageWords *words, const LayoutRow *row, Block *block,
                    Draft *draft)
{
    const Heading *first = first_heading(block);
    bool begins = false;
    for (Word word = {}; next_word(row, words->layout.size, &word);)
        begins |= heading_of_word(block, row, &word) == first;
    if (begins) TRY(put_record(cx, block, draft));
    for (Word word = {}; next_word(row, words->layout.size, &word);) {
        Heading *heading = heading_of_word(block, row, &word);
        Slice text = {};
        if (heading->row == NULL) continue;
        TRY(pdf_layout_text(cx, row, word.from, word.to, &text));
        heading->value = cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(heading->value),
                                   SLICE_ARG(slice_sub(text, 0, LIMIT_FIELD_BYTES / 8)));
        heading->value.size =
            heading->value.size < LIMIT_FIELD_BYTES ? heading->value.size : LIMIT_FIELD_BYTES;
    }
    return ERR_OK;
}

static bool has_mark(const PageWords *words, size_t row)
{
    for (size_t i = 0; i < words->marks.count; i++)
        if (words->marks.items[i].row == row) return true;
    return false;
}

static Err read_block(Cx *cx, const PageWords *words, size_t r, Block *block, Draft *draft)
{
    const Layout *layout = &words->layout;
    add_others(words, r, block);
    float bottom = layout->rows[r].y2;
    // An itinerary has one traveller, and the flights below have headings of their own.
    size_t rows_max = words->form == PAGE_AIR ? 1 : ROWS_MAX;
    for (size_t below = r + 1; below < layout->row_count && below <= r + rows_max; below++) {
        const LayoutRow *row = &layout->rows[below];
        if (has_mark(words, below) || row->y1 - bottom > layout->size * ROW_GAP) break;
        TRY(read_row(cx, words, row, block, draft));
        bottom = fmaxf(bottom, row->y2);
    }
    return put_record(cx, block, draft);
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

Err read_pdf_extra(Cx *cx, const PageWords *words, Draft *draft)
{
    for (size_t r = 0; r < words->layout.row_count; r++) {
        const LayoutRow *row = &words->layout.rows[r];
        Block block = {};
        TRY(find_headings(cx, words, r, &block, draft));
        // One heading alone is a word of a remark or an item.
        if (block.ours > 1) TRY(read_block(cx, words, r, &block, draft));
        if (words->form != PAGE_RAIL) continue;
        TRY(read_stations(cx, words, row, draft));
        TRY(read_departure(cx, row, draft));
    }
    return ERR_OK;
}
