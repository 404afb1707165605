#include "read/pdf_table.h"

#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

#define HEADINGS                                                                                   \
    {45, 160, 9, "项目名称"}, {119, 160, 9, "规格型号"}, {190, 160, 9, "单 位"},                   \
        {264, 160, 9, "数 量"}, {335, 160, 9, "单 价"}, {407, 160, 9, "金 额"},                    \
        {447, 160, 9, "税率/征收率"},                                                              \
    {                                                                                              \
        551, 160, 9, "税 额"                                                                     \
    }
// What makes a row a line.
#define FIGURES(y)                                                                                 \
    {400, y, 9, "1.00"}, {467, y, 9, "3%"},                                                        \
    {                                                                                              \
        556, y, 9, "0.03"                                                                          \
    }

static Draft lines_of(Cx *cx, const PdfFixtureText *texts, size_t count, Layout *layout,
                      Marks *marks, Table *table)
{
    PdfFixturePage page = {600, 400, texts, count, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    Draft draft = {};
    EXPECT_OK(pdf_layout(cx, &glyphs, layout));
    EXPECT_OK(pdf_marks(cx, layout, marks));
    *table = pdf_table(layout, marks);
    EXPECT_OK(pdf_table_lines(cx, layout, table, &draft));
    return draft;
}

static Draft draft_of(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    Layout layout = {};
    Marks marks = {};
    Table table = {};
    return lines_of(cx, texts, count, &layout, &marks, &table);
}

static bool text_is(Slice text, const char *want)
{
    if (!slice_equal(text, slice_of(want)))
        fprintf(stderr, "got '" SLICE_FMT "', want '%s'\n", SLICE_ARG(text), want);
    return slice_equal(text, slice_of(want));
}

TEST("pdf_table: knows what an amount looks like")
{
    static const struct {
        Slice text;
        bool money;
    } cases[] = {
        {SLICE("12.30"), true},  {SLICE("¥1,234.5"), true}, {SLICE("￥-0.21"), true},
        {SLICE("-¥3.00"), true}, {SLICE("CNY 5.00"), true}, {SLICE("57"), true},
        {SLICE("1.234"), false}, {SLICE("13%"), false},     {SLICE("***"), false},
        {SLICE(""), false},      {SLICE("¥"), false},       {SLICE("1.2.3"), false},
        {SLICE("-"), false},     {SLICE(",1"), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(pdf_table_is_money(cases[i].text) == cases[i].money);
}

TEST("pdf_table: numbers may touch, stand left, or be missing")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲*一"},
        {277, 175, 9, "200"},
        {293, 175, 9, "33.3495145631068"},
        {400, 175, 9, "6669.90"},
        {467, 175, 9, "3%"},
        {556, 175, 9, "200.10"},
        {13, 190, 9, "*甲*二"},
        {335, 190, 9, "7.5"},
        {400, 190, 9, "7.50"},
        {463, 190, 9, "免税"},
        {569, 190, 9, "***"},
        {13, 205, 9, "*甲*三"},
        {264, 205, 9, "2"},
        {400, 205, 9, "-1.00"},
        {463, 205, 9, "***"},
        {569, 205, 9, "0.00"},
        {60, 270, 9, "合 计"},
        {400, 270, 9, "¥6676.40"},
    };
    Layout layout = {};
    Marks marks = {};
    Table table = {};
    Draft draft = lines_of(cx, texts, sizeof texts / sizeof texts[0], &layout, &marks, &table);
    EXPECT(table.known && table.column_count == 8);
    EXPECT(draft.line_count == 3);
    const Line *lines = draft.lines;
    EXPECT(text_is(lines[0].quantity, "200") && text_is(lines[0].price, "33.3495145631068"));
    EXPECT(text_is(lines[0].amount, "6669.90") && text_is(lines[0].tax, "200.10"));
    EXPECT(text_is(lines[1].quantity, "") && text_is(lines[1].price, "7.5"));
    EXPECT(text_is(lines[1].tax_rate, "免税") && text_is(lines[1].tax, "0.00"));
    EXPECT(text_is(lines[2].quantity, "2") && text_is(lines[2].price, ""));
    EXPECT(text_is(lines[2].tax_rate, "***") && text_is(lines[2].tax, "0.00"));
    Slice amount = {}, tax = {};
    const Mark *sum = pdf_marks_find(&marks, LABEL_SUM, 0);
    EXPECT_OK(pdf_table_sums(cx, &layout, &table, sum->row, sum->to, &amount, &tax));
    EXPECT(text_is(amount, "6676.40") && tax.size == 0);
}

TEST("pdf_table: a number in the middle row of a name belongs to that name")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲类*一二三"},
        {13, 186, 9, "四五六"},
        {400, 186, 9, "1.00"},
        {467, 186, 9, "3%"},
        {556, 186, 9, "0.03"},
        {13, 197, 9, "七"},
        {13, 210, 9, "*甲类*八"},
        {13, 221, 9, "九"},
        {400, 221, 9, "2.00"},
        {467, 221, 9, "3%"},
        {556, 221, 9, "0.06"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].name, "*甲类*一二三四五六七"));
    EXPECT(text_is(draft.lines[1].name, "*甲类*八九"));
}

TEST("pdf_table: columns without a name of ours are no part of the name")
{
    static const PdfFixtureText texts[] = {
        {30, 160, 9, "项目名称"},    {120, 160, 9, "车牌号"},     {190, 160, 9, "类型"},
        {240, 160, 9, "通行日期起"}, {320, 160, 9, "通行日期止"}, {407, 160, 9, "金 额"},
        {460, 160, 9, "税率"},       {551, 160, 9, "税 额"},      {13, 175, 9, "*经营租赁*通行费"},
        {115, 175, 9, "京A12345"},   {190, 175, 9, "客车"},       {240, 175, 9, "20240101"},
        {320, 175, 9, "20240102"},   {407, 175, 9, "97.09"},      {462, 175, 9, "3%"},
        {556, 175, 9, "2.91"},
    };
    Layout layout = {};
    Marks marks = {};
    Table table = {};
    Draft draft = lines_of(cx, texts, sizeof texts / sizeof texts[0], &layout, &marks, &table);
    EXPECT(draft.line_count == 1);
    EXPECT(text_is(draft.lines[0].name, "*经营租赁*通行费"));
    EXPECT(text_is(draft.lines[0].amount, "97.09") && text_is(draft.lines[0].quantity, ""));
    EXPECT(pdf_table_column(&table, LABEL_SPEC) == NULL);
}

TEST("pdf_table: a page without the headings has no table")
{
    static const PdfFixtureText texts[] = {{20, 160, 9, "金 额"}, {90, 160, 9, "数 量"}};
    Layout layout = {};
    Marks marks = {};
    Table table = {};
    Draft draft = lines_of(cx, texts, 2, &layout, &marks, &table);
    EXPECT(!table.known && draft.line_count == 0);
}

TEST("pdf_table: travellers and lorries below the lines are no names; 合计 in a name is no sum")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*运输服务*合计费"},
        {402, 175, 9, "10.00"},
        {467, 175, 9, "3%"},
        {556, 175, 9, "0.30"},
        {20, 200, 9, "出行人"},
        {90, 200, 9, "有效身份证件号"},
        {200, 200, 9, "出行日期"},
        {260, 200, 9, "出发地"},
        {20, 215, 9, "王一"},
        {90, 215, 9, "1201011990****1234"},
        {60, 270, 9, "合 计"},
        {400, 270, 9, "¥10.00"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 1);
    EXPECT(text_is(draft.lines[0].name, "*运输服务*合计费"));
}

TEST("pdf_table: widths, dashes and a sum of quantities do not mislead")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲*一"},
        {270, 175, 9, "２"},
        {335, 175, 9, "5"},
        {400, 175, 9,
         "\xe2\x88\x92"
         "10.00"},
        {467, 175, 9, "3 ％"},
        {556, 175, 9, "-0.30"},
        {60, 270, 9, "合 计"},
        {270, 270, 9, "2"},
        {400, 270, 9, "\\-10.00"},
        {556, 270, 9, "\\-0.30"},
    };
    Layout layout = {};
    Marks marks = {};
    Table table = {};
    Draft draft = lines_of(cx, texts, sizeof texts / sizeof texts[0], &layout, &marks, &table);
    EXPECT(draft.line_count == 1);
    EXPECT(text_is(draft.lines[0].quantity, "2") && text_is(draft.lines[0].price, "5"));
    EXPECT(text_is(draft.lines[0].amount, "-10.00") && text_is(draft.lines[0].tax_rate, "3%"));
    EXPECT(text_is(draft.lines[0].tax, "-0.30"));
    Slice amount = {}, tax = {};
    const Mark *sum = pdf_marks_find(&marks, LABEL_SUM, 0);
    EXPECT_OK(pdf_table_sums(cx, &layout, &table, sum->row, sum->to, &amount, &tax));
    EXPECT(text_is(amount, "-10.00") && text_is(tax, "-0.30"));
}

TEST("pdf_table: a short specification near a wrapped name is none of it")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲乙丙*一二三四五六七"}, // to 112; the column of the next begins at 114
        {114, 175, 9, "S0"},
        {199, 175, 9, "台"},
        FIGURES(175),
        {13, 186, 9, "八九"},
        {13, 200, 9, "*甲*十"},
        {199, 200, 9, "次"},
        {400, 200, 9, "2.00"},
        {467, 200, 9, "3%"},
        {556, 200, 9, "0.06"},
        {60, 270, 9, "合 计"},
        {400, 270, 9, "¥3.00"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].name, "*甲乙丙*一二三四五六七八九"));
    EXPECT(text_is(draft.lines[0].spec, "S0") && text_is(draft.lines[0].unit, "台"));
    EXPECT(text_is(draft.lines[1].name, "*甲*十") && text_is(draft.lines[1].spec, ""));
}

TEST("pdf_table: a short specification near a name that does not wrap is none of it")
{
    // Texts from 13 on and a heading around 63: the name's cell ends at 114.
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲乙丙*一二三四五六七"}, // to 112
        {115, 175, 9, "S0"},
        {199, 175, 9, "台"},
        FIGURES(175),
        {60, 270, 9, "合 计"},
        {400, 270, 9, "¥1.00"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 1);
    EXPECT(text_is(draft.lines[0].name, "*甲乙丙*一二三四五六七"));
    EXPECT(text_is(draft.lines[0].spec, "S0") && text_is(draft.lines[0].unit, "台"));
}

TEST("pdf_table: a name that runs past its column without a wrap stays whole")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲乙丙*一二三四"},
        {92, 175, 9, "五六七八"},
        FIGURES(175),
        {60, 270, 9, "合 计"},
        {400, 270, 9, "¥1.00"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 1);
    EXPECT(text_is(draft.lines[0].name, "*甲乙丙*一二三四 五六七八"));
    EXPECT(text_is(draft.lines[0].spec, ""));
}

TEST("pdf_table: a blank in a name is no side of its cell where the columns part elsewhere")
{
    static const PdfFixtureText centred[] = {
        HEADINGS,                               // the name's cell ends at 113
        {13, 175, 9, "*甲乙丙*一二三四五六七"}, // to 112
        {113, 175, 9, "A"},
        {130, 175, 9, "S0"},
        FIGURES(175),
    };
    static const PdfFixtureText left[] = {
        {13, 160, 9, "项目名称"}, // to 49, which is no side: it stands left in its cell
        {119, 160, 9, "规格型号"},       {407, 160, 9, "金 额"},
        {447, 160, 9, "税率/征收率"},    {551, 160, 9, "税 额"},
        {13, 175, 9, "*甲乙*A"}, // to 44
        {53, 175, 9, "一二三四五六七A"}, FIGURES(175),
    };
    Draft draft = draft_of(cx, centred, sizeof centred / sizeof centred[0]);
    EXPECT(draft.line_count == 1 && text_is(draft.lines[0].spec, "S0"));
    draft = draft_of(cx, left, sizeof left / sizeof left[0]);
    EXPECT(draft.line_count == 1 && text_is(draft.lines[0].spec, ""));
}

TEST("pdf_table: a quantity that touches its unit is none of it; a digit of the unit stays")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲*一"},
        {199, 175, 9, "千克"}, // to 217
        {217, 175, 9, "12.3456789012345"},
        {335, 175, 9, "8.1"},
        {400, 175, 9, "100.00"},
        {467, 175, 9, "3%"},
        {556, 175, 9, "3.00"},
        {13, 200, 9, "*甲*二"},
        {199, 200, 9, "M2"},
        {335, 200, 9, "5"},
        {400, 200, 9, "5.00"},
        {467, 200, 9, "3%"},
        {556, 200, 9, "0.15"},
        {60, 270, 9, "合 计"},
        {400, 270, 9, "¥105.00"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].unit, "千克"));
    EXPECT(text_is(draft.lines[0].quantity, "12.3456789012345"));
    EXPECT(text_is(draft.lines[0].price, "8.1"));
    EXPECT(text_is(draft.lines[1].unit, "M2") && text_is(draft.lines[1].quantity, ""));
    EXPECT(text_is(draft.lines[1].price, "5"));
}

TEST("pdf_table: an item may be called 合计; the row of the sums ends the table all the same")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "合计"},
        {264, 175, 9, "1"},
        {335, 175, 9, "7"},
        {400, 175, 9, "7.00"},
        {463, 175, 9, "免税"},
        {569, 175, 9, "***"},
        {13, 200, 9, "合计"},
        {400, 200, 9, "2.00"},
        {467, 200, 9, "3%"},
        {556, 200, 9, "0.06"},
        {60, 270, 9, "合 计"},
        {400, 270, 9, "¥9.00"},
        {556, 270, 9, "¥0.06"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].name, "合计") && text_is(draft.lines[0].amount, "7.00"));
    EXPECT(text_is(draft.lines[1].name, "合计") && text_is(draft.lines[1].amount, "2.00"));
}

TEST("pdf_table: Latin words that were parted at a row's end keep their space, a word that was cut "
     "none")
{
    // The heading's middle at 63 and a left side at 13 put the right one at 113. A row of words
    // leaves room, a row of characters none.
    static const PdfFixtureText words[] = {
        HEADINGS,
        {13, 175, 9, "*甲类*Blue"},
        FIGURES(175),
        {13, 186, 9, "Harbourmasterly Ab-"},
        {13, 197, 9, "stract Paper, white"},
        {13, 208, 9, "A4"},
        {13, 219, 9, "纸张"},
    };
    static const PdfFixtureText characters[] = {
        HEADINGS,
        {13, 175, 9, "*甲类*Blue Harbour Pa"},
        FIGURES(175),
        {13, 186, 9, "per"},
    };
    Draft draft = draft_of(cx, words, sizeof words / sizeof words[0]);
    EXPECT(draft.line_count == 1);
    EXPECT(
        text_is(draft.lines[0].name, "*甲类*Blue Harbourmasterly Ab-stract Paper, white A4纸张"));
    draft = draft_of(cx, characters, sizeof characters / sizeof characters[0]);
    EXPECT(draft.line_count == 1);
    EXPECT(text_is(draft.lines[0].name, "*甲类*Blue Harbour Paper"));
}

TEST("pdf_table: one row of words tells of the full ones, but of none that is all one word")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲类*Blue Harbouring"}, // to 107: full
        FIGURES(175),
        {13, 186, 9, "Papermakers"},
        {13, 197, 9, "Internationalizations"},
        {13, 208, 9, "hip"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 1);
    EXPECT(
        text_is(draft.lines[0].name, "*甲类*Blue Harbouring Papermakers Internationalizationship"));
}

TEST("pdf_table: how far names go is told by their heading, to half a character")
{
    static const PdfFixtureText brief[] = {
        HEADINGS, {13, 175, 9, "*甲类*Blue"}, FIGURES(175), {13, 186, 9, "Harbour"}};
    static const PdfFixtureText full[] = {HEADINGS,
                                          {14, 175, 9, "*甲类*Blue Harbour P"}, // to 104 of 112
                                          FIGURES(175),
                                          {14, 186, 9, "aper"}};
    static const PdfFixtureText left[] = {
        {13, 160, 9, "货物或应税劳务、服务名称"}, // left of the names: their side is unknown
        {130, 160, 9, "规格型号"},
        {407, 160, 9, "金 额"},
        {447, 160, 9, "税率"},
        {551, 160, 9, "税 额"},
        {20, 175, 9, "Blue"},
        FIGURES(175),
        {20, 186, 9, "Bay"},
    };
    Draft draft = draft_of(cx, brief, sizeof brief / sizeof brief[0]);
    EXPECT(text_is(draft.lines[0].name, "*甲类*Blue Harbour"));
    draft = draft_of(cx, full, sizeof full / sizeof full[0]);
    EXPECT(text_is(draft.lines[0].name, "*甲类*Blue Harbour Paper"));
    draft = draft_of(cx, left, sizeof left / sizeof left[0]);
    EXPECT(text_is(draft.lines[0].name, "BlueBay"));
}

TEST("pdf_table: where one line's name ends and the next one's begins no word was broken")
{
    static const PdfFixtureText texts[] = {HEADINGS,
                                           {13, 175, 9, "*甲类*Blue Harbour Pa"},
                                           FIGURES(175),
                                           {13, 186, 9, "per"},
                                           {13, 200, 9, "Tea"},
                                           FIGURES(200)};
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].name, "*甲类*Blue Harbour Paper"));
    EXPECT(text_is(draft.lines[1].name, "Tea"));
}

TEST("pdf_table: a specification broken at a space has it, one broken at its cell's side has none")
{
    // The cell is from 112 to 166; the heading stands in its middle.
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲类*一"},
        {113, 175, 9, "AMD Ryzen"},
        {400, 175, 9, "1.00"},
        {467, 175, 9, "3%"},
        {556, 175, 9, "0.03"},
        {113, 186, 9, "5600X"},
        {13, 199, 9, "*甲类*二"},
        {113, 199, 9, "GTX1080TIMSI"},
        {400, 199, 9, "2.00"},
        {467, 199, 9, "3%"},
        {556, 199, 9, "0.06"},
        {113, 210, 9, "X4"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].spec, "AMD Ryzen 5600X"));
    EXPECT(text_is(draft.lines[1].spec, "GTX1080TIMSIX4"));
}

TEST("pdf_table: short names of a list keep off its numbers, and what is short off the names")
{
#define LIST_HEADINGS                                                                              \
    {32, 177, 9, "序号"}, {102, 177, 9, "货物(劳务)名称"}, {224, 177, 9, "规格型号"},              \
        {277, 177, 9, "单位"}, {324, 177, 9, "数 量"}, {384, 177, 9, "单 价"},                     \
        {441, 177, 9, "金 额"}, {494, 177, 9, "税率"},                                             \
    {                                                                                              \
        534, 177, 9, "税 额"                                                                     \
    }
#define LIST_FIGURES(y)                                                                            \
    {471, y, 9, "1.00"}, {496, y, 9, "3%"},                                                        \
    {                                                                                              \
        574, y, 9, "0.03"                                                                          \
    }
    static const PdfFixtureText brief[] = {
        LIST_HEADINGS,     {38, 194, 9, "1"},      {55, 194, 9, "*甲*书"}, LIST_FIGURES(194),
        {38, 206, 9, "2"}, {55, 206, 9, "3M胶带"}, LIST_FIGURES(206),      {31, 626, 9, "小计"},
    };
    static const PdfFixtureText wide[] = {
        LIST_HEADINGS,
        {38, 194, 9, "1"},
        {55, 194, 9, "*甲乙丙*一二三四五六七八九十一二"}, // to 203
        {214, 194, 9, "M1"},
        LIST_FIGURES(194),
        {31, 626, 9, "小计"},
    };
    Draft draft = draft_of(cx, brief, sizeof brief / sizeof brief[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].name, "*甲*书") && text_is(draft.lines[1].name, "3M胶带"));
    draft = draft_of(cx, wide, sizeof wide / sizeof wide[0]);
    EXPECT(draft.line_count == 1);
    EXPECT(text_is(draft.lines[0].name, "*甲乙丙*一二三四五六七八九十一二"));
    EXPECT(text_is(draft.lines[0].spec, "M1"));
}

TEST("pdf_table: who issued it, and when, are no part of a table without sums")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {13, 175, 9, "*甲*一"},
        FIGURES(175),
        {58, 190, 9, "开票人：李四"},
    };
    static const PdfFixtureText dated[] = {
        HEADINGS,
        {13, 175, 9, "*甲*一"},
        FIGURES(175),
        {400, 190, 9, "填开日期: 2022 年05 月11 日"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 1 && text_is(draft.lines[0].name, "*甲*一"));
    draft = draft_of(cx, dated, sizeof dated / sizeof dated[0]);
    EXPECT(draft.line_count == 1 && text_is(draft.lines[0].name, "*甲*一"));
}

TEST("pdf_table: price and quantity stand in the order of their headings")
{
    static const PdfFixtureText texts[] = {
        {45, 160, 9, "项目名称"},
        {178, 160, 9, "单 价"},
        {270, 160, 9, "数 量"},
        {407, 160, 9, "金 额"},
        {447, 160, 9, "税率/征收率"},
        {551, 160, 9, "税 额"},
        {13, 175, 9, "*甲*一"},
        {200, 175, 9, "0.50"},
        {300, 175, 9, "2"},
        FIGURES(175),
        {13, 190, 9, "*甲*二"},
        {200, 190, 9, "1.00"},
        FIGURES(190),
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].price, "0.50") && text_is(draft.lines[0].quantity, "2"));
    EXPECT(text_is(draft.lines[1].price, "1.00") && text_is(draft.lines[1].quantity, ""));
}

TEST("pdf_table: a line may stand beside the middle of its texts, which are all its own")
{
    static const PdfFixtureText texts[] = {
        HEADINGS,
        {119, 175, 9, "甲型一二三"},
        {13, 186, 9, "*甲*一"},
        FIGURES(186),
        {119, 197, 9, "四五六"},
        {119, 209, 9, "乙型一二三"},
        {13, 220, 9, "*甲*二"},
        FIGURES(220),
        {119, 231, 9, "七八九"},
    };
    Draft draft = draft_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(draft.line_count == 2);
    EXPECT(text_is(draft.lines[0].spec, "甲型一二三四五六"));
    EXPECT(text_is(draft.lines[1].spec, "乙型一二三七八九"));
}

TEST("pdf_table: a heading may be spread or have two rows, and its column says what it says")
{
    static const PdfFixtureText texts[] = {
        {45, 160, 9, "项目名称"},    {131, 154, 9, "产权证书/不动产"},
        {154, 165, 9, "权证号"},     {230, 160, 9, "类"},
        {248, 160, 9, "型"},         {280, 160, 9, "通行日期起"},
        {407, 160, 9, "金 额"},      {447, 160, 9, "税率/征收率"},
        {551, 160, 9, "税 额"},      {13, 178, 9, "*甲*一"},
        {118, 178, 9, "京（2024）"}, {222, 178, 9, "一型客车"},
        {280, 178, 9, "20250301"},   FIGURES(178),
        {118, 189, 9, "第1号"},
    };
    static const struct {
        float x1;
        Slice text;
    } wants[] = {
        {131, SLICE("京（2024）第1号")}, {230, SLICE("一型客车")}, {280, SLICE("20250301")}};
    Layout layout = {};
    Marks marks = {};
    Table table = {};
    Draft draft = lines_of(cx, texts, sizeof texts / sizeof texts[0], &layout, &marks, &table);
    EXPECT(draft.line_count == 1 && text_is(draft.lines[0].name, "*甲*一"));
    EXPECT(table.column_count == 7 && table.first_row == table.head_row + 2);
    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++) {
        Slice *said = NULL;
        size_t count = 0;
        EXPECT(table.columns[i + 1].x1 == wants[i].x1);
        EXPECT_OK(pdf_table_texts(cx, &layout, &table, &table.columns[i + 1], &said, &count));
        EXPECT(count == 1 && slice_equal(said[0], wants[i].text));
    }
}
