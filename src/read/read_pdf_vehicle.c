// 机动车 (03, 83, 87)                         二手车 (15, 84, 88)
//   购买方名称            纳税人识别号          买方单位/个人        单位代码/身份证号码
//   车辆类型 厂牌型号 产地 …                    卖方单位/个人        单位代码/身份证号码
//   价税合计              小写                  车牌照号 登记证号 车辆类型 …
//   销货单位名称          电话                  车价合计（大写）     小写
//   纳税人识别号          账号                  经营、拍卖单位       纳税人识别号   neither buyer
//   增值税税率或征收率    增值税税额            二手车市场           纳税人识别号   nor seller
//   不含税价              吨位 …
#include "read/read_pdf_vehicle.h"

#include "read/read_pdf_cell.h"
#include "read/read_pdf_kind.h"
#include "read/read_pdf_ticket.h"
#include "read/read_red.h"

#define EXACT 1000 // per mille

// Labels of these forms alone: elsewhere they are everyday words. Longer ones first.
static const MarkWord cells[] = {
    {"买方单位/个人住址", LABEL_EXTRA},
    {"卖方单位/个人住址", LABEL_EXTRA},
    {"买方单位(个人)住址", LABEL_EXTRA},
    {"卖方单位(个人)住址", LABEL_EXTRA},
    {"买方单位/个人", LABEL_BUYER_NAME},
    {"卖方单位/个人", LABEL_SELLER_NAME},
    {"买方单位(个人)", LABEL_BUYER_NAME},
    {"卖方单位(个人)", LABEL_SELLER_NAME},
    {"购买方名称及身份证号码/组织机构代码", LABEL_BUYER_NAME},
    {"购买方名称及", LABEL_BUYER_NAME}, // the rest of it stands in rows below
    {"单位代码/", LABEL_TAX_ID},        // 身份证(明)号码 behind or below it is one, too
    {"身份证号码/组织机构代码", LABEL_TAX_ID},
    {"身份证明号码", LABEL_TAX_ID},
    {"身份证号码", LABEL_TAX_ID},
    {"经营、拍卖单位", LABEL_ISSUED_BY},
    {"二手车市场", LABEL_ISSUED_BY},
    {"开票单位", LABEL_STAMP},
    {"销货单位盖章", LABEL_STAMP},
    {"开户银行、账号", LABEL_EXTRA},
    {"开户银行", LABEL_EXTRA},
    {"账号", LABEL_EXTRA},
    {"帐号", LABEL_EXTRA},
    {"电话", LABEL_EXTRA},
    {"地址", LABEL_EXTRA},
    {"车辆类型", LABEL_EXTRA},
    {"厂牌型号", LABEL_EXTRA},
    {"产地", LABEL_EXTRA},
    {"合格证号", LABEL_EXTRA},
    {"进口证明书号", LABEL_EXTRA},
    {"商检单号", LABEL_EXTRA},
    {"发动机号码", LABEL_EXTRA},
    {"车辆识别代号/车架号码", LABEL_EXTRA},
    {"车架号/车辆识别代码", LABEL_EXTRA},
    {"车牌照号", LABEL_EXTRA},
    {"登记证号", LABEL_EXTRA},
    {"转入地车辆管理所名称", LABEL_EXTRA},
    {"主管税务机关及代码", LABEL_EXTRA},
    {"完税凭证号码", LABEL_EXTRA},
    {"吨位", LABEL_EXTRA},
    {"限乘人数", LABEL_EXTRA},
};

// A name is given before the number that goes with it; behind the sum comes the seller of a new
// vehicle, or who only arranged the sale of a used one.
static Err parties(Cx *cx, const PageWords *words, Draft *draft)
{
    Field id = DRAFT_FIELD_COUNT;
    for (size_t i = 0; i < words->marks.count; i++) {
        const Mark *mark = &words->marks.items[i];
        bool buyer = mark->label == LABEL_BUYER_NAME, seller = mark->label == LABEL_SELLER_NAME;
        Slice text = {};
        if (mark->label == LABEL_WORDS || mark->label == LABEL_ISSUED_BY) id = DRAFT_FIELD_COUNT;
        if (buyer || seller) {
            id = buyer ? DRAFT_BUYER_TAX_ID : DRAFT_SELLER_TAX_ID;
            TRY(read_pdf_cell_text(cx, words, mark, &text));
            TRY(draft_set(cx, draft, buyer ? DRAFT_BUYER_NAME : DRAFT_SELLER_NAME, text,
                          SOURCE_TEXT, EXACT));
        }
        if (mark->label != LABEL_TAX_ID || id == DRAFT_FIELD_COUNT) continue;
        TRY(read_pdf_cell_id(cx, words, mark, &text));
        TRY(draft_set(cx, draft, id, text, SOURCE_TEXT, EXACT));
    }
    return ERR_OK;
}

static Err total_words(Cx *cx, const PageWords *words, Draft *draft)
{
    const Mark *mark = pdf_marks_find(&words->marks, LABEL_WORDS, 0);
    Slice text = {};
    if (mark == NULL) return ERR_OK;
    TRY(read_pdf_cell_text(cx, words, mark, &text));
    text = read_pdf_vat_only_words(text);
    return draft_set(cx, draft, DRAFT_TOTAL_WORDS, text, SOURCE_TEXT, EXACT);
}

Err read_pdf_vehicle(Cx *cx, const PageWords *words, Draft *draft)
{
    PageWords own = *words;
    TRY(pdf_marks_with(cx, &own.layout, cells, sizeof cells / sizeof cells[0], &own.marks));
    TRY(read_pdf_vat_head(cx, &own, draft));
    TRY(read_pdf_kind(cx, &own, draft));
    TRY(parties(cx, &own, draft));
    TRY(read_pdf_ticket_money(cx, &own, LABEL_FIGURES, DRAFT_TOTAL, draft));
    TRY(read_pdf_ticket_money(cx, &own, LABEL_NET, DRAFT_AMOUNT, draft));
    TRY(read_pdf_ticket_money(cx, &own, LABEL_AIR_TAX, DRAFT_TAX, draft));
    TRY(total_words(cx, &own, draft));
    TRY(read_pdf_ticket_text(cx, &own, LABEL_ISSUER, DRAFT_ISSUER, draft));
    return read_red_of_remark(cx, draft, SOURCE_TEXT);
}
