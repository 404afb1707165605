#include "read/read_when.h"

#include "base/date.h"

#define SECONDS_DIGITS      10
#define MILLISECONDS_DIGITS 13

static Slice printed(Cx *cx, Date date)
{
    char *buffer = arena_alloc(&cx->arena, DATE_TEXT_SIZE + 1);
    return date_print(date, buffer);
}

// From 2001 to 2033: no date that is written with digits alone begins so.
static bool is_count(Slice text)
{
    bool whole = text.size == SECONDS_DIGITS || text.size == MILLISECONDS_DIGITS;
    return whole && slice_digits(text) && text.data[0] == '1';
}

// "Tue May 28 10:08:05 CST 2024": what Java makes of a date that nobody formats. CST is China's
// there; any other zone but +08:00 could be another day.
static bool is_java(Cx *cx, Slice text, Date *ret_date)
{
    static const Slice months = SLICE("JanFebMarAprMayJunJulAugSepOctNovDec");
    Slice rest = text, parts[6] = {};
    bool done = false;
    size_t count = 0;
    while (count < 6 && slice_cut(&rest, ' ', &done, &parts[count]))
        count++;
    if (count != 6 || !done || parts[1].size != 3) return false;
    if (!slice_equal(parts[4], SLICE("CST")) && !slice_equal(parts[4], SLICE("GMT+08:00")))
        return false;
    size_t month = slice_find(months, parts[1]);
    if (month == SLICE_NONE || month % 3 != 0) return false;
    Slice iso = cx_printf(cx, SLICE_FMT "-%zu-" SLICE_FMT, SLICE_ARG(slice_sub(parts[5], 0, 4)),
                          month / 3 + 1, SLICE_ARG(slice_sub(parts[2], 0, 2)));
    return parts[5].size == 4 && parts[2].size <= 2 && date_parse(cx, iso, ret_date) == ERR_OK;
}

Slice read_when(Cx *cx, Slice raw)
{
    Slice text = slice_trim(raw);
    uint64_t count = 0;
    Date date = {};
    if (is_count(text) && date_parse(cx, text, &date) != ERR_OK && slice_u64(text, &count))
        return printed(cx, date_in_china(text.size == SECONDS_DIGITS ? count * 1000 : count));
    return text.size < 64 && is_java(cx, text, &date) ? printed(cx, date) : raw;
}
