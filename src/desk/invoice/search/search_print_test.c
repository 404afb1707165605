#include "desk/invoice/search/search_print.h"

#include "base/test.h"

TEST("search_print: money of any size, unknown is empty")
{
    static const struct {
        int64_t fen;
        const char *text;
    } cases[] = {{0, "0.00"},
                 {-1, "-0.01"},
                 {123456, "1234.56"},
                 {INT64_MAX, "92233720368547758.07"},
                 {INT64_MIN, "-92233720368547758.08"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(search_print_money(cx, true, cases[i].fen), slice_of(cases[i].text)));
    EXPECT(search_print_money(cx, false, 5).size == 0);
}

TEST("search_print: events have names")
{
    EXPECT(slice_equal(search_print_event(EVENT_ACCEPTED), SLICE("accepted")));
    EXPECT(slice_equal(search_print_event(EVENT_MERGED), SLICE("merged")));
    EXPECT(slice_equal(search_print_event(99), SLICE("unknown")));
}
