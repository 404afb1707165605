#include "read/read_ofd_sheets.h"

#include <stdlib.h>

#include "base/limits.h"
#include "read/read_ofd_rows.h"

#define FORMS_MAX   16   // on one page
#define COLUMNS_MAX 2    // of forms
#define LEVEL_UM    5000 // numbers of forms side by side stand so level
#define ABOVE_UM    1500 // from a baseline to what is above it

typedef struct Head {
    int32_t x, y;
} Head;

typedef struct Heads {
    Head items[FORMS_MAX]; // from the top, and from the left where they stand level
    size_t count, dates;
    int32_t left, top; // of all that is printed
    bool many;         // more than have room
} Heads;

typedef struct Box {
    int32_t x1, y1, x2, y2;
} Box;

// Cheap, and true of every page that has two heads: each letter may be a text of its own.
static bool may_be_several(const OfdTexts *texts, size_t page)
{
    size_t numbers = 0, dates = 0;
    for (size_t i = 0; i < texts->count; i++) {
        if (texts->items[i].page != page) continue;
        numbers += slice_find(texts->items[i].text, SLICE("码")) != SLICE_NONE;
        dates += slice_find(texts->items[i].text, SLICE("期")) != SLICE_NONE;
    }
    return numbers > 1 && dates > 1;
}

static int by_place(const void *a, const void *b)
{
    const Head *p = a, *q = b;
    if (abs(p->y - q->y) > LEVEL_UM) return p->y < q->y ? -1 : 1;
    return p->x < q->x ? -1 : p->x > q->x;
}

static void take_labels(const Row *row, Heads *heads)
{
    static const Slice number = SLICE("发票号码:"), date = SLICE("开票日期:");
    for (size_t at = 0; at < row->folded.size; at++) {
        heads->dates += read_ofd_rows_begins(row, at, date);
        if (!read_ofd_rows_begins(row, at, number)) continue;
        if (heads->count < FORMS_MAX)
            heads->items[heads->count++] = (Head){read_ofd_rows_x(row, at), row->y};
        else
            heads->many = true;
    }
}

static Err find_heads(Cx *cx, const OfdTexts *texts, size_t page, Heads *ret_heads)
{
    Rows rows = {};
    *ret_heads = (Heads){.left = INT32_MAX, .top = INT32_MAX};
    TRY(read_ofd_rows_of_page(cx, texts, page, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        take_labels(&rows.items[i], ret_heads);
        for (size_t p = 0; p < rows.items[i].count; p++) {
            const OfdText *piece = rows.items[i].pieces[p];
            if (piece->x1 < ret_heads->left) ret_heads->left = piece->x1;
            if (piece->y < ret_heads->top) ret_heads->top = piece->y;
        }
    }
    if (ret_heads->count > 1)
        qsort(ret_heads->items, ret_heads->count, sizeof *ret_heads->items, by_place);
    return ERR_OK;
}

static bool is_level(const Head *a, const Head *b)
{
    return abs(a->y - b->y) <= LEVEL_UM;
}

// The places of the forms, by how their numbers stand to the first one. 0 when they stand in no
// rows and columns.
static size_t boxes_of(const Heads *heads, Box *boxes)
{
    const Head *first = &heads->items[0];
    size_t columns = 1;
    while (columns < heads->count && is_level(first, &heads->items[columns]))
        columns++;
    if (columns > COLUMNS_MAX) return 0;
    for (size_t i = 0; i < heads->count; i++) {
        const Head *head = &heads->items[i], *row = &heads->items[i - i % columns];
        const Head *below = i - i % columns + columns < heads->count ? row + columns : NULL;
        bool last = i % columns == columns - 1 || i + 1 == heads->count;
        if (!is_level(head, row) || (below != NULL && is_level(row, below))) return 0;
        int32_t top = heads->top - first->y - ABOVE_UM, left = heads->left - first->x - ABOVE_UM;
        boxes[i] = (Box){.x1 = i % columns == 0 ? INT32_MIN : head->x + left,
                         .y1 = row == first ? INT32_MIN : row->y + top,
                         .x2 = last ? INT32_MAX : (head + 1)->x + left,
                         .y2 = below == NULL ? INT32_MAX : below->y + top};
    }
    return heads->count;
}

static bool is_in(const OfdText *text, const Box *box)
{
    return text->x1 >= box->x1 && text->x1 < box->x2 && text->y >= box->y1 && text->y < box->y2;
}

static void move(OfdText *text, const Box *box, size_t page)
{
    int32_t x = box->x1 == INT32_MIN ? 0 : box->x1, y = box->y1 == INT32_MIN ? 0 : box->y1;
    text->page = page;
    text->x1 -= x;
    text->x2 -= x;
    text->left -= x;
    text->right -= x;
    text->y -= y;
}

// What stands in the box becomes page `to` at the end of `sheets`.
static void cut_out(const OfdTexts *texts, size_t page, const Box *box, size_t to, OfdTexts *sheets)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (texts->items[i].page != page || !is_in(&texts->items[i], box)) continue;
        OfdText *text = &sheets->items[sheets->count++];
        *text = texts->items[i];
        move(text, box, to);
    }
}

static const Box whole = {INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX};

// *ret_count: of the page's parts, 1 when it is left as it is.
static Err part_page(Cx *cx, const OfdTexts *texts, size_t page, Box *boxes, size_t *ret_count,
                     bool *several)
{
    Heads heads = {};
    boxes[0] = whole;
    *ret_count = 1;
    if (!may_be_several(texts, page)) return ERR_OK;
    TRY(find_heads(cx, texts, page, &heads));
    if (heads.count < 2 || heads.dates < 2) return ERR_OK;
    size_t count = heads.many || heads.dates != heads.count ? 0 : boxes_of(&heads, boxes);
    OfdTexts part = {.items = arena_try_array(&cx->arena, texts->count + 1, sizeof *part.items)};
    if (part.items == NULL) return err_set(cx, ERR_LIMIT, "no room for the pages");
    bool fits = count > 0;
    for (size_t i = 0; i < count && fits; i++) {
        part.count = 0;
        cut_out(texts, page, &boxes[i], 0, &part);
        TRY(find_heads(cx, &part, 0, &heads));
        fits = heads.count == 1 && heads.dates == 1;
    }
    if (fits)
        *ret_count = count;
    else
        boxes[0] = whole;
    *several = *several || !fits;
    return ERR_OK;
}

Err read_ofd_sheets(Cx *cx, const OfdDoc *doc, const OfdTexts *texts, OfdSheets *ret_sheets)
{
    *ret_sheets = (OfdSheets){};
    Box(*boxes)[FORMS_MAX] = arena_try_array(&cx->arena, doc->page_count + 1, sizeof *boxes);
    size_t *counts = arena_try_array(&cx->arena, doc->page_count + 1, sizeof *counts), total = 0;
    if (boxes == NULL || counts == NULL) return err_set(cx, ERR_LIMIT, "no room for the pages");
    for (size_t page = 0; page < doc->page_count; page++) {
        TRY(part_page(cx, texts, page, boxes[page], &counts[page], &ret_sheets->several));
        total += counts[page];
    }
    if (total == doc->page_count) return ERR_OK;
    OfdSheets sheets = {.doc = *doc, .texts = *texts, .parted = true};
    sheets.doc.pages = arena_try_array(&cx->arena, total, sizeof *doc->pages);
    sheets.texts.items = arena_try_array(&cx->arena, texts->count + 1, sizeof *texts->items);
    if (sheets.doc.pages == NULL || sheets.texts.items == NULL)
        return err_set(cx, ERR_LIMIT, "no room for the pages");
    sheets.doc.page_count = sheets.texts.count = 0;
    for (size_t page = 0; page < doc->page_count; page++) {
        for (size_t i = 0; i < counts[page]; i++) {
            cut_out(texts, page, &boxes[page][i], sheets.doc.page_count, &sheets.texts);
            sheets.doc.pages[sheets.doc.page_count++] = doc->pages[page];
        }
    }
    sheets.several = ret_sheets->several;
    *ret_sheets = sheets;
    return ERR_OK;
}
