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

TEST("read_pdf_ticket: a vehicle invoice has both parties and all sums")
{
    PageWords words = words_of(cx, read_pdf_fixture_vehicle());
    Draft draft = {};
    EXPECT(words.form == PAGE_VEHICLE);
    EXPECT_OK(read_pdf_ticket_vehicle(cx, &words, &draft));
    EXPECT(slice_equal(draft.kind, SLICE("83")));
    EXPECT(slice_equal(draft.number, SLICE("25442000000127444777")));
    EXPECT(slice_equal(draft.amount, SLICE("100000.00")));
    EXPECT(slice_equal(draft.tax, SLICE("13000.00")));
    EXPECT(slice_equal(draft.total, SLICE("113000.00")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("甲乙科技有限公司")));
    EXPECT(slice_equal(draft.seller.name, SLICE("丙丁汽车销售有限公司")));
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91330108MA27Y5XH5G")));
    EXPECT(slice_equal(draft.seller.tax_id, SLICE("91350203MA31MCWW1J")));
}
