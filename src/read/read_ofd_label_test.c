#include "read/read_ofd_label.h"

#include "base/test.h"

TEST("read ofd label: a label begins a piece, the longer one first, and ends the value before it")
{
    OfdText pieces[] = {
        {.x1 = 5'000, .x2 = 20'000, .y = 9'000, .text = SLICE("购买方名称：甲")},
        {.x1 = 30'000, .x2 = 40'000, .y = 9'000, .text = SLICE("票价：1")},
        {.x1 = 50'000, .x2 = 60'000, .y = 9'000, .text = SLICE("本票价：1")},
    };
    OfdTexts texts = {.items = pieces, .count = 3};
    Rows rows = {};
    EXPECT_OK(read_ofd_rows_of_page(cx, &texts, 0, &rows));
    EXPECT(rows.count == 1);
    const Row *row = &rows.items[0];
    const OfdLabel *label = read_ofd_label_at(row, 0);
    EXPECT(label != NULL && label->field == DRAFT_BUYER_NAME);
    size_t fare = slice_find(row->folded, SLICE("票价"));
    EXPECT(read_ofd_label_next(row, 1) == fare);
    EXPECT(read_ofd_label_at(row, fare)->field == DRAFT_TOTAL);
    EXPECT(read_ofd_label_next(row, fare + 1) == row->folded.size); // 本票价 is none
}
