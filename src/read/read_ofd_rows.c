#include "read/read_ofd_rows.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

#define ROW_UM     1200  // baselines of one row differ less: labels and values are set apart
#define PIECES_MAX 20000 // of one page; a page of a long list has 350, or 4,000 single characters
#define BYTES_MAX  65536 // of one page
#define APART_UM   1500  // two pieces with more between them are two words
#define SHORT      2     // characters of a piece that may be part of a word
#define LEVEL_UM   300   // the baselines of one word differ by less

static int by_height(const void *a, const void *b)
{
    const OfdText *p = *(const OfdText *const *)a, *q = *(const OfdText *const *)b;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    return p->x1 < q->x1 ? -1 : p->x1 > q->x1;
}

static int by_x(const void *a, const void *b)
{
    const OfdText *p = *(const OfdText *const *)a, *q = *(const OfdText *const *)b;
    if (p->x1 != q->x1) return p->x1 < q->x1 ? -1 : 1;
    return p < q ? -1 : p > q;
}

static bool is_blank(uint32_t point)
{
    return point == ' ' || (point >= 9 && point <= 13) || point == 0x3000 || point == 0xA0;
}

static bool is_side_word(Slice text)
{
    static const Slice words = SLICE("购买方销售信息密码区备注说明");
    size_t size = utf8_head(text, NULL);
    if (size != 3 || text.size != 3) return false;
    for (size_t i = 0; i + 3 <= words.size; i += 3)
        if (slice_equal(slice_sub(words, i, 3), text)) return true;
    return false;
}

// 销 of 销售方 stands alone between the buyer's name and the seller's label: no part of either.
static void drop_side_words(Row *row)
{
    size_t kept = 0;
    for (size_t i = 0; i < row->count; i++) {
        const OfdText *piece = row->pieces[i];
        bool left = i == 0 || piece->x1 - row->pieces[i - 1]->x2 > 800;
        bool right = i + 1 == row->count || row->pieces[i + 1]->x1 - piece->x2 > 300;
        if (is_side_word(piece->text) && left && right) continue;
        row->pieces[kept++] = piece;
    }
    row->count = kept;
}

static bool is_short(Slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size && count <= SHORT; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count <= SHORT;
}

// Some writers set each character by itself: a piece so short that stands right behind another one
// goes on with it.
static bool goes_on(const OfdText *last, const OfdText *next)
{
    if (last->template != next->template) return false;
    if (!is_short(next->text) || last->y - next->y > LEVEL_UM || next->y - last->y > LEVEL_UM)
        return false;
    int64_t gap = (int64_t)next->x1 - last->x2, wide = (int64_t)next->x2 - next->x1;
    return gap <= wide / 2 && gap >= -wide;
}

static Err join(Cx *cx, const OfdText *const *pieces, size_t count, const OfdText **ret_piece)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += pieces[i]->text.size;
    OfdText *whole = arena_try_array(&cx->arena, 1, sizeof *whole);
    char *text = arena_try_alloc(&cx->arena, size);
    if (whole == NULL || text == NULL) return err_set(cx, ERR_LIMIT, "no room for a row");
    *whole = *pieces[0];
    whole->text = (Slice){text, size};
    whole->raw = SLICE("");
    for (size_t i = 0, at = 0; i < count; at += pieces[i++]->text.size)
        memcpy(text + at, pieces[i]->text.data, pieces[i]->text.size);
    whole->x2 = pieces[count - 1]->x2;
    whole->left = whole->x1; // no box is around it all
    whole->right = whole->x2;
    *ret_piece = whole;
    return ERR_OK;
}

static Err join_characters(Cx *cx, Row *row)
{
    size_t kept = 0;
    for (size_t i = 0, end = 0; i < row->count; i = end) {
        bool begins = is_short(row->pieces[i]->text);
        for (end = i + 1; begins && end < row->count; end++)
            if (!goes_on(row->pieces[end - 1], row->pieces[end])) break;
        const OfdText *piece = row->pieces[i];
        if (end - i > 1) TRY(join(cx, &row->pieces[i], end - i, &piece));
        row->pieces[kept++] = piece;
    }
    row->count = kept;
    return ERR_OK;
}

static Err fold_row(Cx *cx, Row *row)
{
    size_t room = 0;
    for (size_t i = 0; i < row->count; i++)
        room += row->pieces[i]->text.size;
    char *folded = arena_try_alloc(&cx->arena, room + 1);
    row->spots = arena_try_array(&cx->arena, room + 1, sizeof *row->spots);
    if (folded == NULL || row->spots == NULL) return err_set(cx, ERR_LIMIT, "no room for a row");
    size_t size = 0;
    for (size_t i = 0; i < row->count; i++) {
        Slice text = row->pieces[i]->text;
        for (size_t at = 0; at < text.size;) {
            uint32_t point = 0;
            size_t step = utf8_head(slice_sub(text, at, 4), &point);
            if (step == 0) {
                at++;
                continue;
            }
            if (point >= 0xFF01 && point <= 0xFF5E) point = point - 0xFF01 + 0x21;
            char bytes[4];
            size_t wide = is_blank(point) ? 0 : utf8_put(point, bytes);
            for (size_t b = 0; b < wide; b++) {
                row->spots[size] = (RowSpot){(uint32_t)i, (uint32_t)at};
                folded[size++] = bytes[b];
            }
            at += step;
        }
    }
    row->folded = (Slice){folded, size};
    return ERR_OK;
}

// Words down the side stand at any height: a row is where its first other piece is.
static void add_piece(Rows *rows, const OfdText **piece)
{
    Row *last = rows->count > 0 ? &rows->items[rows->count - 1] : NULL;
    int32_t y = (*piece)->y;
    if (last == NULL || y - last->y > ROW_UM) {
        rows->items[rows->count++] = (Row){.pieces = piece, .y = y, .count = 1};
        return;
    }
    // So long as nothing else is in it.
    bool side = true;
    for (size_t i = 0; i < last->count && side; i++)
        side = is_side_word(last->pieces[i]->text);
    if (side) last->y = y;
    last->count++;
}

Err read_ofd_rows_of_page(Cx *cx, const OfdTexts *texts, size_t page, Rows *ret_rows)
{
    size_t room = 0, bytes = 0;
    for (size_t i = 0; i < texts->count; i++) {
        if (texts->items[i].page != page) continue;
        room++;
        bytes += texts->items[i].text.size;
    }
    *ret_rows = (Rows){};
    if (room > PIECES_MAX || bytes > BYTES_MAX) return ERR_OK; // no form looks so
    const OfdText **pieces = arena_try_array(&cx->arena, room + 1, sizeof(void *));
    Row *items = arena_try_array(&cx->arena, room + 1, sizeof *items);
    if (pieces == NULL || items == NULL) return err_set(cx, ERR_LIMIT, "no room for the rows");
    Rows rows = {.items = items};
    size_t count = 0;
    for (size_t i = 0; i < texts->count; i++) {
        const OfdText *text = &texts->items[i];
        if (text->page != page || text->vertical) continue;
        pieces[count++] = text;
        if (text->x2 > rows.width) rows.width = text->x2;
    }
    if (count > 0) qsort(pieces, count, sizeof(void *), by_height);
    for (size_t i = 0; i < count; i++)
        add_piece(&rows, &pieces[i]);
    for (size_t i = 0; i < rows.count; i++) {
        qsort(items[i].pieces, items[i].count, sizeof(void *), by_x);
        drop_side_words(&items[i]);
        TRY(join_characters(cx, &items[i]));
        TRY(fold_row(cx, &items[i]));
    }
    *ret_rows = rows;
    return ERR_OK;
}

bool read_ofd_rows_edge(const Row *row, size_t at)
{
    if (at == 0) return true;
    RowSpot here = row->spots[at], before = row->spots[at - 1];
    if (here.piece != before.piece || here.offset == 0) return true;
    if (here.offset == before.offset) return false; // inside a character
    char last = row->folded.data[at - 1];
    if (last == ';' || last == ',') return true;
    // A blank between the two that folding took out.
    Slice text = row->pieces[here.piece]->text;
    size_t step = utf8_head(slice_sub(text, before.offset, 4), NULL);
    return before.offset + step < here.offset;
}

bool read_ofd_rows_begins(const Row *row, size_t at, Slice word)
{
    return slice_equal(slice_sub(row->folded, at, word.size), word) && read_ofd_rows_edge(row, at);
}

const OfdText *read_ofd_rows_piece(const Row *row, size_t at)
{
    return row->pieces[row->spots[at].piece];
}

int32_t read_ofd_rows_x(const Row *row, size_t at)
{
    const OfdText *piece = read_ofd_rows_piece(row, at);
    int64_t width = (int64_t)piece->x2 - piece->x1;
    return piece->x1 + (int32_t)(width * row->spots[at].offset / (int64_t)piece->text.size);
}

Err read_ofd_rows_text(Cx *cx, const Row *row, size_t from, size_t to, Slice *ret_text)
{
    *ret_text = SLICE("");
    if (from >= to) return ERR_OK;
    RowSpot first = row->spots[from], last = row->spots[to - 1];
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (uint32_t i = first.piece; i <= last.piece; i++) {
        const OfdText *piece = row->pieces[i];
        size_t begin = i == first.piece ? first.offset : 0, end = piece->text.size;
        if (i == last.piece)
            end = last.offset + utf8_head(slice_sub(piece->text, last.offset, 4), NULL);
        Slice part = slice_sub(piece->text, begin, end - begin);
        if (first.piece == last.piece) { // the usual case needs no copy
            *ret_text = slice_trim(part);
            return ERR_OK;
        }
        if (text.size > 0 && piece->x1 - row->pieces[i - 1]->x2 > APART_UM) text_byte(&text, ' ');
        text_add(&text, part);
    }
    *ret_text = slice_trim(text_so_far(&text));
    return ERR_OK;
}

bool read_ofd_rows_is_line(const Rows *rows, size_t index)
{
    Slice own = rows->items[index].folded;
    bool rate = slice_find(own, SLICE("%")) != SLICE_NONE ||
                slice_find(own, SLICE("免税")) != SLICE_NONE ||
                slice_find(own, SLICE("不征税")) != SLICE_NONE;
    if (!rate || !slice_starts(own, SLICE("合计"))) return false;
    for (size_t i = index + 1; i < rows->count; i++) {
        Slice folded = rows->items[i].folded;
        if (slice_starts(folded, SLICE("合计"))) return true;
        if (slice_find(folded, SLICE("价税合计")) != SLICE_NONE) return false;
    }
    return false;
}
