#include "ledger/promise_text.h"

#include "base/test.h"

TEST("promise: another origin or other lines are no promise")
{
    static const struct {
        Slice origin, extension;
        Err err;
    } cases[] = {
        {SLICE("a/promise"), SLICE("first 0\ntime 18446744073709551615\n"), ERR_OK},
        {SLICE("a/promise"), SLICE(""), ERR_INPUT},
        {SLICE("a"), SLICE("first 0\ntime 5\n"), ERR_INPUT},
        {SLICE("/promise"), SLICE("first 0\ntime 5\n"), ERR_INPUT},
        {SLICE("a/promise"), SLICE("first 00\ntime 5\n"), ERR_INPUT},
        {SLICE("a/promise"), SLICE("first 0\ntime 05\n"), ERR_INPUT},
        {SLICE("a/promise"), SLICE("time 5\nfirst 0\n"), ERR_INPUT},
        {SLICE("a/promise"), SLICE("first 0\ntime 5\nmore\n"), ERR_INPUT},
        {SLICE("a/promise"), SLICE("first \ntime 5\n"), ERR_INPUT},
        {SLICE("a/promise"), SLICE("first 0\ntime 18446744073709551616\n"), ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Checkpoint checkpoint = {.origin = cases[i].origin, .extension = cases[i].extension};
        Slice origin = SLICE("untouched");
        uint64_t first = 77, ms = 77;
        EXPECT(promise_text_parse(cx, &checkpoint, &origin, &first, &ms) == cases[i].err);
        bool well = cases[i].err == ERR_OK;
        EXPECT(slice_equal(origin, well ? SLICE("a") : SLICE("untouched")));
        EXPECT((first == 0 && ms == UINT64_MAX) == well);
    }
}
