#include "read/read_pdf_cell.h"

#include "base/limits.h"
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

TEST("read_pdf_cell: a name ends at a gap, at the next column and at a row too far below")
{
#define UPPER "甲乙丙丁戊己庚辛壬"
    static const struct {
        PdfFixtureText texts[4];
        const char *name;
    } cases[] = {
        // A gap that a name has not.
        {{{20, 50, 9, "购买方名称:" UPPER},
          {200, 50, 9, "成人票"},
          {20, 90, 9, "甲"},
          {20, 99, 9, "乙"}},
         UPPER},
        // The second row beside another cell's.
        {{{20, 50, 9, "购买方名称:" UPPER},
          {160, 50, 9, "开票日期:"},
          {70, 60, 9, "癸癸癸癸癸有限公司"},
          {165, 60, 9, "2025年"}},
         UPPER "癸癸癸癸癸有限公司"},
        // Rows around the label: one name, or the brief one nearest to it.
        {{{20, 55, 9, "购买方名称:"}, {80, 50, 9, "王一"}, {80, 61, 9, "成人"}, {20, 99, 9, "乙"}},
         "王一"},
        {{{20, 55, 9, "购买方名称:"},
          {80, 50, 9, UPPER},
          {80, 60, 9, "癸癸癸癸癸有限公司"},
          {165, 55, 9, "开票日期:"}},
         UPPER "癸癸癸癸癸有限公司"},
        // The next cell's two rows, and two far to the right.
        {{{20, 55, 9, "购买方名称:"},
          {100, 55, 9, "开票日期:"},
          {150, 50, 9, UPPER},
          {150, 60, 9, "癸有限公司"}},
         ""},
        {{{20, 55, 9, "购买方名称:"},
          {300, 50, 9, UPPER},
          {300, 60, 9, "癸有限公司"},
          {20, 99, 9, "乙"}},
         ""},
        // A label of its own at the name's left end.
        {{{20, 50, 9, "购买方名称:" UPPER},
          {70, 60, 9, "开票日期:2025"},
          {20, 90, 9, "甲"},
          {20, 99, 9, "乙"}},
         UPPER},
        // Rows of a form stand wider than those of a name.
        {{{20, 50, 9, "购买方名称:" UPPER},
          {70, 66, 9, "癸有限公司"},
          {20, 90, 9, "甲"},
          {20, 99, 9, "乙"}},
         UPPER},
        {{{20, 55, 9, "购买方名称:"},
          {80, 42, 9, UPPER},
          {80, 68, 9, "癸有限公司"},
          {20, 99, 9, "乙"}},
         ""},
        // Three rows.
        {{{20, 50, 9, "购买方名称:" UPPER},
          {70, 60, 9, UPPER},
          {70, 70, 9, "有限公司"},
          {20, 99, 9, "乙"}},
         UPPER UPPER "有限公司"},
        // Latin words keep their distance.
        {{{20, 50, 9, "购买方名称:ABC TRADING AND"},
          {70, 60, 9, "SONS"},
          {20, 90, 9, "甲"},
          {20, 99, 9, "乙"}},
         "ABC TRADING AND SONS"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice name = name_of(cx, cases[i].texts, 4);
        if (!slice_equal(name, slice_of(cases[i].name)))
            fprintf(stderr, "%zu: " SLICE_FMT "\n", i, SLICE_ARG(name));
        EXPECT(slice_equal(name, slice_of(cases[i].name)));
    }
}

TEST("read_pdf_cell: a name over rows that no field holds ends with the last one that fits")
{
    static const size_t counts[] = {100, LIMIT_FIELD_BYTES / 4}; // characters of three bytes
    for (size_t i = 0; i < 2; i++) {
        char *row = arena_alloc(&cx->arena, 3 * counts[i] + 1);
        for (size_t k = 0; k < counts[i]; k++)
            memcpy(row + 3 * k, "甲", 3);
        row[3 * counts[i]] = '\0';
        const PdfFixtureText texts[] = {
            {20, 50, 2, "购买方名称:"}, {31, 50, 2, row}, {31, 52.4f, 2, row}};
        PdfFixturePage page = {3000, 400, texts, 3, NULL, 0};
        PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
        PageWords words = {};
        Slice name = {};
        EXPECT_OK(read_pdf_vat_words(cx, &glyphs, &words));
        const Mark *mark = pdf_marks_find(&words.marks, LABEL_BUYER_NAME, 0);
        EXPECT_OK(read_pdf_cell_text(cx, &words, mark, &name));
        EXPECT(name.size == 3 * counts[i] * (i == 0 ? 2 : 1));
    }
}

TEST("read_pdf_cell: a number is whole, the nearest, and of no other label")
{
#define ID "91330108MA27Y5XH5G"
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
        {{{20, 50, 9, "纳税人识别号:35010219900101123x"}, {20, 90, 9, "甲"}, {20, 99, 9, "乙"}},
         "35010219900101123x"},
        {{{20, 50, 9, "纳税人识别号:"}, {100, 50, 9, "91330108MA27"}, {170, 50, 9, "Y5XH5G"}}, ""},
        {{{20, 50, 9, "纳税人识别号:"}, {100, 50, 9, "254420000001274447771"}, {20, 99, 9, "乙"}},
         ""},
        {{{20, 50, 9, "纳税人识别号:"}, {20, 61, 9, ID}, {20, 99, 9, "乙"}}, ""},
        {{{20, 50, 9, "纳税人识别号"}, {100, 50, 9, "代码:" ID}, {20, 99, 9, "乙"}}, ID},
        {{{20, 50, 9, "纳税人识别号:"}, {100, 50, 9, ID}, {178, 50, 9, "甲"}},
         ""}, // printed over it
        {{{20, 50, 9, "纳税人识别号:"}, {120, 61, 9, ID}, {250, 61, 9, "发票号码:"}}, ID},
        {{{20, 50, 9, "纳税人识别号:"}, {150, 50, 9, "开票日期:"}, {200, 61, 9, ID}}, ""},
        {{{20, 50, 9, "纳税人识别号:" ID}, {120, 61, 9, "35010219900101123X"}, {20, 99, 9, "乙"}},
         ID},
        {{{20, 50, 9, "纳税人识别号:"}, {120, 70, 9, ID}, {20, 99, 9, "乙"}}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PageWords words = words_of(cx, cases[i].texts, 3);
        const Mark *mark = pdf_marks_find(&words.marks, LABEL_TAX_ID, 0);
        Slice id = {};
        EXPECT_OK(read_pdf_cell_id(cx, &words, mark, &id));
        if (!slice_equal(id, slice_of(cases[i].id)))
            fprintf(stderr, "%zu: " SLICE_FMT "\n", i, SLICE_ARG(id));
        EXPECT(slice_equal(id, slice_of(cases[i].id)));
    }
}
