#include "read/read_ofd_table.h"

#include "base/test.h"

#define BOX(from, to, base, words)                                                                 \
    {                                                                                              \
        .x1 = (from)*1000, .x2 = (to)*1000, .left = (from)*1000, .right = (to)*1000,               \
        .y = (base)*1000, .text = SLICE(words)                                                     \
    }

TEST("read ofd table: narrow numbers set to the right find their column")
{
    OfdText items[] = {
        BOX(23, 35, 55, "项目名称"), BOX(63, 75, 55, "规格型号"), BOX(85, 91, 55, "单位"),
        BOX(100, 109, 55, "数量"),   BOX(119, 128, 55, "单价"),   BOX(146, 155, 55, "金额"),
        BOX(167, 173, 55, "税率"),   BOX(186, 195, 55, "税额"),   BOX(7, 40, 60, "*甲*乙"),
        BOX(59, 66, 60, "A-1"),      BOX(87, 90, 60, "个"),       BOX(108, 112, 60, "2"),
        BOX(131, 134, 60, "5"),      BOX(161, 163, 60, "10"),     BOX(170, 175, 60, "13%"),
        BOX(200, 203, 60, "1.30"),   BOX(22, 37, 94, "合计"),     BOX(156, 163, 94, "¥10.00")};
    for (size_t i = 0; i < 8; i++)
        items[i].template = true;
    OfdTexts texts = {.items = items, .count = sizeof items / sizeof items[0]};
    Draft draft = {};
    EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
    EXPECT(draft.line_count == 1);
    const Line *line = &draft.lines[0];
    EXPECT(slice_equal(line->name, SLICE("*甲*乙")) && slice_equal(line->spec, SLICE("A-1")));
    EXPECT(slice_equal(line->unit, SLICE("个")) && slice_equal(line->quantity, SLICE("2")));
    EXPECT(slice_equal(line->price, SLICE("5")) && slice_equal(line->amount, SLICE("10.00")));
    EXPECT(slice_equal(line->tax_rate, SLICE("13%")) && slice_equal(line->tax, SLICE("1.30")));
}

TEST("read ofd table: columns of special businesses and a second table stay out of the lines")
{
    OfdText items[] = {BOX(15, 30, 55, "项目名称"),      BOX(50, 72, 55, "建筑服务发生地"),
                       BOX(95, 115, 55, "建筑项目名称"), BOX(143, 150, 55, "金 额"),
                       BOX(157, 178, 55, "税率/征收率"), BOX(194, 201, 55, "税 额"),
                       BOX(4, 40, 60, "*建筑服务*"),     BOX(42, 84, 60, "某省某市"),
                       BOX(85, 127, 60, "某项目"),       BOX(128, 153, 60, "20.00"),
                       BOX(154, 179, 60, "9%"),          BOX(179, 205, 60, "1.80"),
                       BOX(4, 40, 64, "工程"),           BOX(15, 30, 70, "出行人"),
                       BOX(50, 72, 70, "证件号"),        BOX(95, 115, 70, "出行日期"),
                       BOX(4, 40, 75, "张三"),           BOX(143, 150, 75, "2025")};
    for (size_t i = 0; i < 6; i++)
        items[i].template = true;
    for (size_t i = 13; i < 16; i++)
        items[i].template = true;
    OfdTexts texts = {.items = items, .count = sizeof items / sizeof items[0]};
    Draft draft = {};
    EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
    EXPECT(draft.line_count == 1);
    EXPECT(slice_equal(draft.lines[0].name, SLICE("*建筑服务*工程")));
    EXPECT(slice_equal(draft.lines[0].amount, SLICE("20.00")));
    EXPECT(slice_empty(draft.lines[0].spec) && slice_empty(draft.lines[0].unit));
}

TEST("read ofd table: a box hardly wider than its number does not put it under the rate")
{
    OfdText items[] = {BOX(25, 37, 55, "项目名称"), BOX(144, 153, 55, "金额"),
                       BOX(166, 171, 55, "税率"),   BOX(185, 193, 55, "税额"),
                       BOX(5, 27, 60, "*甲*乙"),    BOX(154, 163, 60, "510.68"),
                       BOX(172, 175, 60, "3%"),     BOX(196, 203, 60, "15.32")};
    items[5].right += 1'600;
    OfdTexts texts = {.items = items, .count = sizeof items / sizeof items[0]};
    Draft draft = {};
    EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
    EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].amount, SLICE("510.68")));
    EXPECT(slice_equal(draft.lines[0].tax_rate, SLICE("3%")));
}

TEST("read ofd table: numbers as wide as a Chinese character are numbers, and begin a line each")
{
    OfdText items[] = {BOX(25, 37, 55, "项目名称"),    BOX(144, 153, 55, "金额"),
                       BOX(166, 171, 55, "税率"),      BOX(185, 193, 55, "税额"),
                       BOX(5, 27, 60, "*甲*乙"),       BOX(146, 163, 60, "５１０．６８"),
                       BOX(171, 175, 60, "３％"),      BOX(190, 203, 60, "１５．３２"),
                       BOX(5, 27, 66, "*甲*丙（小）"), BOX(146, 163, 66, "１０．００"),
                       BOX(171, 175, 66, "３％"),      BOX(192, 203, 66, "０．３０")};
    OfdTexts texts = {.items = items, .count = sizeof items / sizeof items[0]};
    Draft draft = {};
    EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
    EXPECT(draft.line_count == 2);
    EXPECT(slice_equal(draft.lines[0].amount, SLICE("510.68")));
    EXPECT(slice_equal(draft.lines[0].tax_rate, SLICE("3%")));
    EXPECT(slice_equal(draft.lines[1].name, SLICE("*甲*丙（小）")));
    EXPECT(slice_equal(draft.lines[1].amount, SLICE("10.00")));
    EXPECT(slice_equal(draft.lines[1].tax, SLICE("0.30")));
}

TEST("read ofd table: a page without headings has no lines, nor has one of labels")
{
    OfdText items[] = {BOX(7, 40, 60, "*甲*乙"), BOX(161, 163, 60, "10.00")};
    OfdTexts texts = {.items = items, .count = 2};
    Draft draft = {};
    EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
    EXPECT(draft.line_count == 0);
    OfdText ticket[] = {BOX(9, 20, 72, "金额："),   BOX(20, 28, 72, "￥45.28"),
                        BOX(75, 83, 72, "税率:"),   BOX(83, 86, 72, "6%"),
                        BOX(105, 113, 72, "税额:"), BOX(9, 28, 80, "12")};
    texts = (OfdTexts){.items = ticket, .count = sizeof ticket / sizeof ticket[0]};
    EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
    EXPECT(draft.line_count == 0);
}

TEST("read ofd table: an item may be called 合计; the row of the sums ends it all the same")
{
    OfdText items[] = {
        BOX(25, 37, 55, "项目名称"), BOX(144, 153, 55, "金额"),  BOX(166, 171, 55, "税率"),
        BOX(185, 193, 55, "税额"),   BOX(5, 12, 60, "合计"),     BOX(144, 153, 60, "10.00"),
        BOX(167, 170, 60, "3%"),     BOX(186, 193, 60, "0.30"),  BOX(20, 40, 90, "合计"),
        BOX(144, 153, 90, "¥10.00"), BOX(186, 193, 90, "¥0.30"), BOX(144, 153, 95, "99.00")};
    OfdTexts texts = {.items = items, .count = sizeof items / sizeof items[0]};
    Draft draft = {};
    EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
    EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].name, SLICE("合计")));
    EXPECT(slice_equal(draft.lines[0].amount, SLICE("10.00")));
}

TEST("read ofd table: a Latin name over two rows keeps the blank that parts its words")
{
    OfdText items[] = {
        BOX(25, 37, 55, "项目名称"), BOX(144, 153, 55, "金额"),  BOX(166, 171, 55, "税率"),
        BOX(185, 193, 55, "税额"),   BOX(5, 27, 60, "*甲*Blue"), BOX(144, 153, 60, "10.00"),
        BOX(167, 170, 60, "3%"),     BOX(186, 193, 60, "0.30"),  BOX(5, 27, 64, "Harbour")};
    items[4].raw = SLICE("*甲*Blue ");
    OfdTexts texts = {.items = items, .count = sizeof items / sizeof items[0]};
    Draft draft = {};
    EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
    EXPECT(draft.line_count == 1);
    EXPECT(slice_equal(draft.lines[0].name, SLICE("*甲*Blue Harbour")));
}

TEST("read ofd table: how much a column holds is what its widest cell says, if it keeps within")
{
    // Names of 20 and 30 mm; the second runs on under the next heading where it begins at 60.
    static const struct {
        int32_t begins;
        const char *name;
    } cases[] = {{5, "*甲*Blue Harbour"}, {60, "*甲*BlueHarbour"}};
    for (size_t i = 0; i < 2; i++) {
        int32_t left = cases[i].begins;
        OfdText items[] = {
            BOX(25, 37, 55, "项目名称"), BOX(64, 76, 55, "规格型号"), BOX(144, 153, 55, "金额"),
            BOX(185, 193, 55, "税额"),   BOX(5, 25, 60, "*甲*Blue"),  BOX(144, 153, 60, "10.00"),
            BOX(186, 193, 60, "0.30"),   BOX(5, 25, 64, "Harbour"),   BOX(5, 50, 70, "*甲*乙"),
            BOX(144, 153, 70, "10.00"),  BOX(186, 193, 70, "0.30")};
        items[8].x1 = items[8].left = left * 1000;
        items[8].x2 = (left + 45) * 1000;
        items[8].left = 5000; // in the column of names by its box
        items[8].right = 57'000;
        OfdTexts texts = {.items = items, .count = sizeof items / sizeof items[0]};
        Draft draft = {};
        EXPECT_OK(read_ofd_table_fill(cx, &texts, 1, &draft));
        EXPECT(draft.line_count == 2);
        EXPECT(slice_equal(draft.lines[0].name, slice_of(cases[i].name)));
    }
}
