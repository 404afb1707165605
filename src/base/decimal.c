#include "base/decimal.h"

#include <assert.h>
#include <stdio.h>

#define DIGITS_MAX INT64_C(999'999'999'999'999'999)

static Decimal reduced(Decimal d)
{
    while (d.scale > 0 && d.digits % 10 == 0) {
        d.digits /= 10;
        d.scale--;
    }
    return d;
}

Err decimal_parse(Cx *cx, Slice text, Decimal *ret_decimal)
{
    size_t at = 0, end = text.size;
    bool negative = text.size > 0 && text.data[0] == '-';
    if (negative) at++;
    // "1.500000000000000000" is 1.5: zeros at the end of the decimals carry nothing.
    if (slice_find(text, SLICE(".")) != SLICE_NONE)
        while (end > at + 1 && text.data[end - 1] == '0' && text.data[end - 2] != '.')
            end--;

    Decimal d = {};
    bool point = false, any = false;
    for (; at < end; at++) {
        char c = text.data[at];
        if (c == '.' && !point && any && at + 1 < end) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is not a decimal number",
                           SLICE_ARG(text));
        any = true;
        if (d.digits > (DIGITS_MAX - 9) / 10 || (point && d.scale == DECIMAL_SCALE_MAX))
            return err_set(cx, ERR_LIMIT, "'" SLICE_FMT "' has too many digits", SLICE_ARG(text));
        d.digits = d.digits * 10 + (c - '0');
        if (point) d.scale++;
    }
    if (!any) return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' has no digits", SLICE_ARG(text));
    if (negative) d.digits = -d.digits;
    *ret_decimal = reduced(d);
    return ERR_OK;
}

Err decimal_parse_rate(Cx *cx, Slice text, Decimal *ret_rate)
{
    Decimal rate;
    text = slice_trim(text);
    bool percent = slice_ends(text, SLICE("%"));
    if (percent) text.size--;
    TRY(decimal_parse(cx, slice_trim(text), &rate));
    if (percent) {
        if (rate.scale + 2 > DECIMAL_SCALE_MAX)
            return err_set(cx, ERR_LIMIT, "rate '" SLICE_FMT "' is too fine", SLICE_ARG(text));
        rate.scale = (uint8_t)(rate.scale + 2);
    }
    *ret_rate = reduced(rate);
    return ERR_OK;
}

Slice decimal_print(Decimal decimal, char buffer[static DECIMAL_TEXT_MAX + 1])
{
    Decimal d = reduced(decimal);
    uint64_t left = d.digits < 0 ? 0 - (uint64_t)d.digits : (uint64_t)d.digits;
    char *at = buffer + DECIMAL_TEXT_MAX + 1;
    *--at = '\0';
    for (unsigned place = 0; left > 0 || place <= d.scale; place++) {
        if (place == d.scale && d.scale > 0) *--at = '.';
        *--at = (char)('0' + left % 10);
        left /= 10;
    }
    if (d.digits < 0) *--at = '-';
    size_t size = (size_t)(buffer + DECIMAL_TEXT_MAX - at);
    memmove(buffer, at, size + 1);
    return (Slice){buffer, size};
}

static __int128 power_of_ten(unsigned exponent)
{
    __int128 power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

int decimal_compare(Decimal a, Decimal b)
{
    __int128 left = (__int128)a.digits * power_of_ten(b.scale);
    __int128 right = (__int128)b.digits * power_of_ten(a.scale);
    return left < right ? -1 : left > right;
}

// digits / 10^scale yuan, in fen.
static Err to_fen(Cx *cx, __int128 digits, unsigned scale, Rounding rounding, Money *ret_money)
{
    assert(rounding == ROUND_HALF_UP);
    bool negative = digits < 0;
    __int128 fen = negative ? -digits : digits;
    if (scale <= 2) {
        fen *= power_of_ten(2 - scale);
    } else {
        __int128 unit = power_of_ten(scale - 2);
        fen = (fen + unit / 2) / unit;
    }
    if (fen > MONEY_FEN_MAX) return err_set(cx, ERR_LIMIT, "product is out of range");
    *ret_money = (Money){negative ? -(int64_t)fen : (int64_t)fen};
    return ERR_OK;
}

Err decimal_times(Cx *cx, Decimal price, Decimal quantity, Rounding rounding, Money *ret_money)
{
    __int128 digits = (__int128)price.digits * quantity.digits;
    return to_fen(cx, digits, (unsigned)price.scale + quantity.scale, rounding, ret_money);
}

Err decimal_of_money(Cx *cx, Decimal rate, Money amount, Rounding rounding, Money *ret_money)
{
    return to_fen(cx, (__int128)rate.digits * amount.fen, rate.scale + 2u, rounding, ret_money);
}
