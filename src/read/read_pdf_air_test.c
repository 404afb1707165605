#include "read/read_pdf_air.h"

#include "base/test.h"
#include "read/read_pdf_fixture.h"

TEST("read_pdf_air: net is fare and fuel, the fund bears no tax")
{
    PdfFixturePage page = read_pdf_fixture_air();
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    Draft draft = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT(words.form == PAGE_AIR);
    EXPECT_OK(read_pdf_air(cx, &words, &draft));
    EXPECT(slice_equal(draft.kind, SLICE("61")));
    EXPECT(slice_equal(draft.number, SLICE("26948731000000000012")));
    EXPECT(slice_equal(draft.issue_date, SLICE("2026-07-28")));
    EXPECT(slice_equal(draft.amount, SLICE("522.93")));
    EXPECT(slice_equal(draft.tax, SLICE("47.07")));
    EXPECT(slice_equal(draft.total, SLICE("620.00")));
    EXPECT(slice_equal(draft.seller.name, SLICE("甲乙航空股份有限公司")));
    EXPECT(slice_equal(draft.buyer.name, SLICE("北京丙丁公司")));
    EXPECT(slice_equal(draft.buyer.tax_id, SLICE("91330108MA27Y5XH5G")));
    EXPECT(draft.line_count == 3);
    EXPECT(slice_equal(draft.lines[0].tax_rate, SLICE("9%")));
    EXPECT(slice_equal(draft.lines[2].name, SLICE("民航发展基金")));
    EXPECT(slice_equal(draft.lines[2].amount, SLICE("50.00")));
}

TEST("read_pdf_air: an empty cell leaves the other values under their headings")
{
    static const PdfFixtureText texts[] = {{162, 39, 16, "电子发票（航空运输电子客票行程单）"},
                                           {425, 75, 8, "发票号码：26948731000000000012"},
                                           {114, 314, 8, "票价"},
                                           {179, 314, 8, "燃油附加费"},
                                           {244, 314, 8, "增值税税率 增值税税额"},
                                           {355, 314, 8, "民航发展基金"},
                                           {420, 314, 8, "其他税费"},
                                           {484, 314, 8, "合计"},
                                           {134, 329, 8, "CNY 477.06"},
                                           {278, 329, 8, "9%"},
                                           {314, 329, 8, "CNY 42.94"},
                                           {379, 329, 8, "CNY 50.00"},
                                           {530, 329, 8, "CNY 570.00"}};
    PdfFixturePage page = {595, 420, texts, sizeof texts / sizeof texts[0], NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    Draft draft = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT_OK(read_pdf_air(cx, &words, &draft));
    EXPECT(slice_equal(draft.amount, SLICE("477.06")));
    EXPECT(slice_equal(draft.tax, SLICE("42.94")));
    EXPECT(slice_equal(draft.total, SLICE("570.00")));
    EXPECT(draft.line_count == 2);
}

TEST("read_pdf_air: thousands and minus signs are amounts, a rate is no tax, what can't be read "
     "none")
{
    static const PdfFixtureText heads[] = {{162, 39, 16, "电子发票（航空运输电子客票行程单）"},
                                           {425, 75, 8, "发票号码：26948731000000000012"},
                                           {114, 314, 8, "票价"},
                                           {179, 314, 8, "燃油附加费"},
                                           {244, 314, 8, "增值税税率 增值税税额"},
                                           {355, 314, 8, "民航发展基金"},
                                           {484, 314, 8, "合计"}};
    static const struct {
        const char *values[6], *amount, *tax;
    } cases[] = {
        {{"CNY -12,391.54", "CNY 45.87", "9%", "CNY -1,111.11", "CNY 50.00", "CNY -13,406.78"},
         "-12345.67",
         "-1111.11"},
        {{"CNY 477.06", "", "9%", "CNY 42.94", "CNY 50.00", "CNY 570.00"}, "477.06", "42.94"},
        {{"CNY 1,2", "CNY 45.87", "9%", "CNY 42.94", "CNY 50.00", "CNY 570.00"}, "", "42.94"},
    };
    static const float at[] = {118, 190, 286, 300, 370, 500};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PdfFixtureText texts[13];
        memcpy(texts, heads, sizeof heads);
        for (size_t k = 0; k < 6; k++)
            texts[7 + k] = (PdfFixtureText){at[k], 329, 8, cases[i].values[k]};
        PdfFixturePage page = {595, 420, texts, 13, NULL, 0};
        PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
        PageWords words = {};
        Draft draft = {};
        EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
        EXPECT_OK(read_pdf_air(cx, &words, &draft));
        EXPECT(slice_equal(draft.amount, slice_of(cases[i].amount)));
        EXPECT(slice_equal(draft.tax, slice_of(cases[i].tax)));
    }
}

#define AIR_ROW(row, ...)                                                                          \
    static const PdfFixtureText row[] = {{162, 39, 16, "电子发票（航空运输电子客票行程单）"},      \
                                         {425, 75, 8, "发票号码：26948731000000000012"},           \
                                         {114, 314, 8, "票价"},                                    \
                                         {179, 314, 8, "燃油附加费"},                              \
                                         {244, 314, 8, "增值税税率 增值税税额"},                   \
                                         {355, 314, 8, "民航发展基金"},                            \
                                         {420, 314, 8, "其他税费"},                                \
                                         {484, 314, 8, "合计"},                                    \
                                         __VA_ARGS__}

static Draft read(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PdfFixturePage page = {595, 420, texts, count, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    Draft draft = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT_OK(read_pdf_air(cx, &words, &draft));
    return draft;
}
#define READ(row) read(cx, row, sizeof row / sizeof row[0])

TEST("read_pdf_air: each charge is a line with its rate, and the tax stands in the fare's")
{
    AIR_ROW(full, {134, 329, 8, "CNY４７７．０６"}, {203, 329, 8, "CNY45.87"},
            {270, 329, 8, "９．００%"}, {314, 329, 8, "CNY 47.07"}, {379, 329, 8, "CNY 50.00"},
            {447, 329, 8, "CNY 7.00"}, {530, 329, 8, "CNY 627.00"});
    static const struct {
        const char *name, *amount, *rate, *tax;
    } lines[] = {{"票价", "477.06", "9%", "47.07"},
                 {"燃油附加费", "45.87", "9%", ""},
                 {"民航发展基金", "50.00", "不征税", "0.00"},
                 {"其他税费", "7.00", "不征税", "0.00"}};
    Draft draft = READ(full);
    EXPECT(slice_equal(draft.amount, SLICE("522.93")));
    EXPECT(draft.origins[DRAFT_AMOUNT].source == SOURCE_DERIVED);
    EXPECT(draft.line_count == 4);
    for (size_t i = 0; i < 4; i++) {
        const Line *line = &draft.lines[i];
        EXPECT(slice_equal(line->name, slice_of(lines[i].name)));
        EXPECT(slice_equal(line->amount, slice_of(lines[i].amount)));
        EXPECT(slice_equal(line->tax_rate, slice_of(lines[i].rate)));
        EXPECT(slice_equal(line->tax, slice_of(lines[i].tax)));
    }
}

TEST("read_pdf_air: a net amount stands on a fare and a fuel charge that are both understood")
{
    AIR_ROW(no_fuel, {134, 329, 8, "CNY 477.06"}, {203, 329, 8, "CNY 0.00"}, {278, 329, 8, "9%"},
            {314, 329, 8, "CNY 42.94"}, {379, 329, 8, "CNY 50.00"}, {447, 329, 8, "CNY 0.00"},
            {530, 329, 8, "CNY 570.00"});
    AIR_ROW(no_fare, {203, 329, 8, "CNY 45.87"}, {278, 329, 8, "9%"}, {314, 329, 8, "CNY 42.94"},
            {379, 329, 8, "CNY 50.00"}, {530, 329, 8, "CNY 570.00"});
    AIR_ROW(huge_fare, {110, 329, 8, "CNY 99999999999.00"}, {203, 329, 8, "CNY 45.87"},
            {278, 329, 8, "9%"}, {314, 329, 8, "CNY 42.94"}, {379, 329, 8, "CNY 50.00"});
    AIR_ROW(odd_fuel, {134, 329, 8, "CNY 477.06"}, {203, 329, 8, "CNY 1,2"}, {278, 329, 8, "9%"},
            {314, 329, 8, "CNY 42.94"}, {379, 329, 8, "CNY 50.00"});
    Draft draft = READ(no_fuel);
    EXPECT(slice_equal(draft.amount, SLICE("477.06")) && draft.line_count == 2);
    EXPECT(draft.origins[DRAFT_AMOUNT].source == SOURCE_TEXT);
    draft = READ(no_fare);
    EXPECT(slice_empty(draft.amount) && slice_equal(draft.tax, SLICE("42.94")));
    draft = READ(huge_fare);
    EXPECT(slice_empty(draft.amount) && slice_equal(draft.tax, SLICE("42.94")));
    draft = READ(odd_fuel);
    EXPECT(slice_empty(draft.amount) && slice_equal(draft.tax, SLICE("42.94")));
}

TEST("read_pdf_air: values in order where no cell is empty, none far below, and no other row's")
{
    // Each stands left of its heading.
    AIR_ROW(aslant, {90, 329, 8, "477.06"}, {150, 329, 8, "45.87"}, {220, 329, 8, "9%"},
            {250, 329, 8, "47.07"}, {320, 329, 8, "50.00"}, {390, 329, 8, "0.00"},
            {440, 329, 8, "620.00"});
    AIR_ROW(elsewhere, {134, 329, 8, "CNY 477.06"}, {278, 329, 8, "9%"}, {314, 329, 8, "CNY 42.94"},
            {379, 329, 8, "CNY 50.00"}, {530, 329, 8, "CNY 570.00"}, {20, 380, 8, "合计"});
    AIR_ROW(below, {120, 380, 8, "477.06"}, {530, 380, 8, "570.00"});
    Draft draft = READ(aslant);
    EXPECT(slice_equal(draft.amount, SLICE("522.93")) && slice_equal(draft.tax, SLICE("47.07")));
    EXPECT(slice_equal(draft.total, SLICE("620.00")));
    draft = READ(elsewhere);
    EXPECT(slice_equal(draft.total, SLICE("570.00")) && slice_equal(draft.tax, SLICE("42.94")));
    draft = READ(below);
    EXPECT(slice_empty(draft.amount) && slice_empty(draft.total) && draft.line_count == 0);
}

TEST("read_pdf_air: lines that are there already stay alone")
{
    PdfFixturePage page = read_pdf_fixture_air();
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    Draft draft = {};
    Line *line = NULL;
    EXPECT_OK(draft_add_line(cx, &draft, &line));
    line->name = SLICE("机票");
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    EXPECT_OK(read_pdf_air(cx, &words, &draft));
    EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].name, SLICE("机票")));
    EXPECT(slice_equal(draft.total, SLICE("620.00")));
}
