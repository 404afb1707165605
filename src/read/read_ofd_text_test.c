#include "read/read_ofd_text.h"

#include "base/test.h"

#define AT(left, base, words)                                                                      \
    {                                                                                              \
        .x1 = (left)*1000, .x2 = (left)*1000 + 6000, .y = (base)*1000, .text = SLICE(words)        \
    }
#define FORM(left, base, words)                                                                    \
    {                                                                                              \
        .x1 = (left)*1000, .x2 = (left)*1000 + 6000, .y = (base)*1000, .template = true,           \
        .text = SLICE(words)                                                                       \
    }

static OfdTexts texts_of(OfdText *items, size_t count)
{
    return (OfdTexts){.items = items, .count = count};
}

TEST("read ofd text: a tax-control face, with the cipher beside the buyer")
{
    OfdText items[] = {FORM(70, 12, "重庆增值税电子普通发票"),
                       FORM(148, 10, "发票代码："),
                       AT(164, 10, "050001700111"),
                       FORM(148, 16, "发票号码："),
                       AT(164, 16, "00000017"),
                       FORM(148, 21, "开票日期："),
                       AT(164, 21, "2020 年 08 月 05 日"),
                       FORM(148, 27, "校 验 码："),
                       AT(164, 27, "16630 28298 09915 10014"),
                       FORM(13, 34, "名 称："),
                       AT(36, 34, "买方"),
                       AT(126, 34, "03<>*/+"),
                       FORM(13, 39, "纳税人识别号："),
                       AT(36, 39, "91110000000000001A"),
                       FORM(24, 55, "项目名称"),
                       FORM(22, 94, "合"),
                       FORM(36, 94, "计"),
                       AT(146, 94, "¥"),
                       AT(152, 94, "57.00"),
                       AT(195, 94, "***"),
                       FORM(17, 101, "价税合计（大写）"),
                       AT(63, 101, "⊗伍拾柒圆整"),
                       FORM(156, 101, "（小写）"),
                       AT(168, 101, "¥57.00"),
                       FORM(13, 108, "名 称："),
                       AT(36, 108, "卖方"),
                       FORM(120, 110, "备"),
                       AT(126, 112, "备注内容;"),
                       FORM(13, 113, "纳税人识别号："),
                       AT(36, 113, "91110000000000002B"),
                       FORM(12, 128, "收款人："),
                       AT(24, 128, "甲"),
                       FORM(68, 128, "复核："),
                       AT(78, 128, "乙"),
                       FORM(111, 128, "开票人："),
                       AT(124, 128, "丙")};
    OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
    Draft draft = {};
    EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
    EXPECT(slice_equal(draft.code, SLICE("050001700111")));
    EXPECT(slice_equal(draft.issue_date, SLICE("2020-08-05")));
    EXPECT(slice_equal(draft.check_code, SLICE("16630282980991510014")));
    EXPECT(slice_equal(draft.amount, SLICE("57.00")) && slice_equal(draft.tax, SLICE("0.00")));
    EXPECT(slice_equal(draft.total, SLICE("57.00")));
    EXPECT(slice_equal(draft.total_words, SLICE("伍拾柒圆整")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("买方")));
    EXPECT(slice_equal(draft.seller.name, SLICE("卖方")));
    EXPECT(slice_equal(draft.seller.tax_id, SLICE("91110000000000002B")));
    EXPECT(slice_equal(draft.remark, SLICE("备注内容;")));
    EXPECT(slice_equal(draft.payee, SLICE("甲")) && slice_equal(draft.reviewer, SLICE("乙")));
    EXPECT(slice_equal(draft.issuer, SLICE("丙")));
    EXPECT(slice_equal(read_ofd_text_kind(cx, &texts, 0), SLICE("10")));
}

TEST("read ofd text: a name over two rows is whole, below its label or around it")
{
    OfdText below[] = {FORM(11, 34, "名称："), AT(20, 34, "很长的"),
                       AT(20, 38, "公司"),     FORM(111, 34, "名称："),
                       AT(120, 34, "卖方"),    FORM(11, 43, "纳税人识别号：")};
    OfdText around[] = {AT(20, 32, "很长的"), FORM(11, 34, "名称："), AT(20, 36, "公司"),
                        FORM(111, 34, "名称："), AT(120, 34, "卖方")};
    const OfdTexts cases[] = {texts_of(below, 6), texts_of(around, 5)};
    for (size_t i = 0; i < 2; i++) {
        Draft draft = {};
        EXPECT_OK(read_ofd_text_fill(cx, &cases[i], 0, &draft));
        EXPECT(slice_equal(draft.buyer.name, SLICE("很长的公司")));
        EXPECT(slice_equal(draft.seller.name, SLICE("卖方")));
    }
}

TEST("read ofd text: a ticket's labels stand in one piece with their values")
{
    OfdText items[] = {AT(64, 10, "电子发票（铁路电子客票）"),
                       AT(9, 20, "发票号码:25119100000000000017"),
                       AT(156, 20, "开票日期:2025.01.02"),
                       AT(9, 62, "票价:"),
                       AT(19, 62, "￥48.00"),
                       AT(105, 62, "一等座"),
                       AT(9, 72, "金额:￥45.28"),
                       AT(75, 72, "税率:6%"),
                       AT(105, 72, "税额:"),
                       AT(115, 72, "￥2.72"),
                       AT(125, 100, "原发票号码:1"),
                       AT(9, 110, "购买方名称:某单位"),
                       AT(125, 110, "统一社会信用代码:91110000000000001A")};
    OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
    Draft draft = {};
    EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
    EXPECT(slice_equal(draft.number, SLICE("25119100000000000017")));
    EXPECT(slice_equal(draft.issue_date, SLICE("2025-01-02")));
    EXPECT(slice_equal(draft.total, SLICE("48.00")) && slice_equal(draft.amount, SLICE("45.28")));
    EXPECT(slice_equal(draft.tax, SLICE("2.72")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("某单位")));
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91110000000000001A")));
    EXPECT(slice_equal(read_ofd_text_kind(cx, &texts, 0), SLICE("51")));
    EXPECT(draft.finding_count == 0);
}

TEST("read ofd text: the second number of an invoice on paper has a label of its own")
{
    OfdText items[] = {FORM(70, 12, "增值税专用发票"),
                       FORM(148, 10, "发票代码："),
                       AT(164, 10, "4400190150"),
                       FORM(148, 16, "发票号码："),
                       AT(164, 16, "00000017"),
                       FORM(120, 34, "数电发票号码："),
                       AT(140, 34, "24442000000000000018"),
                       FORM(17, 101, "价税合计（大写）"),
                       FORM(156, 101, "（小写）"),
                       AT(168, 101, "¥57.00"),
                       FORM(120, 110, "备"),
                       AT(126, 112, "被红冲蓝字数电发票号码：24442000000000000099"),
                       FORM(111, 128, "开票人："),
                       AT(124, 128, "丙")};
    OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
    Draft draft = {};
    EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
    EXPECT(slice_equal(draft.code, SLICE("4400190150")));
    EXPECT(slice_equal(draft.number, SLICE("00000017")));
    EXPECT(slice_equal(draft.digital_number, SLICE("24442000000000000018")));
}

TEST("read ofd text: what a remark calls a number, a bank or an issuer is not the invoice's")
{
    OfdText items[] = {FORM(148, 10, "发票号码："),
                       AT(164, 10, "25119100000000000017"),
                       FORM(22, 94, "合"),
                       FORM(36, 94, "计"),
                       AT(146, 94, "-¥57.00"),
                       AT(195, 94, "-¥3.42"),
                       FORM(17, 101, "价税合计（大写）"),
                       FORM(156, 101, "（小写）"),
                       AT(168, 101, "-¥60.42"),
                       AT(13, 104, "发票代码：144031900111"),
                       AT(60, 104, "校验码：12345 67890 12345 67890"),
                       AT(13, 107, "地址、电话：某路 开户行及账号：某行"),
                       FORM(5, 110, "备"),
                       AT(13, 110, "票价：￥553.00 机器编号：661234567890"),
                       FORM(5, 114, "注"),
                       AT(13, 113, "开票人：李四 收款人：王五"),
                       FORM(20, 128, "开票人："),
                       AT(33, 128, "张三")};
    OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
    Draft draft = {};
    EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
    EXPECT(slice_equal(draft.number, SLICE("25119100000000000017")));
    EXPECT(slice_empty(draft.code) && slice_empty(draft.check_code));
    EXPECT(slice_empty(draft.machine_number));
    EXPECT(slice_empty(draft.buyer.address_phone) && slice_empty(draft.buyer.bank_account));
    EXPECT(slice_equal(draft.issuer, SLICE("张三")) && slice_equal(draft.payee, SLICE("王五")));
    EXPECT(slice_equal(draft.amount, SLICE("-57.00")) && slice_equal(draft.tax, SLICE("-3.42")));
    EXPECT(slice_equal(draft.total, SLICE("-60.42")));
    EXPECT(slice_find(draft.remark, SLICE("票价：￥553.00")) != SLICE_NONE);
    EXPECT(draft.finding_count == 0);
    // Without a remark's place the number alone says that they are another's.
    OfdText bare[] = {FORM(148, 10, "发票号码："), AT(164, 10, "25119100000000000017"),
                      AT(13, 104, "发票代码：144031900111"), AT(13, 107, "校验码：12345")};
    texts = texts_of(bare, 4);
    draft = (Draft){};
    EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
    EXPECT(slice_empty(draft.code) && slice_empty(draft.check_code));
}

TEST("read ofd text: a line whose item is called 合计 does not give the sums")
{
    OfdText items[] = {AT(5, 60, "合计"),    AT(100, 60, "1"),
                       AT(120, 60, "100"),   AT(146, 60, "100.00"),
                       AT(160, 60, "6%"),    AT(190, 60, "6.00"),
                       FORM(22, 94, "合计"), AT(146, 94, "¥100.00"),
                       AT(190, 94, "¥6.00"), FORM(17, 101, "价税合计（大写）")};
    OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
    Draft draft = {};
    EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
    EXPECT(slice_equal(draft.amount, SLICE("100.00")) && slice_equal(draft.tax, SLICE("6.00")));
}

TEST("read ofd text: a Latin name over two rows keeps the blank that parts its words")
{
    OfdText items[] = {FORM(11, 34, "名称："), AT(20, 34, "Blue"),
                       AT(20, 38, "Harbour"),  FORM(111, 34, "名称："),
                       AT(120, 34, "卖方"),    FORM(11, 43, "纳税人识别号：")};
    static const struct {
        Slice first, second, name;
    } cases[] = {{SLICE("Blue "), SLICE("Harbour"), SLICE("Blue Harbour")},
                 {SLICE("Blue"), SLICE(" Harbour"), SLICE("Blue Harbour")},
                 {SLICE("Blue"), SLICE("Harbour "), SLICE("BlueHarbour")}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        items[1].raw = cases[i].first;
        items[2].raw = cases[i].second;
        OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
        EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
        EXPECT(slice_equal(draft.buyer.name, cases[i].name));
        EXPECT(slice_equal(draft.seller.name, SLICE("卖方")));
    }
}

TEST("read ofd text: who issued it ends at the stamp's place, and a changed ticket's fee is its "
     "total")
{
    OfdText items[] = {AT(9, 20, "发票号码:25119100000000000017"),
                       AT(150, 20, "填开日期:2025-01-02"),
                       AT(9, 62, "改签费:"),
                       AT(19, 62, "￥48.00"),
                       FORM(111, 128, "开票人："),
                       AT(124, 128, "丙"),
                       FORM(154, 128, "销售方:(章)")};
    OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
    Draft draft = {};
    EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
    EXPECT(slice_equal(draft.issuer, SLICE("丙")));
    EXPECT(slice_equal(draft.total, SLICE("48.00")));
    EXPECT(slice_equal(draft.issue_date, SLICE("2025-01-02")));
}

TEST("read ofd text: a number belongs to the party named before it, and a roll's sum holds the tax")
{
    OfdText items[] = {AT(5, 20, "发票号码:00000017"),
                       AT(5, 30, "销售方名称:卖方"),
                       AT(5, 35, "纳税人识别号:91110000000000002B"),
                       AT(5, 45, "购买方名称:买方"),
                       AT(5, 50, "纳税人识别号:91110000000000001A"),
                       AT(5, 60, "合计金额（小写）:￥48.00"),
                       AT(5, 65, "合计金额（大写）:肆拾捌圆整")};
    OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
    Draft draft = {};
    EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
    EXPECT(slice_equal(draft.seller.tax_id, SLICE("91110000000000002B")));
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91110000000000001A")));
    EXPECT(slice_equal(draft.total, SLICE("48.00")) && slice_empty(draft.amount));
    EXPECT(slice_equal(draft.total_words, SLICE("肆拾捌圆整")));
}

TEST("read ofd text: a name's row that ends well before the cell's other rows ended with a word")
{
    // Both are 6 mm wide; the address says how wide the cell is at least, a name's row aside.
    static const struct {
        int32_t left, right;
        const char *name;
    } cases[] = {{20'000, 30'000, "Blue Harbour"},
                 {20'000, 26'500, "BlueHarbour"},
                 {22'000, 32'000, "BlueHarbour"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OfdText items[] = {FORM(11, 34, "名称："),       AT(20, 34, "Blue"),
                           AT(20, 38, "Harbour"),        FORM(11, 43, "纳税人识别号："),
                           FORM(11, 48, "地址、电话："), AT(20, 48, "某路一号"),
                           FORM(111, 34, "名称："),      AT(120, 34, "卖方")};
        items[5].x1 = cases[i].left;
        items[5].x2 = cases[i].right;
        OfdTexts texts = texts_of(items, sizeof items / sizeof items[0]);
        Draft draft = {};
        EXPECT_OK(read_ofd_text_fill(cx, &texts, 0, &draft));
        EXPECT(slice_equal(draft.buyer.name, slice_of(cases[i].name)));
    }
}
