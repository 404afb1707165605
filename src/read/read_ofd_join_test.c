#include "read/read_ofd_join.h"

#include "base/test.h"

TEST("read ofd join: Latin words keep the blank that parted them, Chinese and figures have none")
{
    static const struct {
        Slice first, second, whole;
    } cases[] = {
        {SLICE("Blue "), SLICE("Harbour"), SLICE("Blue Harbour")},
        {SLICE("Blue"), SLICE(" Harbour"), SLICE("Blue Harbour")},
        {SLICE("Blue "), SLICE(" Harbour"), SLICE("Blue Harbour")},
        {SLICE("Har"), SLICE("bour"), SLICE("Harbour")},
        {SLICE("Co., "), SLICE("Ltd"), SLICE("Co., Ltd")},
        {SLICE("*甲*乙 "), SLICE("丙"), SLICE("*甲*乙丙")},
        {SLICE("乙 "), SLICE("Blue"), SLICE("乙Blue")},
        {SLICE("12345 "), SLICE("67890"), SLICE("1234567890")},
        {SLICE("¥"), SLICE(" 5.00 "), SLICE("¥5.00")},
        {SLICE(" "), SLICE(" Blue "), SLICE("Blue")},
        {SLICE("Blue "), SLICE(""), SLICE("Blue")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OfdJoin join = read_ofd_join_open(cx);
        read_ofd_join_add(&join, cases[i].first);
        read_ofd_join_add(&join, cases[i].second);
        EXPECT(slice_equal(read_ofd_join_text(&join), cases[i].whole));
    }
}

TEST("read ofd join: an empty piece leaves the blank before it, and none stands at the ends")
{
    static const Slice empty[] = {SLICE(""), SLICE(" ")};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        OfdJoin join = read_ofd_join_open(cx);
        read_ofd_join_add(&join, SLICE("Blue "));
        read_ofd_join_add(&join, empty[i]);
        read_ofd_join_add(&join, SLICE("Harbour"));
        EXPECT(slice_equal(read_ofd_join_text(&join), SLICE("Blue Harbour")));
        join = read_ofd_join_open(cx);
        read_ofd_join_add(&join, SLICE("Har"));
        read_ofd_join_add(&join, empty[i]);
        read_ofd_join_add(&join, SLICE("bour"));
        text_byte(&join.text, ' ');
        EXPECT(slice_equal(read_ofd_join_text(&join), SLICE("Harbour")));
    }
}

TEST("read ofd join: a piece that no file gave is its text")
{
    OfdText made = {.text = SLICE("Blue")}, read = {.text = SLICE("Blue"), .raw = SLICE("Blue ")};
    EXPECT(slice_equal(read_ofd_join_piece(&made), SLICE("Blue")));
    EXPECT(slice_equal(read_ofd_join_piece(&read), SLICE("Blue ")));
}

TEST("read ofd join: a row that was not full was broken between words, one that was anywhere")
{
    static const struct {
        Slice first, second;
        int32_t room, wide;
        Slice whole;
    } cases[] = {
        {SLICE("Blue"), SLICE("Harbour"), 5000, 7000, SLICE("Blue Harbour")},
        {SLICE("Har"), SLICE("bour"), 1500, 4000, SLICE("Harbour")},
        {SLICE("Har"), SLICE("bour"), 2350, 4000, SLICE("Harbour")}, // two wide ones, hardly more
        {SLICE("Har"), SLICE("bour"), 2360, 4000, SLICE("Har bour")},
        {SLICE("Har"), SLICE("bour公司"), 5000, 8000, SLICE("Har bour公司")},
        {SLICE("Co.,"), SLICE("Ltd"), 5000, 3000, SLICE("Co., Ltd")},
        {SLICE("A-"), SLICE("B"), 5000, 1000, SLICE("A-B")},
        {SLICE("Type"), SLICE("12"), 5000, 2000, SLICE("Type 12")},
        {SLICE("12"), SLICE("34"), 5000, 2000, SLICE("1234")},
        {SLICE("公司"), SLICE("Blue"), 5000, 4000, SLICE("公司Blue")},
        {SLICE("Blue"), SLICE("公司"), 5000, 4000, SLICE("Blue公司")},
        {SLICE("Har"), SLICE("bour"), 5000, 0, SLICE("Harbour")}, // nobody knows
        {SLICE(""), SLICE("Blue"), 5000, 4000, SLICE("Blue")},
        {SLICE("Blue"), SLICE(""), 5000, 4000, SLICE("Blue")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OfdJoin join = read_ofd_join_open(cx);
        read_ofd_join_add(&join, cases[i].first);
        read_ofd_join_row(&join, cases[i].room, cases[i].second, cases[i].wide);
        read_ofd_join_add(&join, cases[i].second);
        EXPECT(slice_equal(read_ofd_join_text(&join), cases[i].whole));
    }
}
