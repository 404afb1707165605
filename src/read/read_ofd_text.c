// The face of an invoice, 210 x 140 mm. Labels are printed form, values stand right of them on the
// same baseline (within a millimetre), until the next label or the right half of the form:
//
//   机器编号：…            重庆增值税电子普通发票         发票代码：… / 发票号码：… / 开票日期：…
//   购|名称：…                              |密|                                        校验码：…
//   买|纳税人识别号：…                      |码|            数电票: buyer and seller side by side,
//   方|地址、电话：… 开户行及账号：…        |区|            both with the label 名称：
//   项目名称 规格型号 单位 数量 单价 金额 税率 税额         (read_ofd_table)
//   合计                                    ¥…        ¥…
//   价税合计（大写） …                      （小写）¥…
//   销|名称：… and the rest as above        |备|
//   收款人：…        复核：…        开票人：…
#include "read/read_ofd_text.h"

#include "base/limits.h"
#include "base/text.h"
#include "read/read_ofd_join.h"
#include "read/read_ofd_label.h"
#include "read/read_ofd_rows.h"
#include "read/read_put.h"

#define CONFIDENCE 950 // by layout: a label may belong to another value
#define APART_UM   6000
#define REMARK_UM  1200
#define WRAP_UM    4200 // a wrapped row stands at most so far below its first

typedef struct Face {
    Rows rows;
    unsigned seen[OFD_LABEL_STOP]; // how often each party label came
    Field id; // of the party whose name was printed in full just before, or none
} Face;

// What belongs to a label in the left part of the form ends where the right part begins.
static size_t value_end(const Face *face, const Row *row, size_t label, size_t from,
                        int32_t apart_um)
{
    size_t end = read_ofd_label_next(row, from);
    int32_t half = face->rows.width / 2, right = (int32_t)((int64_t)face->rows.width * 575 / 1000);
    if (apart_um < 0 || read_ofd_rows_x(row, label) > half) right = INT32_MAX;
    for (size_t at = from; at < end; at++) {
        if (row->spots[at].offset != 0) continue;
        const OfdText *piece = read_ofd_rows_piece(row, at);
        if (piece->x1 > right) return at;
        // What stands far off belongs to something else: 票价：￥48.00          一等座
        if (at > from && apart_um > 0 &&
            piece->x1 - read_ofd_rows_piece(row, at - 1)->x2 > apart_um)
            return at;
    }
    return end;
}

// Whether the piece is a value that no label of its own row claims.
static bool is_loose(const Row *row, const OfdText *piece)
{
    if (piece->template) return false;
    for (size_t at = 0; at < row->folded.size; at++) {
        if (read_ofd_rows_piece(row, at)->x1 > piece->x1) break;
        if (read_ofd_label_at(row, at) != NULL) return false;
    }
    return true;
}

// The last piece of a value.
static const OfdText *last_piece(const Row *row, int32_t from_x, int32_t to_x)
{
    const OfdText *last = NULL;
    for (size_t p = 0; p < row->count; p++)
        if (row->pieces[p]->x2 > from_x && row->pieces[p]->x1 < to_x) last = row->pieces[p];
    return last;
}

static bool begins_at(const OfdText *piece, int32_t x)
{
    return !piece->template && piece->x1 > x - 600 && piece->x1 < x + 600;
}

// How far to the right values go that begin where this one does: a party's cell is as wide at
// least.
static int32_t wall_of(const Face *face, int32_t from_x, int32_t to_x)
{
    int32_t wall = from_x;
    for (size_t i = 0; i < face->rows.count; i++) {
        const Row *row = &face->rows.items[i];
        for (size_t p = 0; p < row->count; p++) {
            const OfdText *piece = row->pieces[p];
            if (begins_at(piece, from_x) && piece->x2 < to_x && piece->x2 > wall) wall = piece->x2;
        }
    }
    return wall;
}

// Names too long for a row run on below it, or stand half above and half below their label.
static Err wrapped(Cx *cx, const Face *face, size_t index, int32_t from_x, int32_t to_x,
                   Slice *value)
{
    const Row *own = &face->rows.items[index];
    bool empty = slice_empty(*value);
    OfdJoin join = read_ofd_join_open(cx);
    read_ofd_join_add(&join, *value);
    const OfdText *last = empty ? NULL : last_piece(own, from_x, to_x);
    join.blank = last != NULL && slice_ends(last->raw, SLICE(" "));
    int32_t wall = last == NULL ? 0 : wall_of(face, from_x, to_x);
    size_t first = index;
    while (empty && first > 0 && own->y - face->rows.items[first - 1].y < WRAP_UM)
        first--;
    for (size_t i = first; i < face->rows.count; i++) {
        const Row *row = &face->rows.items[i];
        if (row->y - own->y > WRAP_UM) break;
        if (row == own) continue;
        for (size_t p = 0; p < row->count; p++) {
            const OfdText *piece = row->pieces[p];
            bool in = piece->x1 > from_x - 600 && piece->x1 < to_x;
            // What goes on below begins where the value began.
            if (!empty) in = begins_at(piece, from_x);
            if (!in || !is_loose(row, piece)) continue;
            if (last != NULL)
                read_ofd_join_row(&join, wall - last->x2, piece->text, piece->x2 - piece->x1);
            if (last != NULL) last = piece;
            read_ofd_join_add(&join, read_ofd_join_piece(piece));
        }
    }
    *value = read_ofd_join_text(&join);
    return ERR_OK;
}

static Err put(Cx *cx, Draft *draft, Field field, Slice value)
{
    bool loose = draft_field_type(field) == FIELD_TEXT;
    while (field != DRAFT_REMARK && slice_ends(value, SLICE(";")))
        value.size--;
    if (slice_empty(value) || (loose && !slice_empty(draft_get(draft, field)))) return ERR_OK;
    return draft_set(cx, draft, field, value, SOURCE_TEXT, CONFIDENCE);
}

static bool is_money(Slice text)
{
    bool any = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool digit = (c >= '0' && c <= '9') || c == '*';
        if (!digit && c != '.' && c != ',' && c != '-') return false;
        any = any || digit;
    }
    return any;
}

// "¥10000.00 ¥600.00": the marks and gaps part the two.
static Err put_sum(Cx *cx, const Row *row, size_t from, size_t to, Draft *draft)
{
    static const Field fields[] = {DRAFT_AMOUNT, DRAFT_TAX};
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (size_t at = from; at < to; at++) {
        Slice rest = slice_sub(row->folded, at, SIZE_MAX);
        bool begins = at > from && row->spots[at].piece != row->spots[at - 1].piece;
        if (begins) text_byte(&text, ' ');
        if (slice_starts(rest, SLICE("¥")) || slice_starts(rest, SLICE("￥"))) {
            // "-¥100.00" is said as often as "¥-100.00".
            if (!slice_ends(text_so_far(&text), SLICE("-"))) text_byte(&text, ' ');
            at += slice_starts(rest, SLICE("¥")) ? 1 : 2;
        } else {
            text_byte(&text, row->folded.data[at]);
        }
    }
    Slice rest = text_so_far(&text), part = {};
    bool done = false;
    size_t found = 0;
    while (found < 2 && slice_cut(&rest, ' ', &done, &part)) {
        if (slice_empty(part)) continue;
        if (!is_money(part)) break;
        TRY(put(cx, draft, fields[found++], part));
    }
    return ERR_OK;
}

// The mark ⊗ before the words is no part of them.
static Slice trim_words(Slice value)
{
    static const Slice begins = SLICE("零壹贰叁肆伍陆柒捌玖拾（(负");
    for (size_t at = 0; at < value.size; at++)
        for (size_t i = 0; i < begins.size; i += begins.data[i] == '(' ? 1 : 3) {
            Slice mark = slice_sub(begins, i, begins.data[i] == '(' ? 1 : 3);
            Slice rest = slice_sub(value, at, SIZE_MAX);
            if (slice_starts(rest, mark)) return rest;
        }
    return value;
}

static Field party_field(OfdLabelKind what, unsigned seen)
{
    static const Field fields[][2] = {
        [OFD_LABEL_NAME] = {DRAFT_BUYER_NAME, DRAFT_SELLER_NAME},
        [OFD_LABEL_TAX_ID] = {DRAFT_BUYER_TAX_ID, DRAFT_SELLER_TAX_ID},
        [OFD_LABEL_ADDRESS] = {DRAFT_BUYER_ADDRESS_PHONE, DRAFT_SELLER_ADDRESS_PHONE},
        [OFD_LABEL_BANK] = {DRAFT_BUYER_BANK_ACCOUNT, DRAFT_SELLER_BANK_ACCOUNT},
    };
    return seen < 2 ? fields[what][seen] : DRAFT_FIELD_COUNT;
}

static Err take_label(Cx *cx, Face *face, size_t index, size_t at, const OfdLabel *label,
                      Draft *draft)
{
    const Row *row = &face->rows.items[index];
    size_t from = at + label->word.size;
    if (from < row->folded.size && row->folded.data[from] == ':') from++;
    bool single = label->what == OFD_LABEL_TAX_ID ||
                  (label->what == OFD_LABEL_FIELD && draft_field_type(label->field) != FIELD_TEXT);
    // The two sums stand far right of their label.
    size_t to = value_end(face, row, at, from,
                          label->what == OFD_LABEL_SUM ? -1
                          : single                     ? APART_UM
                                                       : 0);
    if (label->what == OFD_LABEL_STOP) return ERR_OK;
    if (label->what == OFD_LABEL_SUM && read_ofd_rows_is_line(&face->rows, index)) return ERR_OK;
    if (label->what == OFD_LABEL_SUM) return put_sum(cx, row, from, to, draft);
    Slice value = {};
    TRY(read_ofd_rows_text(cx, row, from, to, &value));
    if (label->what == OFD_LABEL_WORDS) return put(cx, draft, DRAFT_TOTAL_WORDS, trim_words(value));
    if (label->what == OFD_LABEL_FIELD) {
        if (label->field == DRAFT_BUYER_NAME) face->id = DRAFT_BUYER_TAX_ID;
        if (label->field == DRAFT_SELLER_NAME) face->id = DRAFT_SELLER_TAX_ID;
        return put(cx, draft, label->field, value);
    }
    Field field = party_field(label->what, face->seen[label->what]++);
    // On a roll the seller stands first.
    if (label->what == OFD_LABEL_TAX_ID && face->id != DRAFT_FIELD_COUNT) field = face->id;
    if (field == DRAFT_FIELD_COUNT) return ERR_OK;
    if (label->what != OFD_LABEL_TAX_ID && slice_empty(draft_get(draft, field))) {
        int32_t from_x = slice_empty(value) ? read_ofd_rows_piece(row, from - 1)->x2
                                            : read_ofd_rows_x(row, from);
        int32_t to_x = to < row->folded.size ? read_ofd_rows_x(row, to)
                       : read_ofd_rows_x(row, at) < face->rows.width / 2
                           ? (int32_t)((int64_t)face->rows.width * 575 / 1000)
                           : face->rows.width;
        TRY(wrapped(cx, face, index, from_x, to_x, &value));
    }
    return put(cx, draft, field, value);
}

// The remark stands right of the word 备注 down the side, below the totals and above the
// signatures. Unknown (bottom <= top) where one of these is not found.
typedef struct Remark {
    int32_t left, top, bottom;
} Remark;

static Remark find_remark(const Face *face, const OfdTexts *texts, size_t page)
{
    const OfdText *side = NULL;
    for (size_t i = 0; i < texts->count && side == NULL; i++) {
        const OfdText *text = &texts->items[i];
        bool word = slice_equal(text->text, SLICE("备")) || slice_equal(text->text, SLICE("备注"));
        if (word && text->page == page) side = text;
    }
    if (side == NULL) return (Remark){};
    int32_t top = INT32_MIN, bottom = INT32_MIN;
    for (size_t i = 0; i < face->rows.count; i++) {
        const Row *row = &face->rows.items[i];
        for (size_t at = 0; at < row->folded.size; at++) {
            const OfdLabel *label = read_ofd_label_at(row, at);
            if (label == NULL || label->what != OFD_LABEL_FIELD) continue;
            bool total = label->field == DRAFT_TOTAL, last = label->field == DRAFT_ISSUER;
            if (total && row->y < side->y && top == INT32_MIN) top = row->y;
            if (last && row->y > side->y) bottom = row->y; // the lowest: a remark may name one
        }
    }
    if (top == INT32_MIN || bottom == INT32_MIN) return (Remark){};
    return (Remark){side->x2 - 1000, top + REMARK_UM, bottom - REMARK_UM};
}

static bool is_remark(const Remark *remark, int32_t x, int32_t y)
{
    return y > remark->top && y < remark->bottom && x >= remark->left;
}

static Err put_remark(Cx *cx, const Face *face, const Remark *remark, Draft *draft)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (size_t i = 0; i < face->rows.count; i++) {
        const Row *row = &face->rows.items[i];
        for (size_t p = 0; p < row->count; p++) {
            const OfdText *piece = row->pieces[p];
            if (piece->template || !is_remark(remark, piece->x1, row->y)) continue;
            if (text.size > 0) text_byte(&text, ' ');
            text_add(&text, piece->text);
        }
    }
    return put(cx, draft, DRAFT_REMARK, text_so_far(&text));
}

Err read_ofd_text_fill(Cx *cx, const OfdTexts *texts, size_t page, Draft *draft)
{
    Face face = {.id = DRAFT_FIELD_COUNT};
    TRY(read_ofd_rows_of_page(cx, texts, page, &face.rows));
    Remark remark = find_remark(&face, texts, page);
    for (size_t i = 0; i < face.rows.count; i++) {
        const Row *row = &face.rows.items[i];
        for (size_t at = 0; at < row->folded.size; at++) {
            const OfdLabel *label = read_ofd_label_at(row, at);
            if (label == NULL) continue;
            // What a remark calls so is said of something else, but for who took the money.
            bool person = label->what == OFD_LABEL_FIELD &&
                          (label->field == DRAFT_PAYEE || label->field == DRAFT_REVIEWER);
            if (!person && is_remark(&remark, read_ofd_rows_x(row, at), row->y)) continue;
            TRY(take_label(cx, &face, i, at, label, draft));
            at += label->word.size - 1;
        }
    }
    read_put_drop_foreign(draft);
    return put_remark(cx, &face, &remark, draft);
}

Slice read_ofd_text_kind(Cx *cx, const OfdTexts *texts, size_t page)
{
    static const struct {
        Slice title, kind;
    } titles[] = {
        {SLICE("铁路电子客票)"), SLICE("51")},
        {SLICE("航空运输电子客票行程单)"), SLICE("61")},
        {SLICE("电子发票(机动车"), SLICE("83")},
        {SLICE("电子发票(二手车"), SLICE("84")},
        {SLICE("电子发票(增值税专用发票)"), SLICE("31")},
        {SLICE("电子发票(普通发票)"), SLICE("32")},
        {SLICE("通行费增值税电子普通发票"), SLICE("14")},
        {SLICE("增值税电子专用发票"), SLICE("08")},
        {SLICE("增值税电子普通发票"), SLICE("10")},
    };
    Rows rows = {};
    if (read_ofd_rows_of_page(cx, texts, page, &rows) != ERR_OK) return SLICE("");
    for (size_t t = 0; t < sizeof titles / sizeof titles[0]; t++)
        for (size_t i = 0; i < rows.count; i++)
            if (slice_find(rows.items[i].folded, titles[t].title) != SLICE_NONE)
                return titles[t].kind;
    return SLICE("");
}
