#include "read/pdf_layout.h"

#include <math.h>

#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

static Layout layout_of(Cx *cx, const PdfFixtureText *texts, size_t count)
{
    PdfFixturePage page = {600, 400, texts, count, NULL, 0};
    PdfPage glyphs = pdf_fixture_glyphs(cx, &page);
    Layout layout = {};
    EXPECT_OK(pdf_layout(cx, &glyphs, &layout));
    return layout;
}

static Slice row_text(Cx *cx, const LayoutRow *row)
{
    Slice text = {};
    EXPECT_OK(pdf_layout_text(cx, row, 0, row->count, &text));
    return text;
}

TEST("pdf_layout: rows are what has about the same height, in order of x")
{
    static const PdfFixtureText texts[] = {
        {100, 52, 10, "中"}, {20, 50, 10, "甲"}, {20, 70, 10, "乙"}, {60, 49, 10, "b"}};
    Layout layout = layout_of(cx, texts, 4);
    EXPECT(layout.row_count == 2);
    EXPECT(slice_equal(row_text(cx, &layout.rows[0]), SLICE("甲 b 中")));
    EXPECT(slice_equal(row_text(cx, &layout.rows[1]), SLICE("乙")));
    EXPECT(layout.han_count == 3 && layout.glyph_count == 4 && layout.odd_count == 0);
}

TEST("pdf_layout: a title stands in a row of its own")
{
    static const PdfFixtureText texts[] = {
        {20, 50, 10, "甲乙"}, {60, 50, 20, "普通发票"}, {20, 70, 10, "丙丁戊己"}};
    Layout layout = layout_of(cx, texts, 3);
    EXPECT(layout.row_count == 3);
}

TEST("pdf_layout: a font that claims much room above its characters is no larger for it")
{
    static const PdfFixtureText texts[] = {
        {20, 50, 10, "合计"}, {60, 50, 10, "¥42.35"}, {20, 70, 10, "丙丁戊己庚辛壬癸"}};
    PdfFixturePage made = {600, 400, texts, 3, NULL, 0};
    PdfPage page = pdf_fixture_glyphs(cx, &made);
    for (size_t i = 0; i < page.count; i++)
        if (page.glyphs[i].x1 >= 60 && page.glyphs[i].y2 < 60) page.glyphs[i].y1 -= 8;
    Layout layout = {};
    EXPECT_OK(pdf_layout(cx, &page, &layout));
    EXPECT(layout.row_count == 2);
    EXPECT(slice_equal(row_text(cx, &layout.rows[0]), SLICE("合计 ¥42.35")));
}

TEST("pdf_layout: words printed downwards are taken out, with what stands below 下载次数")
{
    static const PdfFixtureText texts[] = {
        {20, 100, 9, "购"}, {20, 115, 9, "买"}, {20, 130, 9, "方"},  {40, 100, 9, "销售方式"},
        {586, 10, 9, "下"}, {586, 20, 9, "载"}, {586, 30, 9, "次"},  {586, 40, 9, "数"},
        {586, 50, 9, "："}, {588, 59, 9, "1"},  {20, 300, 9, "备注"}};
    Layout layout = layout_of(cx, texts, sizeof texts / sizeof texts[0]);
    EXPECT(layout.uprights[UPRIGHT_BUYER].known);
    EXPECT(layout.uprights[UPRIGHT_BUYER].y1 == 91 && layout.uprights[UPRIGHT_BUYER].y2 == 130);
    EXPECT(!layout.uprights[UPRIGHT_SELLER].known && !layout.uprights[UPRIGHT_REMARK].known);
    EXPECT(layout.row_count == 2);
    EXPECT(slice_equal(row_text(cx, &layout.rows[0]), SLICE("销售方式")));
    EXPECT(slice_equal(row_text(cx, &layout.rows[1]), SLICE("备注")));
}

TEST("pdf_layout: a region is read line by line, labels left out or not")
{
    static const PdfFixtureText texts[] = {
        {60, 50, 8, "甲公司"}, {60, 58, 8, "乙店"}, {20, 54, 8, "名"}, {200, 54, 8, "丙"}};
    Layout layout = layout_of(cx, texts, 4);
    for (size_t r = 0; r < layout.row_count; r++)
        for (size_t i = 0; i < layout.rows[r].count; i++)
            layout.rows[r].glyphs[i].label = layout.rows[r].glyphs[i].code == 0x540d;
    Slice text = {};
    LayoutBox box = {0, 30, 150, 70, true};
    EXPECT_OK(pdf_layout_region(cx, &layout, box, false, INFINITY, SLICE(""), &text));
    EXPECT(slice_equal(text, SLICE("甲公司乙店")));
    EXPECT_OK(pdf_layout_region(cx, &layout, box, true, INFINITY, SLICE("|"), &text));
    EXPECT(slice_equal(text, SLICE("甲公司|名|乙店")));
}

TEST("pdf_layout: a region's Latin lines have a space between them where its side left room")
{
    static const PdfFixtureText texts[] = {{60, 50, 8, "Blue"}, {60, 58, 8, "Bay"}}; // to 76
    static const struct {
        float side, gap_max;
        Slice between, text;
    } cases[] = {
        {150, INFINITY, SLICE(""), SLICE("Blue Bay")},
        {84, INFINITY, SLICE(""), SLICE("BlueBay")}, // nobody prints right up to the side
        {150, 30, SLICE(""), SLICE("BlueBay")},      // where the text's side is nobody knows
        {150, INFINITY, SLICE("|"), SLICE("Blue|Bay")},
        {104, INFINITY, SLICE("|"), SLICE("Blue|Bay")}, // to 28 before the side
        {103, INFINITY, SLICE("|"), SLICE("BlueBay")},  // 27: the row is full and goes on
        {103, 30, SLICE("|"), SLICE("Blue|Bay")},
    };
    Layout layout = layout_of(cx, texts, 2);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice text = {};
        LayoutBox box = {0, 30, cases[i].side, 70, true};
        EXPECT_OK(
            pdf_layout_region(cx, &layout, box, false, cases[i].gap_max, cases[i].between, &text));
        EXPECT(slice_equal(text, cases[i].text));
    }
}

TEST("pdf_layout: words match across gaps and widths")
{
    static const PdfFixtureText texts[] = {{20, 50, 10, "名"}, {60, 50, 10, "称：Ａ"}};
    Layout layout = layout_of(cx, texts, 2);
    size_t end = 0;
    EXPECT(pdf_layout_match(&layout.rows[0], 0, SLICE("名称:A"), 40, &end) && end == 4);
    EXPECT(!pdf_layout_match(&layout.rows[0], 0, SLICE("名称"), 20, &end));
    EXPECT(!pdf_layout_match(&layout.rows[0], 1, SLICE("名称"), 40, &end));
    EXPECT(!pdf_layout_match(&layout.rows[0], 0, SLICE("名称:AB"), 40, &end));
}

TEST("pdf_layout: characters of private use are counted, not kept")
{
    static const PdfFixtureText texts[] = {{20, 50, 10, "\xee\x80\x81\xee\x80\x82票"}};
    Layout layout = layout_of(cx, texts, 1);
    EXPECT(layout.odd_count == 2 && layout.lost_count == 2 && layout.glyph_count == 1);
}

TEST("pdf_layout: broken bytes advance by one")
{
    size_t at = 0;
    EXPECT(pdf_layout_next(SLICE("\xff票"), &at) == 0xfffd && at == 1);
    EXPECT(pdf_layout_next(SLICE("\xff票"), &at) == 0x7968 && at == 4);
}
