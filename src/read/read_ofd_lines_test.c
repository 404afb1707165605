#include "read/read_ofd_lines.h"

#include "base/test.h"

TEST("read ofd lines: amounts begin lines, names over several rows run together")
{
    Cell cells[] = {
        {COLUMN_AMOUNT, 0, 127, 60'000, SLICE("100.00"), 0, 0},
        {COLUMN_NAME, 0, 5, 59'800, SLICE("*甲*乙"), 0, 0},
        {COLUMN_NAME, 0, 5, 64'300, SLICE("丙"), 0, 0},
        {COLUMN_TAX, 0, 180, 60'100, SLICE("6.00"), 0, 0},
        {COLUMN_NAME, 0, 5, 68'800, SLICE("*丁*折扣"), 0, 0},
        {COLUMN_RATE, 0, 150, 68'700, SLICE("6%"), 0, 0},
        {COLUMN_AMOUNT, 0, 127, 68'900, SLICE("¥"), 0, 0},
        {COLUMN_AMOUNT, 0, 129, 68'900, SLICE("-10.00"), 0, 0},
        {COLUMN_OTHER, 0, 40, 68'800, SLICE("地点"), 0, 0},
        {COLUMN_AMOUNT, 1, 127, 5'000, SLICE("1.00"), 0, 0},
        {COLUMN_NAME, 1, 5, 5'000, SLICE("*戊*己"), 0, 0},
    };
    Draft draft = {};
    EXPECT_OK(read_ofd_lines(cx, cells, sizeof cells / sizeof cells[0], &draft));
    EXPECT(draft.line_count == 3);
    EXPECT(slice_equal(draft.lines[0].name, SLICE("*甲*乙丙")));
    EXPECT(slice_equal(draft.lines[0].tax, SLICE("6.00")));
    EXPECT(slice_equal(draft.lines[1].name, SLICE("*丁*折扣")));
    EXPECT(slice_equal(draft.lines[1].amount, SLICE("-10.00")));
    EXPECT(slice_equal(draft.lines[2].name, SLICE("*戊*己")));
}

TEST("read ofd lines: the line that points to a list goes when the list is there")
{
    Cell face[] = {{COLUMN_NAME, 0, 5, 0, SLICE("（详见销货清单）"), 0, 0},
                   {COLUMN_AMOUNT, 0, 127, 0, SLICE("3.00"), 0, 0},
                   {COLUMN_NAME, 1, 5, 0, SLICE("*甲*乙"), 0, 0},
                   {COLUMN_AMOUNT, 1, 127, 0, SLICE("3.00"), 0, 0}};
    Draft draft = {};
    EXPECT_OK(read_ofd_lines(cx, face, 2, &draft));
    read_ofd_lines_drop_pointer(&draft);
    EXPECT(draft.line_count == 1); // nothing else to show
    EXPECT_OK(read_ofd_lines(cx, face + 2, 2, &draft));
    read_ofd_lines_drop_pointer(&draft);
    EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].name, SLICE("*甲*乙")));
    EXPECT(read_ofd_lines_is_pointer(SLICE("(详见销货清单)")));
    EXPECT(!read_ofd_lines_is_pointer(SLICE("清单")));
}

TEST("read ofd lines: cells without an amount are no line")
{
    Cell cells[] = {{COLUMN_NAME, 0, 5, 0, SLICE("名称"), 0, 0},
                    {COLUMN_AMOUNT, 0, 9, 0, SLICE("金额"), 0, 0}};
    Draft draft = {};
    EXPECT_OK(read_ofd_lines(cx, cells, 2, &draft));
    EXPECT_OK(read_ofd_lines(cx, cells, 0, &draft));
    EXPECT(draft.line_count == 0);
}

TEST("read ofd lines: Latin words keep the blank at a row's end")
{
    Cell cells[] = {{COLUMN_NAME, 0, 5, 60'000, SLICE("*甲*Blue "), 0, 0},
                    {COLUMN_AMOUNT, 0, 127, 60'000, SLICE("100.00 "), 0, 0},
                    {COLUMN_NAME, 0, 5, 64'300, SLICE("Harbour "), 0, 0},
                    {COLUMN_NAME, 0, 5, 68'600, SLICE("纸"), 0, 0}};
    Draft draft = {};
    EXPECT_OK(read_ofd_lines(cx, cells, 4, &draft));
    EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].name, SLICE("*甲*Blue Harbour纸")));
    EXPECT(slice_equal(draft.lines[0].amount, SLICE("100.00")));
}

TEST("read ofd lines: a Latin word that began a new row where there was room keeps its blank")
{
    static const struct {
        int32_t room;
        Slice first, second, spec;
    } cases[] = {
        {9000, SLICE("AMD Ryzen"), SLICE("5600X"), SLICE("AMD Ryzen 5600X")},
        {1000, SLICE("AMD Ry"), SLICE("zen"), SLICE("AMD Ryzen")},
        {9000, SLICE("A-"), SLICE("100B"), SLICE("A-100B")},
        {9000, SLICE("12"), SLICE("34"), SLICE("1234")},
        {9000, SLICE("型号"), SLICE("A1"), SLICE("型号A1")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Cell cells[] = {{COLUMN_AMOUNT, 0, 90, 60'000, SLICE("10.00"), 0, 0},
                        {COLUMN_SPEC, 0, 5, 60'000, cases[i].first, 9000, cases[i].room},
                        {COLUMN_SPEC, 0, 5, 64'000, cases[i].second, 5000, 13'000}};
        Draft draft = {};
        EXPECT_OK(read_ofd_lines(cx, cells, 3, &draft));
        EXPECT(draft.line_count == 1 && slice_equal(draft.lines[0].spec, cases[i].spec));
    }
}
