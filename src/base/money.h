// Money: an exact amount of renminbi, counted in fen. Never a double.
#pragma once
#include "base/cx.h"

// A struct, so that adding Money to a plain integer does not compile.
typedef struct Money {
    int64_t fen;
} Money;

// Ten billion yuan: the largest amount an invoice may carry; sums of a million lines stay in int64.
#define MONEY_FEN_MAX INT64_C(1'000'000'000'000)
// Longest text money_print writes, without the NUL.
#define MONEY_TEXT_MAX 16

// "1234.5" -> 123450 fen. Optional '-', digits, at most two decimals; no thousands marks.
// Further decimals are accepted only when they are zeros ("0.120000" is 0.12): nothing is rounded.
// ERR_INPUT, or ERR_LIMIT past +-MONEY_FEN_MAX.
Err money_parse(Cx *cx, Slice text, Money *ret_money);
// "-0.50": always two decimals. Writes at most MONEY_TEXT_MAX + 1 bytes and answers the text.
Slice money_print(Money money, char buffer[static MONEY_TEXT_MAX + 1]);
// Sum, or ERR_LIMIT when the result would leave +-MONEY_FEN_MAX.
Err money_add(Cx *cx, Money a, Money b, Money *ret_sum);
