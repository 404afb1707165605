#include "read/pdf_marks.h"

#define MARKS_MAX    2000  // of one page; a form has some forty
#define BESIDE_DOWN  0.7f  // heights between a label and a value in a row of its own
#define BESIDE_RIGHT 12.0f // heights from a label to such a value
#define ALONE_GAP    0.5f  // heights around a word that stands alone
#define LABEL_GAP    6.0f  // heights: 合 and 计 may stand so far apart

// Longer words first: the first that fits wins. Half-width forms, as LayoutGlyph.fold has them.
static const MarkWord words[] = {
    {"统一社会信用代码/纳税人识别号/身份证明号码", LABEL_TAX_ID},
    {"纳税人识别号/统一社会信用代码/身份证明号码", LABEL_TAX_ID},
    {"统一社会信用代码/纳税人识别号", LABEL_TAX_ID},
    {"纳税人识别号/统一社会信用代码", LABEL_TAX_ID},
    {"统一社会信用代码", LABEL_TAX_ID},
    {"纳税人识别号", LABEL_TAX_ID},
    {"纳税人识别码", LABEL_TAX_ID},
    {"货物或应税劳务、服务名称", LABEL_ITEM},
    {"货物或应税劳务,服务名称", LABEL_ITEM},
    {"货物或应税劳务服务名称", LABEL_ITEM},
    {"货物(劳务)名称", LABEL_ITEM},
    {"货物(劳务)服务名称", LABEL_ITEM},
    {"货物或应税劳务名称", LABEL_ITEM},
    {"货物、劳务名称", LABEL_ITEM},
    {"建筑项目名称", LABEL_OTHER},
    {"项目名称", LABEL_ITEM},
    {"规格型号", LABEL_SPEC},
    {"购买方名称", LABEL_BUYER_NAME},
    {"购货单位名称", LABEL_BUYER_NAME},
    {"购方名称", LABEL_BUYER_NAME},
    {"销售方名称", LABEL_SELLER_NAME},
    {"销货单位名称", LABEL_SELLER_NAME},
    {"销方名称", LABEL_SELLER_NAME},
    {"填开单位", LABEL_ISSUED_BY},
    {"原发票代码", LABEL_OTHER},
    {"原发票号码", LABEL_ORIGINAL},
    {"发票代码", LABEL_CODE},
    {"被红冲蓝字数电票号码", LABEL_OTHER}, // in a remark
    {"被红冲蓝字数电发票号码", LABEL_OTHER},
    {"数电发票号码", LABEL_DIGITAL},
    {"数电票号码", LABEL_DIGITAL},
    {"数电号码", LABEL_DIGITAL},
    {"全电发票号码", LABEL_DIGITAL},
    {"发票号码", LABEL_NUMBER},
    {"开票日期", LABEL_DATE},
    {"填开日期", LABEL_DATE},
    {"校验码", LABEL_CHECK},
    {"验证码", LABEL_OTHER},
    {"机器编号", LABEL_MACHINE},
    {"名称", LABEL_NAME},
    {"地址、电话", LABEL_ADDRESS},
    {"地址,电话", LABEL_ADDRESS},
    {"地址及电话", LABEL_ADDRESS},
    {"地址电话", LABEL_ADDRESS},
    {"开户行及账号", LABEL_BANK},
    {"开户行及帐号", LABEL_BANK},
    {"开户银行及账号", LABEL_BANK},
    {"开户银行及帐号", LABEL_BANK},
    {"价税合计(大写)", LABEL_WORDS},
    {"价税合计大写", LABEL_WORDS},
    {"车价合计(大写)", LABEL_WORDS},
    {"价税合计", LABEL_WORDS},
    {"合计金额(大写)", LABEL_WORDS}, // of a roll, whose amounts hold the tax
    {"合计金额(小写)", LABEL_FIGURES},
    {"(小写)", LABEL_FIGURES},
    {"小写", LABEL_FIGURES},
    {"不含税价", LABEL_NET},
    {"不含税金额", LABEL_AMOUNT},
    {"金额(不含税)", LABEL_AMOUNT},
    {"单价(不含税)", LABEL_PRICE},
    {"单价(含税)", LABEL_PRICE},
    {"单价/标准", LABEL_PRICE},
    {"总计", LABEL_SUBTOTAL},
    {"小计", LABEL_SUBTOTAL},
    {"合计", LABEL_SUM},
    {"收款人", LABEL_PAYEE},
    {"复核人", LABEL_REVIEWER},
    {"复核", LABEL_REVIEWER},
    {"开票人", LABEL_ISSUER},
    {"销售方:(章)", LABEL_STAMP},
    {"销售方(章)", LABEL_STAMP},
    {"销货单位:(章)", LABEL_STAMP},
    {"销货单位(章)", LABEL_STAMP},
    {"税率/征收率", LABEL_RATE},
    {"税率或征收率", LABEL_RATE},
    {"增值税税率", LABEL_AIR_RATE},
    {"增值税税额", LABEL_AIR_TAX},
    {"民航发展基金", LABEL_FUND},
    {"燃油附加费", LABEL_FUEL},
    {"其他税费", LABEL_OTHER_TAXES},
    {"原票价", LABEL_OTHER}, // what a ticket cost that was given back
    {"票价", LABEL_FARE},
    {"退票费", LABEL_FARE}, // of a rail ticket that was given back
    {"改签费", LABEL_FARE},
    {"税率", LABEL_RATE},
    {"征收率", LABEL_RATE},
    {"税额", LABEL_TAX},
    {"金额", LABEL_AMOUNT},
    {"单价", LABEL_PRICE},
    {"数量", LABEL_QUANTITY},
    {"单位", LABEL_UNIT},
    {"序号", LABEL_SEQUENCE},
    {"备注", LABEL_OTHER},
    {"出行人", LABEL_EXTRA},
    {"有效身份证件号", LABEL_EXTRA},
    {"出行日期", LABEL_EXTRA},
    {"出发地", LABEL_EXTRA},
    {"到达地", LABEL_EXTRA},
    {"交通工具类型", LABEL_EXTRA},
    {"运输工具种类", LABEL_EXTRA},
    {"运输工具牌号", LABEL_EXTRA},
    {"起运地", LABEL_EXTRA},
    {"运输货物名称", LABEL_EXTRA},
};

// 单位 and the like head a column and are everyday words as well: they count as labels only with a
// gap or the row's end on both sides; 名称 and 合计 with one on their left. A colon makes a label
// of any.
static bool stands_alone(const LayoutRow *row, const Mark *mark, float size)
{
    bool heading = mark->label >= LABEL_ITEM && mark->label <= LABEL_SEQUENCE;
    bool both = heading || mark->label == LABEL_EXTRA;
    bool left = both || mark->label == LABEL_NAME || mark->label == LABEL_SUM ||
                mark->label == LABEL_SUBTOTAL;
    size_t from = mark->from, to = mark->to;
    float gap = size * ALONE_GAP;
    if (left && from > 0 && row->glyphs[from].x1 - row->glyphs[from - 1].x2 <= gap) return false;
    bool end = to == row->count || row->glyphs[to].x1 - row->glyphs[to - 1].x2 > gap;
    return !both || end;
}

static bool mark_at(const LayoutRow *row, size_t at, float size, const MarkWord *table,
                    size_t count, Mark *ret)
{
    for (size_t i = 0; i < count; i++) {
        Mark mark = {.label = table[i].label, .from = at};
        if (!pdf_layout_match(row, at, slice_of(table[i].word), size * LABEL_GAP, &mark.to))
            continue;
        bool colon = mark.to < row->count && row->glyphs[mark.to].fold == ':';
        if (!colon && !stands_alone(row, &mark, size)) continue;
        if (colon) mark.to++;
        *ret = mark;
        return true;
    }
    return false;
}

Err pdf_marks(Cx *cx, Layout *layout, Marks *ret_marks)
{
    return pdf_marks_with(cx, layout, NULL, 0, ret_marks);
}

Err pdf_marks_with(Cx *cx, Layout *layout, const MarkWord *more, size_t more_count,
                   Marks *ret_marks)
{
    size_t room = 0, count = 0;
    for (size_t r = 0; r < layout->row_count; r++)
        room += layout->rows[r].count;
    room = room / 2 + 1 < MARKS_MAX ? room / 2 + 1 : MARKS_MAX;
    Mark *items = arena_try_array(&cx->arena, room, sizeof *items);
    if (items == NULL) return err_set(cx, ERR_LIMIT, "page text does not fit");
    for (size_t r = 0; r < layout->row_count; r++) {
        LayoutRow *row = &layout->rows[r];
        for (size_t at = 0; at < row->count && count < room; at++) {
            Mark mark = {};
            row->glyphs[at].label = false;
            if (!mark_at(row, at, layout->size, more, more_count, &mark) &&
                !mark_at(row, at, layout->size, words, sizeof words / sizeof words[0], &mark))
                continue;
            mark.row = r;
            mark.x1 = row->glyphs[mark.from].x1;
            mark.x2 = row->glyphs[mark.to - 1].x2;
            mark.y1 = row->glyphs[mark.from].y1;
            mark.y2 = row->glyphs[mark.from].y2;
            for (size_t i = mark.from; i < mark.to; i++)
                row->glyphs[i].label = true;
            items[count++] = mark;
            at = mark.to - 1;
        }
    }
    *ret_marks = (Marks){.items = items, .count = count};
    return ERR_OK;
}

const Mark *pdf_marks_find(const Marks *marks, Label label, size_t from)
{
    for (size_t i = from; i < marks->count; i++)
        if (marks->items[i].label == label) return &marks->items[i];
    return NULL;
}

// The glyph of another row that stands right of the mark, at about its height and nearest to it:
// values are sometimes printed a little above or below their label, or much larger.
static const LayoutRow *row_beside(const Layout *layout, const Mark *mark, float x_max,
                                   size_t *from)
{
    const LayoutRow *best = NULL;
    float nearest = layout->size * BESIDE_DOWN, y = (mark->y1 + mark->y2) / 2;
    for (size_t r = 0; r < layout->row_count; r++) {
        const LayoutRow *row = &layout->rows[r];
        if (r == mark->row || row->y2 < mark->y1 || row->y1 > mark->y2) continue;
        for (size_t i = 0; i < row->count; i++) {
            const LayoutGlyph *glyph = &row->glyphs[i];
            if (glyph->x1 < mark->x2 - 1 || glyph->x1 > x_max) continue;
            float away = (glyph->y1 + glyph->y2) / 2 - y;
            away = away < 0 ? -away : away;
            if (glyph->label || away > nearest) break;
            nearest = away;
            best = row;
            *from = i;
            break;
        }
    }
    return best;
}

Err pdf_marks_value(Cx *cx, const Layout *layout, const Marks *marks, const Mark *mark, float x_max,
                    float gap_max, Slice *ret_text)
{
    const LayoutRow *row = &layout->rows[mark->row];
    size_t end = row->count, from = mark->to;
    for (size_t i = 0; i < marks->count; i++) {
        const Mark *next = &marks->items[i];
        if (next->row == mark->row && next->from >= mark->to && next->from < end) end = next->from;
    }
    if (from == end) { // nothing in its own row
        float wall =
            end < row->count ? row->glyphs[end].x1 : mark->x2 + layout->size * BESIDE_RIGHT;
        const LayoutRow *beside = row_beside(layout, mark, wall < x_max ? wall : x_max, &from);
        if (beside != NULL) row = beside;
        for (end = from; beside != NULL && end < row->count && !row->glyphs[end].label;)
            end++;
    }
    size_t to = from;
    for (; to < end && row->glyphs[to].x1 < x_max; to++)
        if (to > from && row->glyphs[to].x1 - row->glyphs[to - 1].x2 > gap_max) break;
    return pdf_layout_text(cx, row, from, to, ret_text);
}
