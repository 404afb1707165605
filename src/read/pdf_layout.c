#include "read/pdf_layout.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/utf8.h"
#include "format/pdf/pdf_fold.h"
#include "read/pdf_words.h"

#define ROW_OVERLAP  0.5f  // of a character: centres nearer than this are one row
#define SPACE_LATIN  0.25f // of a character: a wider gap between letters is a space
#define SPACE_HAN    1.2f  // the same next to a Chinese character: print spreads those
#define SPACE_BOTH   0.4f  // a space in the file counts between two Chinese characters from here on
#define SPACE_LEAST  0.12f // and between others from here on
#define WALL_PAD     1.2f  // characters between a text and what stands right of its box
#define ROW_FULL     2.3f  // characters before that place where a line that goes on may end
#define BIG          1.6f  // times the usual size: a title, with rows of its own
#define BIG_WIDE     0.8f  // of that height: so wide is some Chinese character of a title
#define BIG_NARROW   0.45f // … and some other
#define REGION_ROW   0.35f // of a character: lines in a cell stand closer than rows do
#define UPRIGHT_GAP  4.5f  // characters of a downward word stand at most so many heights apart
#define UPRIGHTS_MAX 500   // places looked at for such a word; a real page has a dozen
#define UPRIGHT_SIZE 6     // longest downward word that we take out

uint32_t pdf_layout_next(Slice text, size_t *at)
{
    uint32_t code = 0xfffd;
    size_t size = utf8_head(slice_sub(text, *at, 4), &code);
    *at += size == 0 ? 1 : size;
    return code;
}

static bool is_han(uint32_t code)
{
    return (code >= 0x3400 && code <= 0x9fff) || (code >= 0x20000 && code <= 0x3ffff);
}

static bool is_wide(uint32_t code)
{
    return is_han(code) || (code >= 0x3000 && code <= 0x30ff) || (code >= 0xff00 && code <= 0xffef);
}

static bool is_space(uint32_t code)
{
    return code <= ' ' || code == 0xa0 || code == 0x3000 || (code >= 0x2000 && code <= 0x200f) ||
           code == 0xfeff;
}

// What a font without a usable character map gives.
static bool is_odd(uint32_t code)
{
    return (code < ' ' && code != '\n' && code != '\t' && code != '\r') ||
           (code >= 0x7f && code < 0xa0) || (code >= 0xe000 && code <= 0xf8ff) || code == 0xfffd ||
           (code >= 0xd800 && code < 0xe000) || code >= 0xf0000;
}

// A mark of a symbol font, as the circled cross before a sum is, and the blank of a font without a
// map: neither is a letter that is missing.
static bool is_no_letter(uint32_t code)
{
    return code == 3 || (code >= 0xf020 && code <= 0xf0ff);
}

static float middle(const LayoutGlyph *glyph)
{
    return (glyph->y1 + glyph->y2) / 2;
}

static int by_middle(const void *a, const void *b)
{
    float x = middle(a), y = middle(b);
    return x < y ? -1 : x > y ? 1 : 0;
}

static int by_left(const void *a, const void *b)
{
    const LayoutGlyph *x = a, *y = b;
    return x->x1 < y->x1 ? -1 : x->x1 > y->x1 ? 1 : 0;
}

static int by_value(const void *a, const void *b)
{
    const float *x = a, *y = b;
    return *x < *y ? -1 : *x > *y ? 1 : 0;
}

static Err usual_size(Cx *cx, Layout *layout, const LayoutGlyph *glyphs, size_t count)
{
    layout->size = 9; // points; a page without text
    if (count == 0) return ERR_OK;
    float *sizes = arena_try_array(&cx->arena, count, sizeof *sizes);
    if (sizes == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    for (size_t i = 0; i < count; i++)
        sizes[i] = glyphs[i].y2 - glyphs[i].y1;
    qsort(sizes, count, sizeof *sizes, by_value);
    layout->size = fmaxf(sizes[count / 2], 1);
    return ERR_OK;
}

// Printed characters without spaces; a space is remembered at the character after it.
static Err visible(Cx *cx, const PdfPage *page, Layout *layout, LayoutGlyph **ret,
                   size_t *ret_count)
{
    LayoutGlyph *out = arena_try_array(&cx->arena, page->count + 1, sizeof *out);
    if (out == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    size_t count = 0;
    bool space = true;
    for (size_t i = 0; i < page->count; i++) {
        const PdfGlyph *glyph = &page->glyphs[i];
        if (is_odd(glyph->code)) layout->odd_count++;
        if (is_odd(glyph->code) && !is_no_letter(glyph->code)) layout->lost_count++;
        bool blank = is_space(glyph->code) || is_odd(glyph->code);
        bool flat = glyph->y2 - glyph->y1 < 0.5f || glyph->x2 < glyph->x1;
        if (blank || flat) {
            space = true;
            continue;
        }
        if (is_han(glyph->code)) layout->han_count++;
        out[count++] = (LayoutGlyph){.code = glyph->code,
                                     .fold = pdf_fold_width(glyph->code),
                                     .x1 = glyph->x1,
                                     .y1 = glyph->y1,
                                     .x2 = glyph->x2,
                                     .y2 = glyph->y2,
                                     .space_before = space};
        space = false;
    }
    layout->glyph_count = count;
    *ret = out;
    *ret_count = count;
    return ERR_OK;
}

// ---- words printed downwards

static const struct {
    const char *word; // the longer one first
    Upright upright;
} upright_words[] = {
    {"购买方信息", UPRIGHT_BUYER},  {"购货单位", UPRIGHT_BUYER},  {"购买方", UPRIGHT_BUYER},
    {"销售方信息", UPRIGHT_SELLER}, {"销货单位", UPRIGHT_SELLER}, {"销售方", UPRIGHT_SELLER},
    {"密码区", UPRIGHT_CIPHER},     {"备注", UPRIGHT_REMARK},     {"下载次数", UPRIGHT_COPIES},
};

// The nearest `code` straight below `above`, or count.
static size_t below(const LayoutGlyph *glyphs, size_t count, const LayoutGlyph *above,
                    uint32_t code)
{
    size_t best = count;
    float size = fmaxf(above->y2 - above->y1, 1);
    for (size_t i = 0; i < count; i++) {
        if (glyphs[i].code != code) continue;
        float down = middle(&glyphs[i]) - middle(above);
        float aside = fabsf(glyphs[i].x1 + glyphs[i].x2 - above->x1 - above->x2) / 2;
        if (down < size * ROW_OVERLAP || down > size * UPRIGHT_GAP || aside > size * 0.45f)
            continue;
        if (best == count || middle(&glyphs[i]) < middle(&glyphs[best])) best = i;
    }
    return best;
}

// The downward word that starts at glyph `at`: fills `chain` and answers its size, else 0.
static size_t upright_at(const LayoutGlyph *glyphs, size_t count, size_t at, Slice word,
                         size_t chain[UPRIGHT_SIZE])
{
    size_t offset = 0, size = 0;
    if (pdf_layout_next(word, &offset) != glyphs[at].code) return 0;
    chain[size++] = at;
    while (offset < word.size && size < UPRIGHT_SIZE) {
        size_t next =
            below(glyphs, count, &glyphs[chain[size - 1]], pdf_layout_next(word, &offset));
        if (next == count) return 0;
        chain[size++] = next;
    }
    return size;
}

static bool starts_upright(uint32_t code)
{
    return code == 0x8d2d || code == 0x9500 || code == 0x5bc6 || code == 0x5907 ||
           code == 0x4e0b; // 购 销 密 备 下
}

// "：1" below 下载次数, down to the next blank.
static void drop_below(LayoutGlyph *glyphs, size_t count, const LayoutBox *box)
{
    float size = box->x2 - box->x1;
    for (size_t i = 0; i < count; i++) {
        float x = (glyphs[i].x1 + glyphs[i].x2) / 2, y = middle(&glyphs[i]);
        if (x > box->x1 && x < box->x2 && y > box->y1 && y < box->y2 + size * 4) glyphs[i].code = 0;
    }
}

// Takes them out of `glyphs` (code 0) and keeps where they stood. 备注 printed across is no such
// word: its characters do not stand below each other.
static void take_uprights(Layout *layout, LayoutGlyph *glyphs, size_t count)
{
    size_t looked = 0;
    for (size_t at = 0; at < count && looked < UPRIGHTS_MAX; at++) {
        if (!starts_upright(glyphs[at].code)) continue;
        looked++;
        for (size_t i = 0; i < sizeof upright_words / sizeof upright_words[0]; i++) {
            LayoutBox *box = &layout->uprights[upright_words[i].upright];
            size_t chain[UPRIGHT_SIZE];
            size_t size =
                box->known ? 0
                           : upright_at(glyphs, count, at, slice_of(upright_words[i].word), chain);
            if (size == 0) continue;
            const LayoutGlyph *first = &glyphs[chain[0]], *last = &glyphs[chain[size - 1]];
            *box = (LayoutBox){
                .x1 = first->x1, .y1 = first->y1, .x2 = first->x2, .y2 = last->y2, .known = true};
            for (size_t k = 0; k < size; k++)
                glyphs[chain[k]].code = 0;
            if (upright_words[i].upright == UPRIGHT_COPIES) drop_below(glyphs, count, box);
            break;
        }
    }
}

// ---- rows

static void finish_row(LayoutRow *row)
{
    qsort(row->glyphs, row->count, sizeof *row->glyphs, by_left);
    row->y1 = row->glyphs[0].y1;
    row->y2 = row->glyphs[0].y2;
    for (size_t i = 1; i < row->count; i++) {
        LayoutGlyph *glyph = &row->glyphs[i], *before = &row->glyphs[i - 1];
        row->y1 = fminf(row->y1, glyph->y1);
        row->y2 = fmaxf(row->y2, glyph->y2);
        float gap = glyph->x1 - before->x2, size = fmaxf(glyph->y2 - glyph->y1, 1);
        bool one = is_wide(glyph->code) || is_wide(before->code);
        bool both = is_wide(glyph->code) && is_wide(before->code);
        if (gap > size * (one ? SPACE_HAN : SPACE_LATIN)) glyph->space_before = true;
        if (gap < size * (both ? SPACE_BOTH : SPACE_LEAST)) glyph->space_before = false;
    }
}

static void add_row(Layout *layout, LayoutGlyph *glyphs, size_t count)
{
    LayoutRow *row = &layout->rows[layout->row_count++];
    *row = (LayoutRow){.glyphs = glyphs, .count = count};
    finish_row(row);
}

// Rows of `count` characters of one class of size. A row's height is what its characters agree on:
// the running mean.
static void add_rows(Layout *layout, LayoutGlyph *glyphs, size_t count, float size)
{
    qsort(glyphs, count, sizeof *glyphs, by_middle);
    for (size_t i = 0, end = 0; i < count; i = end) {
        float sum = 0;
        for (end = i; end < count; end++) {
            float mean = end == i ? middle(&glyphs[i]) : sum / (float)(end - i);
            float reach = fminf(glyphs[end].y2 - glyphs[end].y1, size) * ROW_OVERLAP;
            if (middle(&glyphs[end]) - mean > reach) break;
            sum += middle(&glyphs[end]);
        }
        add_row(layout, glyphs + i, end - i);
    }
}

static int by_top(const void *a, const void *b)
{
    const LayoutRow *x = a, *y = b;
    float p = x->y1 + x->y2, q = y->y1 + y->y2;
    return p < q ? -1 : p > q ? 1 : 0;
}

// Characters of one font and baseline, from `at` on: where they end, and whether they are a
// title's. Some fonts claim far more height than their characters have; those are no wider for it.
static size_t run_of(const LayoutGlyph *glyphs, size_t count, size_t at, float size, bool *ret_big)
{
    float high = size * BIG, y1 = glyphs[at].y1, y2 = glyphs[at].y2;
    size_t end = at;
    *ret_big = false;
    for (; end < count && fabsf(glyphs[end].y1 - y1) + fabsf(glyphs[end].y2 - y2) < 0.01f; end++) {
        float width = glyphs[end].x2 - glyphs[end].x1;
        bool wide = width > high * (is_wide(glyphs[end].code) ? BIG_WIDE : BIG_NARROW);
        *ret_big = *ret_big || (y2 - y1 > high && wide);
    }
    return end > at ? end : at + 1;
}

static Err rows_of(Cx *cx, Layout *layout, LayoutGlyph *glyphs, size_t count)
{
    layout->rows = arena_try_array(&cx->arena, count + 1, sizeof *layout->rows);
    LayoutGlyph *sorted = arena_try_array(&cx->arena, count + 1, sizeof *sorted);
    if (layout->rows == NULL || sorted == NULL)
        return err_set(cx, ERR_LIMIT, "page text does not fit");
    size_t small = 0, big = count;
    for (size_t i = 0, end = 0; i < count; i = end) {
        bool title = false;
        end = run_of(glyphs, count, i, layout->size, &title);
        for (size_t k = i; k < end; k++)
            sorted[title ? --big : small++] = glyphs[k];
    }
    add_rows(layout, sorted, small, layout->size);
    add_rows(layout, sorted + big, count - big, layout->size * 2);
    qsort(layout->rows, layout->row_count, sizeof *layout->rows, by_top);
    return ERR_OK;
}

Err pdf_layout(Cx *cx, const PdfPage *page, Layout *ret_layout)
{
    Layout layout = {.width = (float)page->width, .height = (float)page->height};
    LayoutGlyph *glyphs = NULL;
    size_t count = 0, kept = 0;
    TRY(visible(cx, page, &layout, &glyphs, &count));
    TRY(usual_size(cx, &layout, glyphs, count));
    take_uprights(&layout, glyphs, count);
    for (size_t i = 0; i < count; i++)
        if (glyphs[i].code != 0) glyphs[kept++] = glyphs[i];
    TRY(rows_of(cx, &layout, glyphs, kept));
    *ret_layout = layout;
    return ERR_OK;
}

// Past the ceiling the text is cut at a character: print goes on for ever in no real invoice.
static void add_code(Text *text, uint32_t code)
{
    char bytes[4];
    if (text->size + 8 > text->ceiling) return;
    text_add(text, (Slice){bytes, utf8_put(code, bytes)});
}

static void add_space(Text *text)
{
    if (text->size + 8 <= text->ceiling) text_byte(text, ' ');
}

Err pdf_layout_text(Cx *cx, const LayoutRow *row, size_t from, size_t to, Slice *ret_text)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (size_t i = from; i < to && i < row->count; i++) {
        if (i > from && row->glyphs[i].space_before) add_space(&text);
        add_code(&text, row->glyphs[i].code);
    }
    return text_done(cx, &text, ret_text);
}

static bool inside(const LayoutGlyph *glyph, LayoutBox box)
{
    float x = (glyph->x1 + glyph->x2) / 2, y = middle(glyph);
    return x >= box.x1 && x <= box.x2 && y >= box.y1 && y <= box.y2;
}

// One line of a region, sorted, up to the first wide gap; `last` ends the line before, whose text
// may reach to `right` (0: nobody knows). Nothing stands between a line that does and its rest.
// Answers what ends this one.
static const LayoutGlyph *add_line(Text *text, LayoutGlyph *glyphs, size_t count, float gap_max,
                                   Slice between, const LayoutGlyph *last, float right)
{
    LayoutRow row = {.glyphs = glyphs, .count = count};
    finish_row(&row);
    bool full = last != NULL && right > 0 && right - last->x2 < (last->y2 - last->y1) * ROW_FULL;
    if (text->size > 0 && !full && text->size + 8 <= text->ceiling) text_add(text, between);
    bool parted = last != NULL && slice_empty(between) && pdf_words_may_part(last, &glyphs[0]);
    if (parted && pdf_words_had_room(last, &glyphs[0], right)) add_space(text);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && glyphs[i].x1 - glyphs[i - 1].x2 > gap_max) return &glyphs[i - 1];
        if (i > 0 && glyphs[i].space_before) add_space(text);
        add_code(text, glyphs[i].code);
    }
    return &glyphs[count - 1];
}

Err pdf_layout_region(Cx *cx, const Layout *layout, LayoutBox box, bool labels, float gap_max,
                      Slice between, Slice *ret_text)
{
    size_t room = 0, count = 0;
    for (size_t r = 0; r < layout->row_count; r++)
        if (layout->rows[r].y2 >= box.y1 && layout->rows[r].y1 <= box.y2)
            room += layout->rows[r].count;
    LayoutGlyph *glyphs = arena_try_array(&cx->arena, room + 1, sizeof *glyphs);
    if (glyphs == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    for (size_t r = 0; r < layout->row_count; r++) {
        const LayoutRow *row = &layout->rows[r];
        if (row->y2 < box.y1 || row->y1 > box.y2) continue;
        for (size_t i = 0; i < row->count; i++)
            if ((labels || !row->glyphs[i].label) && inside(&row->glyphs[i], box))
                glyphs[count++] = row->glyphs[i];
    }
    qsort(glyphs, count, sizeof *glyphs, by_middle);
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    const LayoutGlyph *last = NULL;
    for (size_t i = 0, end = 0; i < count; i = end) {
        float size = fmaxf(glyphs[i].y2 - glyphs[i].y1, 1);
        for (end = i; end < count; end++)
            if (middle(&glyphs[end]) - middle(&glyphs[i]) > size * REGION_ROW) break;
        // Without a gap that ends it, a text goes as far as its box.
        bool walled = isinf(gap_max);
        float right = walled ? box.x2 - size * WALL_PAD : 0;
        last = add_line(&text, glyphs + i, end - i, gap_max, between, last, right);
    }
    return text_done(cx, &text, ret_text);
}

bool pdf_layout_match(const LayoutRow *row, size_t at, Slice pattern, float gap_max,
                      size_t *ret_end)
{
    size_t start = at;
    for (size_t offset = 0; offset < pattern.size; at++) {
        if (at >= row->count || row->glyphs[at].fold != pdf_layout_next(pattern, &offset))
            return false;
        if (at > start && row->glyphs[at].x1 - row->glyphs[at - 1].x2 > gap_max) return false;
    }
    *ret_end = at;
    return true;
}
