#include "read/read_ofd_rows.h"

#include "base/test.h"

TEST("read ofd rows: pieces become rows, folded for finding and whole for taking")
{
    OfdText pieces[] = {
        {.x1 = 28'000, .x2 = 36'000, .y = 34'300, .text = SLICE("称 ：")},
        {.x1 = 13'000, .x2 = 17'000, .y = 34'300, .text = SLICE("名")},
        {.x1 = 36'000, .x2 = 60'000, .y = 34'900, .text = SLICE("甲（乙）")},
        {.x1 = 60'100, .x2 = 66'000, .y = 34'900, .text = SLICE("丙")},
        {.x1 = 80'000, .x2 = 86'000, .y = 34'800, .text = SLICE("丁")},
        {.x1 = 106'000, .x2 = 109'000, .y = 35'100, .text = SLICE("销")},
        {.x1 = 5'000, .x2 = 9'000, .y = 40'000, .text = SLICE("下一行")},
        {.x1 = 5'000, .x2 = 9'000, .y = 40'000, .page = 1, .text = SLICE("另一页")},
        {.x1 = 5'000, .x2 = 9'000, .y = 41'000, .vertical = true, .text = SLICE("购买方")},
    };
    OfdTexts texts = {.items = pieces, .count = sizeof pieces / sizeof pieces[0]};
    Rows rows = {};
    EXPECT_OK(read_ofd_rows_of_page(cx, &texts, 0, &rows));
    EXPECT(rows.count == 2 && rows.width == 109'000);
    const Row *row = &rows.items[0];
    EXPECT(slice_equal(row->folded, SLICE("名称:甲(乙)丙丁"))); // 销 stands alone: dropped
    EXPECT(read_ofd_rows_begins(row, 0, SLICE("名称:")));
    EXPECT(!read_ofd_rows_begins(row, 11, SLICE("乙"))); // inside a word
    Slice text = {};
    EXPECT_OK(read_ofd_rows_text(cx, row, 7, row->folded.size, &text));
    EXPECT(slice_equal(text, SLICE("甲（乙）丙 丁")));
    EXPECT_OK(read_ofd_rows_text(cx, row, 7, 10, &text));
    EXPECT(slice_equal(text, SLICE("甲")));
    EXPECT_OK(read_ofd_rows_text(cx, row, 7, 7, &text));
    EXPECT(slice_empty(text));
    EXPECT(read_ofd_rows_x(row, 0) == 13'000 && read_ofd_rows_piece(row, 7) == row->pieces[2]);
}

TEST("read ofd rows: a page of tens of thousands of pieces is no form")
{
    OfdTexts texts = {.items = arena_alloc(&cx->arena, 21000 * sizeof(OfdText)), .count = 21000};
    for (size_t i = 0; i < texts.count; i++)
        texts.items[i].text = SLICE("x");
    Rows rows = {};
    EXPECT_OK(read_ofd_rows_of_page(cx, &texts, 0, &rows));
    EXPECT(rows.count == 0);
}

TEST("read ofd rows: characters set one by one are words again, and words side by side stay two")
{
#define ONE(at, words) {.x1 = (at), .x2 = (at) + 1600, .y = 9'000, .text = SLICE(words)}
    OfdText pieces[] = {
        ONE(10'000, "3"),
        ONE(11'600, "0"),
        ONE(13'300, "0"),
        ONE(15'000, "."),
        ONE(15'900, "0"),
        ONE(17'500, "5"),
        ONE(21'000, "6"), // a column further
        ONE(22'600, "%"),
        {.x1 = 30'000, .x2 = 42'000, .y = 9'000, .text = SLICE("开票人：")},
        ONE(42'100, "甲"), // right behind a whole word: a piece of its own
        {.x1 = 43'700, .x2 = 46'900, .y = 9'900, .text = SLICE("乙")}, // lower
        {.x1 = 46'900, .x2 = 50'000, .y = 9'900, .template = true, .text = SLICE("丙")}};
#undef ONE
    pieces[0].raw = SLICE("3 "); // is not that of the word
    OfdTexts texts = {.items = pieces, .count = sizeof pieces / sizeof pieces[0]};
    static const Slice words[] = {SLICE("300.05"), SLICE("6%"), SLICE("开票人："),
                                  SLICE("甲"),     SLICE("乙"), SLICE("丙")};
    Rows rows = {};
    EXPECT_OK(read_ofd_rows_of_page(cx, &texts, 0, &rows));
    EXPECT(rows.count == 1 && rows.items[0].count == 6);
    for (size_t i = 0; i < 6; i++)
        EXPECT(slice_equal(rows.items[0].pieces[i]->text, words[i]));
    const OfdText *amount = rows.items[0].pieces[0];
    EXPECT(amount->x1 == 10'000 && amount->x2 == 19'100 && amount->right == 19'100);
    EXPECT(slice_empty(amount->raw));
}

TEST("read ofd rows: a word down the side makes no row of its own height")
{
    OfdText pieces[] = {
        {.x1 = 6'000, .x2 = 9'000, .y = 46'000, .text = SLICE("信")},
        {.x1 = 11'000, .x2 = 50'000, .y = 47'000, .text = SLICE("纳税人识别号：")},
        {.x1 = 54'000, .x2 = 90'000, .y = 48'000, .text = SLICE("91110000000000001A")},
        {.x1 = 11'000, .x2 = 50'000, .y = 48'300, .text = SLICE("下一行")},
    };
    OfdTexts texts = {.items = pieces, .count = 4};
    Rows rows = {};
    EXPECT_OK(read_ofd_rows_of_page(cx, &texts, 0, &rows));
    EXPECT(rows.count == 2 && rows.items[0].y == 47'000);
    EXPECT(slice_equal(rows.items[0].folded, SLICE("纳税人识别号:91110000000000001A")));
}
