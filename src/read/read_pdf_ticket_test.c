#include "read/read_pdf_ticket.h"

#include "base/test.h"
#include "read/read_pdf_fixture.h"

static PageWords words_of(Cx *cx, PdfFixturePage page)
{
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    return words;
}

TEST("read_pdf_ticket: a rail ticket has number, date, fare and buyer")
{
    PageWords words = words_of(cx, read_pdf_fixture_rail());
    Draft draft = {};
    EXPECT(words.form == PAGE_RAIL);
    EXPECT_OK(read_pdf_ticket_rail(cx, &words, &draft));
    EXPECT(slice_equal(draft.kind, SLICE("51")));
    EXPECT(slice_equal(draft.number, SLICE("25129110172000044123")));
    EXPECT(slice_equal(draft.issue_date, SLICE("2025-11-04")));
    EXPECT(slice_equal(draft.total, SLICE("553.00")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("甲乙科技有限公司")));
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91330108MA27Y5XH5G")));
}

TEST("read_pdf_ticket: the fee of a ticket given back is what it costs, not its old price")
{
    static const PdfFixtureText texts[] = {{150, 40, 16, "电子发票（铁路电子客票）"},
                                           {20, 70, 9, "发票号码:25129110172000044123"},
                                           {360, 70, 9, "开票日期:2025年11月04日"},
                                           {20, 130, 9, "原票价:￥660.00"},
                                           {20, 150, 9, "退票费:"},
                                           {60, 150, 9, "￥３３．００"},
                                           {20, 210, 9, "购买方名称:"},
                                           {70, 210, 9, "甲乙丙丁戊己庚辛壬癸科技服务"},
                                           {70, 221, 9, "有限责任公司"},
                                           {20, 240, 9, "买票请到12306"}};
    PageWords words =
        words_of(cx, (PdfFixturePage){500, 300, texts, sizeof texts / sizeof texts[0], NULL, 0});
    Draft draft = {};
    EXPECT_OK(read_pdf_ticket_rail(cx, &words, &draft));
    EXPECT(slice_equal(draft.total, SLICE("33.00")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("甲乙丙丁戊己庚辛壬癸科技服务有限责任公司")));
}

static Draft rail(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PdfFixtureText all[8] = {{150, 40, 16, "电子发票（铁路电子客票）"}};
    memcpy(&all[1], texts, count * sizeof *texts);
    PageWords words = words_of(cx, (PdfFixturePage){500, 300, all, count + 1, NULL, 0});
    Draft draft = {};
    EXPECT(words.form == PAGE_RAIL);
    EXPECT_OK(read_pdf_ticket_rail(cx, &words, &draft));
    return draft;
}

TEST("read_pdf_ticket: an amount is found among words, with its unit, behind the second label")
{
    static const char *const fares[] = {"票价:￥553.00",      "票价:553.00元",
                                        "票价:成人 553.00",   "票价:￥553.00 二等座",
                                        "票价:全价 553.00元", "票价：￥５５３．００"};
    for (size_t i = 0; i < sizeof fares / sizeof fares[0]; i++) {
        const PdfFixtureText texts[] = {{20, 110, 9, "票价:见背面"}, {20, 150, 9, fares[i]}};
        for (size_t from = 0; from < 2; from++) {
            Draft draft = rail(cx, &texts[from], 2 - from);
            EXPECT(slice_equal(draft.total, SLICE("553.00")));
        }
    }
}

TEST("read_pdf_ticket: a number is of one row, and ends before what stands apart")
{
    static const PdfFixtureText texts[] = {{20, 110, 9, "统一社会信用代码:91330108MA27Y5XH5G"},
                                           {250, 110, 9, "12306"},
                                           {96, 121, 9, "95306"}};
    Draft draft = rail(cx, texts, 3);
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91330108MA27Y5XH5G")));
    EXPECT(draft.finding_count == 0);
}

TEST("read_pdf_ticket: the pilot's tickets have net and tax, a changed one its original")
{
    static const PdfFixtureText texts[] = {{20, 110, 9, "票价:￥553.00"},
                                           {20, 130, 9, "金额:￥507.34"},
                                           {120, 130, 9, "税额:￥45.66"},
                                           {20, 150, 9, "原发票号码:25129110172000044000"}};
    Draft draft = rail(cx, texts, 4);
    EXPECT(slice_equal(draft.amount, SLICE("507.34")) && slice_equal(draft.tax, SLICE("45.66")));
    EXPECT(slice_equal(draft.red.original_number, SLICE("25129110172000044000")));
}

TEST("read_pdf_ticket: figures behind a label of their own, of that row and where it has none")
{
    static const struct {
        PdfFixtureText texts[4];
        const char *amount;
    } cases[] = {
        {{{20, 160, 9, "不含税价"}, {70, 160, 9, "小写"}, {100, 160, 9, "￥100.00"}}, "100.00"},
        {{{20, 160, 9, "不含税价"}, {20, 200, 9, "小写"}, {100, 200, 9, "￥113.00"}}, ""},
        {{{20, 160, 9, "不含税价 ￥100.00"}, {200, 160, 9, "小写"}, {230, 160, 9, "￥113.00"}},
         "100.00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PageWords words = words_of(cx, (PdfFixturePage){500, 300, cases[i].texts, 3, NULL, 0});
        Draft draft = {};
        EXPECT_OK(read_pdf_ticket_money(cx, &words, LABEL_NET, DRAFT_AMOUNT, &draft));
        EXPECT(slice_equal(draft.amount, slice_of(cases[i].amount)));
    }
}
