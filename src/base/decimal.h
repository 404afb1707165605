// Decimal: an exact decimal number for prices, quantities and rates. Never a double.
#pragma once
#include "base/money.h"

// digits / 10^scale. scale 0..DECIMAL_SCALE_MAX, |digits| < 10^18.
typedef struct Decimal {
    int64_t digits;
    uint8_t scale;
} Decimal;

#define DECIMAL_SCALE_MAX 15
#define DECIMAL_TEXT_MAX  24

typedef enum Rounding { ROUND_HALF_UP } Rounding; // away from zero at the half

// "15841.5841584158": optional '-', digits, optional point and decimals. Trailing zeros past
// DECIMAL_SCALE_MAX are dropped. ERR_INPUT, or ERR_LIMIT when it does not fit.
Err decimal_parse(Cx *cx, Slice text, Decimal *ret_decimal);
// "6%", "13.00%", "0.06", "0.060000" -> 0.06. Words (免税 …) are ERR_INPUT.
Err decimal_parse_rate(Cx *cx, Slice text, Decimal *ret_rate);
// Without trailing zeros or a trailing point: 1.50 -> "1.5". At most DECIMAL_TEXT_MAX + 1 bytes.
Slice decimal_print(Decimal decimal, char buffer[static DECIMAL_TEXT_MAX + 1]);
// < 0, 0, > 0 by value: 1.5 equals 1.50.
int decimal_compare(Decimal a, Decimal b);
// price * quantity, in fen. ERR_LIMIT when out of Money's range.
Err decimal_times(Cx *cx, Decimal price, Decimal quantity, Rounding rounding, Money *ret_money);
// amount * rate, in fen. ERR_LIMIT when out of Money's range.
Err decimal_of_money(Cx *cx, Decimal rate, Money amount, Rounding rounding, Money *ret_money);
