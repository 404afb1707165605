#include "base/date.h"
#include "base/test.h"

TEST("date: every spelling met in real files reads the same; what never was is refused")
{
    static const struct {
        Slice text;
        bool ok;
    } cases[] = {
        {SLICE("2024-05-28"), true},          {SLICE("20240528"), true},
        {SLICE("2024/05/28"), true},          {SLICE("2024年05月28日"), true},
        {SLICE("2024年5月28日"), true},       {SLICE(" 2024-05-28 10:08:05 "), true},
        {SLICE("2024-05-28T10:08:05"), true}, {SLICE("20240528151120"), true},
        {SLICE("2024-05-28+08:00"), true},    {SLICE("2024-05-28Z"), true},
        {SLICE("2024-05-28-05:00"), false},   {SLICE("2024-05-28+08:0"), false},
        {SLICE("2024-05-28x"), false},        {SLICE("2024-13-28"), false},
        {SLICE("2023-02-29"), false},         {SLICE("2024-05"), false},
        {SLICE("24-05-28"), false},           {SLICE(""), false},
        {SLICE("2024.05.28"), true},          {SLICE("2024.5.28"), true},
        {SLICE("2024.05-28"), false},         {SLICE("2024.05"), false},
        {SLICE("202405281"), true}, // digits behind eight are a time of day
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Date date = {};
        EXPECT((date_parse(cx, cases[i].text, &date) == ERR_OK) == cases[i].ok);
        if (cases[i].ok) EXPECT(date.year == 2024 && date.month == 5 && date.day == 28);
    }
}

TEST("date: days and dates turn into each other, over leap years")
{
    EXPECT(date_days((Date){1970, 1, 1}) == 0);
    EXPECT(date_days((Date){2000, 3, 1}) == 11017);
    for (int32_t days = -20000; days < 60000; days++)
        EXPECT(date_days(date_of_days(days)) == days);
}

TEST("date: timestamps print in UTC; the day in China begins at 16:00 UTC")
{
    uint64_t ms = UINT64_C(1'700'000'000'123); // 2023-11-14T22:13:20.123Z
    EXPECT(slice_equal(date_rfc3339(cx, ms), SLICE("2023-11-14T22:13:20.123Z")));
    char buffer[DATE_TEXT_SIZE + 1];
    EXPECT(slice_equal(date_print(date_in_china(ms), buffer), SLICE("2023-11-15")));
}

TEST("date: a day in China begins at 16:00 UTC of the one before and ends where the next begins")
{
    static const struct {
        Date date;
        uint64_t ms;
    } cases[] = {{{2026, 1, 1}, UINT64_C(1'767'196'800'000)},
                 {{2023, 11, 15}, UINT64_C(1'699'977'600'000)},
                 {{2024, 2, 29}, UINT64_C(1'709'136'000'000)},
                 {{1970, 1, 2}, UINT64_C(57'600'000)},
                 {{1970, 1, 1}, 0}, // it began in 1969
                 {{1900, 1, 1}, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(date_begins_in_china(date_days(cases[i].date)) == cases[i].ms);
    for (int32_t days = 1; days < 60000; days += 7) {
        const uint64_t begin = date_begins_in_china(days), end = date_begins_in_china(days + 1);
        EXPECT(end - begin == DATE_MS_PER_DAY);
        EXPECT(date_days_in_china(begin) == days && date_days_in_china(begin - 1) == days - 1);
        EXPECT(date_days_in_china(end - 1) == days);
        EXPECT(date_days(date_in_china(begin)) == days);
    }
}
