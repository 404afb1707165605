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
