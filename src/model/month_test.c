#include "model/month.h"

#include "base/test.h"

TEST("month: a day has one, in the order of its text, and what is no such day has none")
{
    static const struct {
        const char *date, *month;
    } cases[] = {{"2010-01-01", "2010-01"}, {"2024-05-31", "2024-05"},
                 {"2041-12-31", "2041-12"}, {"2009-12-31", NULL},
                 {"2042-01-01", NULL},      {"2024-13-01", NULL},
                 {"2024-00-01", NULL},      {"", NULL},
                 {"2024-05", NULL},         {"2024/05/06", NULL},
                 {"20240-5-06", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[MONTH_TEXT_SIZE];
        int month = month_of(slice_of(cases[i].date));
        EXPECT((month == MONTH_NONE) == (cases[i].month == NULL));
        if (month != MONTH_NONE)
            EXPECT(slice_equal(month_print(month, text), slice_of(cases[i].month)));
    }
    for (int month = 0; month < MONTH_COUNT; month++) {
        char one[MONTH_TEXT_SIZE], two[MONTH_TEXT_SIZE];
        EXPECT(slice_compare(month_print(month, one), month_print(month + 1, two)) < 0);
    }
    char about[MONTH_ABOUT_SIZE];
    EXPECT(slice_equal(month_about(month_of(SLICE("2024-05-06")), about),
                       SLICE("invoice_day 2024-05")));
    EXPECT(slice_equal(month_about(MONTH_NONE, about), SLICE("invoice_day ")));
}
