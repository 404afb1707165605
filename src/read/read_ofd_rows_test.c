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

TEST("read ofd rows: a page of thousands of pieces is no form")
{
    OfdTexts texts = {.items = arena_alloc(&cx->arena, 3000 * sizeof(OfdText)), .count = 3000};
    for (size_t i = 0; i < texts.count; i++)
        texts.items[i].text = SLICE("x");
    Rows rows = {};
    EXPECT_OK(read_ofd_rows_of_page(cx, &texts, 0, &rows));
    EXPECT(rows.count == 0);
}
