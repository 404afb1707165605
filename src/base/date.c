#include "base/date.h"

#include <assert.h>

// Digits at *at, at least `least` and at most `most`; moves *at behind them.
static bool take_number(Slice text, size_t *at, size_t least, size_t most, int *ret_number)
{
    int number = 0;
    size_t from = *at;
    while (*at < text.size && *at - from < most && text.data[*at] >= '0' && text.data[*at] <= '9')
        number = number * 10 + (text.data[(*at)++] - '0');
    *ret_number = number;
    return *at - from >= least;
}

static bool take(Slice text, size_t *at, Slice what)
{
    if (!slice_starts(slice_sub(text, *at, SIZE_MAX), what)) return false;
    *at += what.size;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

// What may stand behind a date: nothing, a zone, or something that begins a time of day.
static bool ends_well(Slice text, size_t at)
{
    Slice rest = slice_sub(text, at, SIZE_MAX);
    if (rest.size == 0) return true;
    // A day and a zone, as XML Schema has it (xs:date).
    if (slice_equal(rest, SLICE("+08:00")) || slice_equal(rest, SLICE("Z"))) return true;
    if (memchr("T ", rest.data[0], 2) != NULL) return true;
    return rest.data[0] >= '0' && rest.data[0] <= '9' && at == 8; // 20201010151120
}

Err date_parse(Cx *cx, Slice text, Date *ret_date)
{
    Slice trimmed = slice_trim(text);
    size_t at = 0;
    int year = 0, month = 0, day = 0;
    bool ok = take_number(trimmed, &at, 4, 4, &year);
    if (ok && take(trimmed, &at, SLICE("年")))
        ok = take_number(trimmed, &at, 1, 2, &month) && take(trimmed, &at, SLICE("月")) &&
             take_number(trimmed, &at, 1, 2, &day) && take(trimmed, &at, SLICE("日"));
    else if (ok && at < trimmed.size && memchr("-/.", trimmed.data[at], 3) != NULL) {
        Slice mark = slice_sub(trimmed, at++, 1);
        ok = take_number(trimmed, &at, 1, 2, &month) && take(trimmed, &at, mark) &&
             take_number(trimmed, &at, 1, 2, &day);
    } else if (ok)
        ok = take_number(trimmed, &at, 2, 2, &month) && take_number(trimmed, &at, 2, 2, &day);
    ok = ok && ends_well(trimmed, at) && year >= 1900 && year <= 2200 && month >= 1 &&
         month <= 12 && day >= 1 && day <= days_in_month(year, month);
    if (!ok) return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is not a date", SLICE_ARG(trimmed));
    *ret_date = (Date){(int16_t)year, (uint8_t)month, (uint8_t)day};
    return ERR_OK;
}

static void put_digits(char *bytes, size_t count, unsigned number)
{
    for (; count > 0; number /= 10)
        bytes[--count] = (char)('0' + number % 10);
}

Slice date_print(Date date, char buffer[static DATE_TEXT_SIZE + 1])
{
    memcpy(buffer, "0000-00-00", DATE_TEXT_SIZE + 1);
    put_digits(buffer, 4, (unsigned)date.year);
    put_digits(buffer + 5, 2, date.month);
    put_digits(buffer + 8, 2, date.day);
    return (Slice){buffer, DATE_TEXT_SIZE};
}

// Howard Hinnant's civil calendar arithmetic, years counted from March.
int32_t date_days(Date date)
{
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int era = year / 400, year_of_era = year % 400;
    int month = (date.month + 9) % 12;
    int day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

Date date_of_days(int32_t days)
{
    int shifted = days + 719468;
    assert(shifted >= 0);
    int era = shifted / 146097, day_of_era = shifted % 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153;
    int civil_month = month < 10 ? month + 3 : month - 9;
    int year = era * 400 + year_of_era + (civil_month <= 2);
    return (Date){(int16_t)year, (uint8_t)civil_month,
                  (uint8_t)(day_of_year - (153 * month + 2) / 5 + 1)};
}

Date date_in_china(uint64_t time_ms)
{
    return date_of_days(date_days_in_china(time_ms));
}

int32_t date_days_in_china(uint64_t time_ms)
{
    return (int32_t)((time_ms + DATE_CHINA_MS) / DATE_MS_PER_DAY);
}

uint64_t date_begins_in_china(int32_t days)
{
    return days < 1 ? 0 : (uint64_t)days * DATE_MS_PER_DAY - DATE_CHINA_MS;
}

// By hand: every event has one, and printf would cost more than sealing it does.
Slice date_rfc3339(Cx *cx, uint64_t time_ms)
{
    static const char form[] = "0000-00-00T00:00:00.000Z";
    Date date = date_of_days((int32_t)(time_ms / DATE_MS_PER_DAY));
    unsigned ms = (unsigned)(time_ms % DATE_MS_PER_DAY);
    char *text = arena_alloc(&cx->arena, sizeof form);
    memcpy(text, form, sizeof form);
    put_digits(text, 4, (unsigned)date.year);
    put_digits(text + 5, 2, date.month);
    put_digits(text + 8, 2, date.day);
    put_digits(text + 11, 2, ms / 3'600'000);
    put_digits(text + 14, 2, ms / 60'000 % 60);
    put_digits(text + 17, 2, ms / 1000 % 60);
    put_digits(text + 20, 3, ms % 1000);
    return (Slice){text, sizeof form - 1};
}
