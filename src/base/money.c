#include "base/money.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

// One digit more; false when the amount would leave the range.
static bool push_digit(int64_t *fen, char c)
{
    *fen = *fen * 10 + (c - '0');
    return *fen <= MONEY_FEN_MAX;
}

Err money_parse(Cx *cx, Slice text, Money *ret_money)
{
    size_t at = 0;
    bool negative = text.size > 0 && text.data[0] == '-';
    if (negative) at++;

    int64_t fen = 0;
    int digits = 0, decimals = -1; // decimals < 0: the point has not been seen
    bool fits = true;
    for (; at < text.size; at++) {
        char c = text.data[at];
        if (c == '.' && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }
        bool zero_past_fen = decimals >= 2 && c == '0';
        if (c < '0' || c > '9' || (decimals >= 2 && !zero_past_fen))
            return err_set(cx, ERR_INPUT,
                           "amount '" SLICE_FMT "' is not yuan with at most two decimals",
                           SLICE_ARG(text));
        digits++;
        if (decimals >= 0) decimals++;
        if (!zero_past_fen && fits) fits = push_digit(&fen, c);
    }
    if (digits == 0 || decimals == 0)
        return err_set(cx, ERR_INPUT, "amount '" SLICE_FMT "' has no digits where they are due",
                       SLICE_ARG(text));

    // "12" and "12.3" mean 12.00 and 12.30: scale up to fen once, here.
    for (int missing = 2 - (decimals < 0 ? 0 : decimals); missing > 0 && fits; missing--)
        fits = push_digit(&fen, '0');
    if (!fits)
        return err_set(cx, ERR_LIMIT, "amount '" SLICE_FMT "' is too large", SLICE_ARG(text));

    *ret_money = (Money){negative ? -fen : fen};
    return ERR_OK;
}

Slice money_print(Money money, char buffer[static MONEY_TEXT_MAX + 1])
{
    assert(money.fen >= -MONEY_FEN_MAX && money.fen <= MONEY_FEN_MAX);
    int64_t fen = money.fen < 0 ? -money.fen : money.fen;
    int size = snprintf(buffer, MONEY_TEXT_MAX + 1, "%s%" PRId64 ".%02d", money.fen < 0 ? "-" : "",
                        fen / 100, (int)(fen % 100));
    assert(size > 0 && size <= MONEY_TEXT_MAX);
    return (Slice){buffer, (size_t)size};
}

Err money_add(Cx *cx, Money a, Money b, Money *ret_sum)
{
    // Both are within +-MONEY_FEN_MAX, so this sum cannot overflow int64.
    assert(a.fen >= -MONEY_FEN_MAX && a.fen <= MONEY_FEN_MAX);
    assert(b.fen >= -MONEY_FEN_MAX && b.fen <= MONEY_FEN_MAX);
    int64_t fen = a.fen + b.fen;
    if (fen > MONEY_FEN_MAX || fen < -MONEY_FEN_MAX)
        return err_set(cx, ERR_LIMIT, "sum of %" PRId64 " and %" PRId64 " fen is out of range",
                       a.fen, b.fen);
    *ret_sum = (Money){fen};
    return ERR_OK;
}
