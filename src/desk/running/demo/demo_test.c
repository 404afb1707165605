#include "desk/running/demo/demo.h"

#include "base/test.h"

#define TODAY UINT64_C(1'795'000'000'000) // 2026-11-18

TEST("demo: the same file for the same day, and every file says that it is no real invoice")
{
    for (size_t i = 0; i < DEMO_FILES; i++) {
        Slice name, bytes, again;
        EXPECT_OK(demo_file(cx, i, TODAY, &name, &bytes));
        EXPECT_OK(demo_file(cx, i, TODAY, &name, &again));
        EXPECT(slice_equal(bytes, again) && bytes.size > 100);
        EXPECT(slice_find(bytes, SLICE("演示")) != SLICE_NONE);
        EXPECT(slice_find(bytes, SLICE("国家税务总局")) == SLICE_NONE);
    }
}

TEST("demo: numbers are 20 digits and differ; one file is a twin, one contradicts, one is red")
{
    Slice name, bytes, twin, seen[DEMO_FILES];
    for (size_t i = 0; i < DEMO_FILES - 4; i++) {
        EXPECT_OK(demo_file(cx, i, TODAY, &name, &bytes));
        seen[i] = slice_sub(bytes, slice_find(bytes, SLICE("<EIid>")) + 6, 21);
        EXPECT(slice_digits(slice_sub(seen[i], 0, 20)) && seen[i].data[20] == '<');
        for (size_t k = 0; k < i; k++)
            EXPECT(!slice_equal(seen[i], seen[k]));
    }
    EXPECT_OK(demo_file(cx, 2, TODAY, &name, &bytes));
    EXPECT_OK(demo_file(cx, DEMO_FILES - 3, TODAY, &name, &twin));
    EXPECT(slice_equal(bytes, twin));
    EXPECT_OK(demo_file(cx, DEMO_FILES - 4, TODAY, &name, &bytes));
    EXPECT(slice_find(bytes, SLICE("<Amount>-")) != SLICE_NONE);
    EXPECT(slice_find(bytes, SLICE("<RedEInvoice>")) != SLICE_NONE);
}
