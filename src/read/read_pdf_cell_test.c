#include "read/read_pdf_cell.h"

#include "base/test.h"
#include "read/read_pdf_fixture.h"

static PageWords words_of(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PdfFixturePage page = {600, 400, texts, count, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    PageWords words = {};
    EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
    return words;
}

static Slice name_of(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PageWords words = words_of(cx, texts, count);
    const Mark *mark = pdf_marks_find(&words.marks, LABEL_BUYER_NAME, 0);
    Slice text = {};
    EXPECT(mark != NULL);
    EXPECT_OK(read_pdf_cell_text(cx, &words, mark, &text));
    return text;
}

TEST("read_pdf_cell: a name goes on below its row, or stands above and below its label")
{
    static const PdfFixtureText below[] = {{20, 50, 9, "购买方名称:甲乙丙丁戊己庚辛壬"},
                                           {70, 60, 9, "癸有限公司"},
                                           {20, 72, 9, "统一社会信用代码:"}};
    static const PdfFixtureText around[] = {{20, 55, 9, "购买方名称:"},
                                            {80, 50, 9, "甲乙丙丁戊己庚辛壬"},
                                            {80, 60, 9, "癸有限公司"},
                                            {300, 55, 9, "统一社会信用代码:"}};
    EXPECT(slice_equal(name_of(cx, below, 3), SLICE("甲乙丙丁戊己庚辛壬癸有限公司")));
    EXPECT(slice_equal(name_of(cx, around, 4), SLICE("甲乙丙丁戊己庚辛壬癸有限公司")));
}

TEST("read_pdf_cell: what has a label, another edge or a longer row is no part of a name")
{
    static const PdfFixtureText label[] = {{20, 50, 9, "购买方名称:"},
                                           {70, 50, 9, "甲乙丙丁戊己庚辛壬"},
                                           {20, 61, 9, "地址"},
                                           {70, 61, 9, "五四路"}};
    static const PdfFixtureText edge[] = {{20, 50, 9, "购买方名称:甲乙丙丁戊己庚辛壬"},
                                          {90, 60, 9, "五四路"}};
    static const PdfFixtureText longer[] = {{20, 50, 9, "购买方名称:甲乙丙丁戊己庚辛"},
                                            {70, 60, 9, "买票请到车站发货请到货场谢谢"}};
    static const PdfFixtureText brief[] = {{20, 50, 9, "购买方名称:王一"}, {70, 60, 9, "成人"}};
    EXPECT(slice_equal(name_of(cx, label, 4), SLICE("甲乙丙丁戊己庚辛壬")));
    EXPECT(slice_equal(name_of(cx, edge, 2), SLICE("甲乙丙丁戊己庚辛壬")));
    EXPECT(slice_equal(name_of(cx, longer, 2), SLICE("甲乙丙丁戊己庚辛")));
    EXPECT(slice_equal(name_of(cx, brief, 2), SLICE("王一")));
}

TEST("read_pdf_cell: a number is whole, and of no other label")
{
    static const struct {
        PdfFixtureText texts[3];
        const char *id;
    } cases[] = {
        {{{20, 50, 9, "纳税人识别号/"},
          {20, 61, 9, "身份证明号码"},
          {120, 56, 9, "91330108MA27Y5XH5G"}},
         "91330108MA27Y5XH5G"},
        {{{20, 50, 9, "纳税人识别号:1101011990****123X"}, {20, 90, 9, "甲"}, {20, 99, 9, "乙"}},
         "1101011990****123X"},
        {{{20, 50, 9, "纳税人识别号:"},
          {20, 61, 9, "发票号码"},
          {120, 61, 9, "25442000000127444777"}},
         ""},
        {{{20, 50, 9, "纳税人识别号:"}, {100, 50, 9, "甲0108MA27Y5XH5GAB"}, {20, 99, 9, "乙"}}, ""},
        {{{20, 50, 9, "纳税人识别号:"}, {100, 50, 9, "12345678"}, {20, 99, 9, "乙"}}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PageWords words = words_of(cx, cases[i].texts, 3);
        const Mark *mark = pdf_marks_find(&words.marks, LABEL_TAX_ID, 0);
        Slice id = {};
        EXPECT_OK(read_pdf_cell_id(cx, &words, mark, &id));
        EXPECT(slice_equal(id, slice_of(cases[i].id)));
    }
}
