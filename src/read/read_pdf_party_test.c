#include "read/read_pdf_party.h"

#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

static Draft parties_of(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PdfFixturePage page = {600, 400, texts, count, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    Draft draft = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT_OK(read_pdf_party(cx, &words, &draft));
    return draft;
}

TEST("read_pdf_party: without downward words the first name is the buyer's, the next the seller's")
{
    static const PdfFixtureText above[] = {{48, 100, 9, "名称：甲有限公司"},
                                           {48, 115, 9, "纳税人识别号：91330108MA27Y5XH5G"},
                                           {48, 300, 9, "名称：乙有限公司"},
                                           {48, 315, 9, "纳税人识别号：91350203MA31MCWW1J"}};
    static const PdfFixtureText beside[] = {
        {33, 100, 9, "名称：甲有限公司"},
        {318, 100, 9, "名称：乙有限公司"},
        {33, 125, 9, "统一社会信用代码/纳税人识别号：91330108MA27Y5XH5G"},
        {318, 125, 9, "统一社会信用代码/纳税人识别号：91350203MA31MCWW1J"}};
    const PdfFixtureText *forms[] = {above, beside};
    for (size_t i = 0; i < 2; i++) {
        Draft draft = parties_of(cx, forms[i], 4);
        EXPECT(slice_equal(draft.buyer.name, SLICE("甲有限公司")));
        EXPECT(slice_equal(draft.seller.name, SLICE("乙有限公司")));
        EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91330108MA27Y5XH5G")));
        EXPECT(slice_equal(draft.seller.tax_id, SLICE("91350203MA31MCWW1J")));
    }
}

TEST("read_pdf_party: a value may stand in the line below its label; a person has no tax id")
{
    static const PdfFixtureText texts[] = {{17, 96, 9, "购"},
                                           {17, 108, 9, "买"},
                                           {17, 120, 9, "方"},
                                           {17, 132, 9, "信"},
                                           {17, 144, 9, "息"},
                                           {302, 96, 9, "销"},
                                           {302, 108, 9, "售"},
                                           {302, 120, 9, "方"},
                                           {302, 132, 9, "信"},
                                           {302, 144, 9, "息"},
                                           {33, 100, 9, "名称：王一（个人）"},
                                           {318, 100, 9, "名称：乙有限公司"},
                                           {33, 125, 9, "统一社会信用代码/纳税人识别号："},
                                           {318, 125, 9, "统一社会信用代码/纳税人识别号："},
                                           {400, 137, 9, "91350203MA31MCWW1J"}};
    Draft draft = parties_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(slice_equal(draft.buyer.name, SLICE("王一（个人）")));
    EXPECT(draft.buyer.tax_id.size == 0);
    EXPECT(slice_equal(draft.seller.name, SLICE("乙有限公司")));
    EXPECT(slice_equal(draft.seller.tax_id, SLICE("91350203MA31MCWW1J")));
}

TEST("read_pdf_party: names may be printed with their side")
{
    static const PdfFixtureText texts[] = {{33, 100, 9, "购买方名称：甲有限公司"},
                                           {33, 115, 9, "购买方纳税人识别号：91330108MA27Y5XH5G"},
                                           {33, 130, 9, "销售方名称：乙有限公司"},
                                           {33, 145, 9, "销售方纳税人识别号：91350203MA31MCWW1J"}};
    Draft draft = parties_of(cx, texts, 4);
    EXPECT(slice_equal(draft.buyer.name, SLICE("甲有限公司")));
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91330108MA27Y5XH5G")));
    EXPECT(slice_equal(draft.seller.name, SLICE("乙有限公司")));
    EXPECT(slice_equal(draft.seller.tax_id, SLICE("91350203MA31MCWW1J")));
}

TEST("read_pdf_party: a Latin name over two lines keeps its space, one that fills its box has none")
{
#define SIDES                                                                                      \
    {17, 96, 9, "购"}, {17, 108, 9, "买"}, {17, 120, 9, "方"}, {302, 96, 9, "销"},                 \
        {302, 108, 9, "售"}, {302, 120, 9, "方"}, {318, 104, 9, "名称：乙有限公司"},               \
        {33, 104, 9, "名称："},                                                                    \
    {                                                                                              \
        33, 125, 9, "纳税人识别号："                                                        \
    }
    static const PdfFixtureText parted[] = {
        SIDES, {62, 100, 9, "Blue Harbour International"}, {62, 109, 9, "Paper Limited"}};
    static const PdfFixtureText cut[] = {
        SIDES,
        {62, 100, 9, "Blue Harbour International Stationery and Paper Tradi"},
        {62, 109, 9, "ng Limited"}};
    Draft draft = parties_of(cx, parted, sizeof parted / sizeof parted[0]);
    EXPECT(slice_equal(draft.buyer.name, SLICE("Blue Harbour International Paper Limited")));
    draft = parties_of(cx, cut, sizeof cut / sizeof cut[0]);
    EXPECT(slice_equal(draft.buyer.name,
                       SLICE("Blue Harbour International Stationery and Paper Trading Limited")));
}
