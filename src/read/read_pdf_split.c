#include "read/read_pdf_split.h"

#include <math.h>

#define COLUMNS_MAX 2
#define HEAD_GAP    2.5f // heights: a wider gap above the rows of a head is between two invoices
#define EDGE        2.0f // heights of white kept around a part

// Numbers printed after 发票号码 on a page, each once.
typedef struct Heads {
    const Mark *marks[READ_PDF_SPLIT_MAX];
    Slice numbers[READ_PDF_SPLIT_MAX];
    size_t count;
    bool many; // more than have room
} Heads;

static bool has_number(const Heads *heads, Slice number)
{
    for (size_t i = 0; i < heads->count; i++)
        if (slice_equal(heads->numbers[i], number)) return true;
    return false;
}

static Err find_heads(Cx *cx, const PageWords *words, Heads *ret_heads)
{
    *ret_heads = (Heads){};
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        Slice number = {};
        if (mark->label != LABEL_NUMBER) continue;
        TRY(read_pdf_vat_number(cx, words, mark, &number));
        if (number.size == 0 || has_number(ret_heads, number)) continue;
        if (ret_heads->count == READ_PDF_SPLIT_MAX) {
            ret_heads->many = true;
            return ERR_OK;
        }
        ret_heads->marks[ret_heads->count] = mark;
        ret_heads->numbers[ret_heads->count++] = number;
    }
    return ERR_OK;
}

static size_t count_marks(const Marks *marks, Label label)
{
    size_t count = 0;
    for (size_t i = 0; i < marks->count; i++)
        count += marks->items[i].label == label;
    return count;
}

// What lies in the box, as a page.
static Err cut_out(Cx *cx, const PdfPage *page, const LayoutBox *box, PdfPage *ret)
{
    PdfGlyph *glyphs = arena_try_array(&cx->arena, page->count + 1, sizeof *glyphs);
    if (glyphs == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    size_t count = 0;
    for (size_t i = 0; i < page->count; i++) {
        PdfGlyph glyph = page->glyphs[i];
        float x = (glyph.x1 + glyph.x2) / 2, y = (glyph.y1 + glyph.y2) / 2;
        if (x < box->x1 || x >= box->x2 || y < box->y1 || y >= box->y2) continue;
        glyph.x1 -= box->x1;
        glyph.x2 -= box->x1;
        glyph.y1 -= box->y1;
        glyph.y2 -= box->y1;
        glyphs[count++] = glyph;
    }
    *ret = (PdfPage){.width = (double)(box->x2 - box->x1),
                     .height = (double)(box->y2 - box->y1),
                     .glyphs = glyphs,
                     .count = count};
    return ERR_OK;
}

// White above and below what is printed is cut: titles are looked for at the top of a page.
static void trim(PdfPage *page, float edge)
{
    float top = (float)page->height, bottom = 0;
    for (size_t i = 0; i < page->count; i++) {
        if (page->glyphs[i].code <= ' ') continue;
        top = fminf(top, page->glyphs[i].y1);
        bottom = fmaxf(bottom, page->glyphs[i].y2);
    }
    if (bottom <= top) return;
    top -= edge;
    for (size_t i = 0; i < page->count; i++) {
        page->glyphs[i].y1 -= top;
        page->glyphs[i].y2 -= top;
    }
    page->height = (double)(bottom - top + edge);
}

// One form and no more: a number, a date, and the row of the total.
static bool is_one(const PageWords *words, const Heads *heads)
{
    bool ticket = words->form == PAGE_AIR || words->form == PAGE_RAIL;
    bool form = ticket || words->form == PAGE_VAT || words->form == PAGE_VEHICLE;
    return form && heads->count == 1 && count_marks(&words->marks, LABEL_DATE) == 1 &&
           (ticket || count_marks(&words->marks, LABEL_WORDS) == 1);
}

// One part: taken when it is one invoice of a number that no other part has. *ret_fits = false
// leaves the parts as they are.
static Err add_part(Cx *cx, const PdfPage *page, const LayoutBox *box, float size, PdfParts *parts,
                    bool *ret_fits)
{
    PdfPage part = {};
    PageWords words = {};
    Heads heads = {};
    TRY(cut_out(cx, page, box, &part));
    trim(&part, size * EDGE);
    TRY(read_pdf_vat_words(cx, &part, &words));
    TRY(find_heads(cx, &words, &heads));
    *ret_fits = is_one(&words, &heads) && parts->count < READ_PDF_SPLIT_MAX;
    for (size_t i = 0; i < parts->count && *ret_fits; i++)
        *ret_fits = !slice_equal(parts->words[i].number, words.number);
    if (*ret_fits) parts->words[parts->count++] = words;
    return ERR_OK;
}

// The white above the head whose number is `mark`: rows of a head stand close to each other.
static float above_head(const Layout *layout, const Mark *mark)
{
    float top = mark->y1;
    for (size_t r = layout->row_count; r > 0; r--) {
        const LayoutRow *row = &layout->rows[r - 1];
        if (row->y1 >= top) continue;
        if (top - row->y2 > layout->size * HEAD_GAP) return (top + row->y2) / 2;
        top = row->y1;
    }
    return 0;
}

typedef struct Cuts {
    float at[READ_PDF_SPLIT_MAX + 1]; // ascending, the column's ends with them
    size_t count;                     // of parts
} Cuts;

static Cuts cuts_of(const Layout *layout, const Heads *heads, bool equal)
{
    Cuts cuts = {.count = heads->count};
    for (size_t i = 1; i < heads->count; i++)
        cuts.at[i] = equal ? layout->height * (float)i / (float)heads->count
                           : above_head(layout, heads->marks[i]);
    cuts.at[heads->count] = layout->height;
    return cuts;
}

static Err cut_column(Cx *cx, const PdfPage *column, float size, const Cuts *cuts, PdfParts *parts,
                      bool *ret_fits)
{
    size_t before = parts->count;
    *ret_fits = true;
    for (size_t i = 0; i < cuts->count && *ret_fits; i++) {
        LayoutBox box = {
            .y1 = cuts->at[i], .x2 = (float)column->width, .y2 = cuts->at[i + 1], .known = true};
        *ret_fits = box.y2 > box.y1;
        if (*ret_fits) TRY(add_part(cx, column, &box, size, parts, ret_fits));
    }
    if (!*ret_fits) parts->count = before;
    return ERR_OK;
}

static Err split_column(Cx *cx, const PdfPage *page, const LayoutBox *box, PdfParts *parts,
                        bool *ret_fits)
{
    PdfPage column = {};
    PageWords words = {};
    Heads heads = {};
    TRY(cut_out(cx, page, box, &column));
    TRY(read_pdf_vat_words(cx, &column, &words));
    TRY(find_heads(cx, &words, &heads));
    // The last column of an odd number of invoices may be white.
    *ret_fits = heads.count == 0 && words.form == PAGE_NONE;
    for (int equal = 0; equal < 2 && heads.count > 0 && !heads.many && !*ret_fits; equal++) {
        Cuts cuts = cuts_of(&words.layout, &heads, equal == 1);
        TRY(cut_column(cx, &column, words.layout.size, &cuts, parts, ret_fits));
    }
    return ERR_OK;
}

Err read_pdf_split(Cx *cx, const PdfPage *page, const PageWords *words, PdfParts *ret_parts)
{
    Heads heads = {};
    ret_parts->count = 0;
    ret_parts->several = false;
    if (words->form == PAGE_NONE || words->form == PAGE_BROKEN || words->form == PAGE_LIST)
        return ERR_OK;
    TRY(find_heads(cx, words, &heads));
    if (heads.count < 2 || count_marks(&words->marks, LABEL_DATE) < 2) return ERR_OK;
    ret_parts->several = true;
    for (int columns = 1; columns <= COLUMNS_MAX; columns++) {
        float wide = (float)page->width / (float)columns;
        bool fits = true;
        ret_parts->count = 0;
        for (int i = 0; i < columns && fits; i++) {
            LayoutBox box = {.x1 = wide * (float)i,
                             .x2 = wide * (float)(i + 1),
                             .y2 = (float)page->height,
                             .known = true};
            TRY(split_column(cx, page, &box, ret_parts, &fits));
        }
        if (fits && ret_parts->count >= heads.count) return ERR_OK;
    }
    ret_parts->count = 0;
    return ERR_OK;
}
