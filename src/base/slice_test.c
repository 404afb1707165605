#include "base/slice.h"
#include "base/test.h"

TEST("slice: trims ASCII and full-width white space at both ends only")
{
    EXPECT(slice_equal(slice_trim(SLICE(" \t\xE3\x80\x80"
                                        "a b\xC2\xA0\n")),
                       SLICE("a b")));
    EXPECT(slice_trim(SLICE(" \xE3\x80\x80 ")).size == 0);
}

TEST("slice: cut yields every part, the empty last one too")
{
    Slice rest = SLICE("01,,x,"), part;
    bool done = false;
    static const Slice want[] = {SLICE("01"), SLICE(""), SLICE("x"), SLICE("")};
    size_t n = 0;
    while (slice_cut(&rest, ',', &done, &part)) {
        EXPECT(n < 4 && slice_equal(part, want[n]));
        n++;
    }
    EXPECT(n == 4);
}

TEST("slice: u64 refuses signs, letters, nothing, and what does not fit")
{
    uint64_t value = 7;
    EXPECT(slice_u64(SLICE("18446744073709551615"), &value) && value == UINT64_MAX);
    EXPECT(!slice_u64(SLICE("18446744073709551616"), &value));
    EXPECT(!slice_u64(SLICE("-1"), &value) && !slice_u64(SLICE(""), &value));
    EXPECT(!slice_u64(SLICE("1a"), &value));
    EXPECT(value == UINT64_MAX);
}

TEST("slice: find, starts, ends, sub stay inside")
{
    EXPECT(slice_find(SLICE("abcabc"), SLICE("ca")) == 2);
    EXPECT(slice_find(SLICE("abc"), SLICE("abcd")) == SLICE_NONE);
    EXPECT(slice_find(SLICE("abcabc"), SLICE("c")) == 2);
    EXPECT(slice_find(SLICE("abc"), SLICE("c")) == 2 &&
           slice_find(SLICE(""), SLICE("c")) == SLICE_NONE);
    EXPECT(slice_find((Slice){"abc", 2}, SLICE("c")) == SLICE_NONE);
    EXPECT(slice_starts(SLICE("abc"), SLICE("ab")) && !slice_starts(SLICE("a"), SLICE("ab")));
    EXPECT(slice_ends(SLICE("abc"), SLICE("bc")) && !slice_ends(SLICE("c"), SLICE("bc")));
    EXPECT(slice_sub(SLICE("abc"), 2, 9).size == 1 && slice_sub(SLICE("abc"), 3, 1).size == 0);
    EXPECT(slice_compare(SLICE("a"), SLICE("ab")) < 0 &&
           slice_compare(SLICE("b"), SLICE("ab")) > 0);
    EXPECT(slice_equal_nocase(SLICE("Doc_0"), SLICE("dOC_0")));
}
