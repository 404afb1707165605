#include "model/month.h"

#include <string.h>

#define FIRST_YEAR 2010

int month_of(Slice date)
{
    uint64_t year = 0, month = 0;
    if (date.size != 10 || date.data[4] != '-' || date.data[7] != '-' ||
        !slice_u64(slice_sub(date, 0, 4), &year) || !slice_u64(slice_sub(date, 5, 2), &month))
        return MONTH_NONE;
    if (year < FIRST_YEAR || year >= FIRST_YEAR + MONTH_COUNT / 12 || month < 1 || month > 12)
        return MONTH_NONE;
    return (int)((year - FIRST_YEAR) * 12 + month - 1);
}

// Two digits.
static char *put_two(char *at, unsigned number)
{
    *at++ = (char)('0' + number / 10 % 10);
    *at++ = (char)('0' + number % 10);
    return at;
}

Slice month_print(int month, char ret_text[static MONTH_TEXT_SIZE])
{
    unsigned year = FIRST_YEAR + (unsigned)month / 12, of_year = (unsigned)month % 12 + 1;
    char *at = put_two(put_two(ret_text, year / 100), year % 100);
    *at++ = '-';
    *put_two(at, of_year) = '\0';
    return (Slice){ret_text, MONTH_TEXT_SIZE - 1};
}

Slice month_about(int month, char ret_text[static MONTH_ABOUT_SIZE])
{
    static const char name[] = "invoice_day ";
    memcpy(ret_text, name, sizeof name);
    if (month == MONTH_NONE) return slice_of(ret_text);
    Slice text = month_print(month, ret_text + sizeof name - 1);
    return (Slice){ret_text, sizeof name - 1 + text.size};
}
