#include "read/read_ofd_level.h"

#include "base/test.h"

#define FORM(left, base, words)                                                                    \
    {                                                                                              \
        .x1 = (left), .x2 = (left) + 15'000, .y = (base), .template = true, .text = SLICE(words)   \
    }
#define AT(left, base, words)                                                                      \
    {                                                                                              \
        .x1 = (left), .x2 = (left) + 6'000, .y = (base), .text = SLICE(words)                      \
    }
#define LABELS 7

// The labels of a form, each with its value beside it; rows are 5 mm apart.
static const OfdText level[2 * LABELS + 1] = {
    FORM(150'000, 10'000, "发票代码："),
    FORM(150'000, 15'000, "发票号码："),
    FORM(150'000, 20'000, "开票日期："),
    FORM(150'000, 25'000, "校验码："),
    FORM(150'000, 30'000, "机器编号："),
    FORM(10'000, 35'000, "名称："),
    FORM(10'000, 40'000, "纳税人识别号："),
    AT(166'000, 10'000, "050001700111"),
    AT(166'000, 15'000, "00000017"),
    AT(166'000, 20'000, "2020年08月05日"),
    AT(166'000, 25'000, "16630282980991510014"),
    AT(166'000, 30'000, "661234567890"),
    AT(26'000, 35'000, "买方"),
    AT(26'000, 40'000, "91110000000000001A"),
    AT(60'000, 60'000, "100.00"), // no label is near
};
#define COUNT (sizeof level / sizeof level[0])

// What is moved up when all values stand `down` lower; labels on a template or on the page itself.
static int32_t moved(Cx *cx, int32_t down, bool template)
{
    OfdText items[COUNT];
    memcpy(items, level, sizeof items);
    for (size_t i = 0; i < COUNT; i++)
        if (items[i].template)
            items[i].template = template;
        else
            items[i].y += down;
    EXPECT_OK(read_ofd_level(cx, &(OfdTexts){.items = items, .count = COUNT}, 1));
    int32_t by = level[COUNT - 1].y + down - items[COUNT - 1].y;
    for (size_t i = 0; i < COUNT; i++)
        EXPECT(items[i].y == level[i].y + (i < LABELS ? 0 : down - by));
    return by;
}

TEST("read ofd level: values that are all off by the same are put at their labels' height")
{
    static const struct {
        int32_t down, moved;
    } cases[] = {{0, 0},       {300, 0},       {-300, 0}, {600, 600},       {-1060, -1060},
                 {1700, 1700}, {-1700, -1700}, {2200, 0}, {5000 - 1700, 0}, {-5000 + 1700, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT(moved(cx, cases[i].down, true) == cases[i].moved);
        EXPECT(moved(cx, cases[i].down, false) == cases[i].moved);
    }
}

// Whether the page stays as it is.
static bool stays(Cx *cx, OfdText *items, size_t count)
{
    OfdText before[4 * COUNT];
    memcpy(before, items, count * sizeof *items);
    EXPECT_OK(read_ofd_level(cx, &(OfdTexts){.items = items, .count = count}, 1));
    return memcmp(before, items, count * sizeof *items) == 0;
}

TEST("read ofd level: where labels do not agree, or have values at both heights, nothing moves")
{
    // How far each value is off.
    static const struct {
        int32_t down[LABELS];
        bool stays;
    } cases[] = {{{1500, 1500, 1500}, true}, // three are too few
                 {{1500, 1500, 1500, 1500, -700, 0, 700}, false},
                 {{1500, 1500, 1500, -1500, -700, 0, 700}, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OfdText items[COUNT];
        memcpy(items, level, sizeof items);
        for (size_t k = 0; k < LABELS; k++)
            items[LABELS + k].y += cases[i].down[k];
        EXPECT(stays(cx, items, COUNT) == cases[i].stays);
    }
    OfdText both[COUNT + LABELS];
    memcpy(both, level, sizeof level);
    for (size_t k = 0; k < LABELS; k++) {
        both[COUNT + k] = level[LABELS + k];
        both[COUNT + k].y -= 1500;
    }
    EXPECT(stays(cx, both, COUNT + LABELS));
}

TEST("read ofd level: most labels must agree, not four of many")
{
    static const OfdText more[] = {FORM(10'000, 100'000, "收款人："), AT(26'000, 101'000, "甲"),
                                   FORM(10'000, 110'000, "开票人："), AT(26'000, 109'000, "丙")};
    OfdText items[COUNT + 4];
    memcpy(items, level, sizeof level);
    memcpy(items + COUNT, more, sizeof more);
    static const int32_t down[LABELS] = {1500, 1500, 1500, 1500, -700, 0, 500};
    for (size_t k = 0; k < LABELS; k++)
        items[LABELS + k].y += down[k];
    EXPECT(stays(cx, items, COUNT + 4));
}

TEST("read ofd level: labels that share a piece with their value say that nothing is off")
{
    static const OfdText whole[] = {
        AT(10'000, 80'000, "票价：1.00"),  AT(60'000, 80'000, "金额：1.00"),
        AT(110'000, 80'000, "税额：1.00"), AT(10'000, 90'000, "收款人：甲"),
        AT(60'000, 90'000, "开票人：丙"),  AT(110'000, 90'000, "复核：乙"),
        AT(10'000, 100'000, "退票费：1"),  AT(60'000, 100'000, "改签费：1")};
    OfdText items[COUNT + 8];
    memcpy(items, level, sizeof level);
    memcpy(items + COUNT, whole, sizeof whole);
    for (size_t i = LABELS; i < COUNT; i++)
        items[i].y += 1500;
    EXPECT(stays(cx, items, COUNT + 8));
}

TEST("read ofd level: each page has its own height, and what is set downwards stays")
{
    OfdText items[2 * COUNT];
    for (size_t i = 0; i < 2 * COUNT; i++) {
        items[i] = level[i % COUNT];
        items[i].page = i / COUNT;
        if (items[i].page == 1 && !items[i].template) items[i].y -= 1200;
    }
    items[COUNT - 1].vertical = true;
    items[2 * COUNT - 1].vertical = true;
    EXPECT_OK(read_ofd_level(cx, &(OfdTexts){.items = items, .count = 2 * COUNT}, 2));
    for (size_t i = 0; i < 2 * COUNT - 1; i++)
        EXPECT(items[i].y == level[i % COUNT].y);
    EXPECT(items[2 * COUNT - 1].y == level[COUNT - 1].y - 1200);
}
