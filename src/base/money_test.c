#include "base/money.h"
#include "base/test.h"

TEST("money: accepts yuan with zero to two decimals, refuses the rest")
{
    static const struct {
        Slice text;
        Err err;
        int64_t fen;
    } cases[] = {
        {SLICE("0"), ERR_OK, 0},
        {SLICE("12.3"), ERR_OK, 1230},
        {SLICE("-0.01"), ERR_OK, -1},
        {SLICE("0.120000"), ERR_OK, 12}, // XML prints six decimals
        {SLICE("10000000000.00"), ERR_OK, MONEY_FEN_MAX},
        {SLICE("10000000000.01"), ERR_LIMIT, 0},
        {SLICE("-10000000000"), ERR_OK, -MONEY_FEN_MAX},
        {SLICE("-10000000000.01"), ERR_LIMIT, 0},
        {SLICE("10000000001"), ERR_LIMIT, 0},
        {SLICE("100000000000"), ERR_LIMIT, 0},          // in yuan what the limit is in fen
        {SLICE("1000000000000"), ERR_LIMIT, 0},         // fits until it is scaled
        {SLICE("184467440737095516.17"), ERR_LIMIT, 0}, // 2^64 + 1 fen
        {SLICE("99999999999999999999999999.x"), ERR_INPUT, 0},
        {SLICE("0012.50"), ERR_OK, 1250},
        {SLICE("99999999999999999999999999"), ERR_LIMIT, 0},
        {SLICE("1.005"), ERR_INPUT, 0}, // we never round what a taxpayer wrote
        {SLICE("1.0050"), ERR_INPUT, 0},
        {SLICE("1,000.00"), ERR_INPUT, 0},
        {SLICE("."), ERR_INPUT, 0},
        {SLICE("1."), ERR_INPUT, 0},
        {SLICE(".5"), ERR_INPUT, 0},
        {SLICE("--1"), ERR_INPUT, 0},
        {SLICE("+1"), ERR_INPUT, 0},
        {SLICE("-"), ERR_INPUT, 0},
        {SLICE("-.5"), ERR_INPUT, 0},
        {SLICE("1.2.3"), ERR_INPUT, 0},
        {SLICE("1:0"), ERR_INPUT, 0},
        {SLICE("1/0"), ERR_INPUT, 0},
        {SLICE(""), ERR_INPUT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Money money = {77};
        EXPECT(money_parse(cx, cases[i].text, &money) == cases[i].err);
        // On failure the out-parameter is untouched.
        EXPECT(money.fen == (cases[i].err == ERR_OK ? cases[i].fen : 77));
    }
}

TEST("money: prints two decimals and a sign, and what it prints it parses")
{
    static const int64_t fens[] = {0, 1, -1, 50, -50, 12345, MONEY_FEN_MAX, -MONEY_FEN_MAX};
    for (size_t i = 0; i < sizeof fens / sizeof fens[0]; i++) {
        char buffer[MONEY_TEXT_MAX + 1];
        Money again;
        EXPECT_OK(money_parse(cx, money_print((Money){fens[i]}, buffer), &again));
        EXPECT(again.fen == fens[i]);
    }
    char buffer[MONEY_TEXT_MAX + 1];
    EXPECT(slice_equal(money_print((Money){-50}, buffer), SLICE("-0.50")));
    Slice longest = money_print((Money){-MONEY_FEN_MAX}, buffer);
    EXPECT(slice_equal(longest, SLICE("-10000000000.00")) && longest.size <= MONEY_TEXT_MAX);
}

TEST("money: sums stop at the range")
{
    static const struct {
        int64_t a, b;
        Err err;
    } cases[] = {{MONEY_FEN_MAX, 1, ERR_LIMIT},
                 {-MONEY_FEN_MAX, -1, ERR_LIMIT},
                 {MONEY_FEN_MAX, MONEY_FEN_MAX, ERR_LIMIT},
                 {-MONEY_FEN_MAX, -MONEY_FEN_MAX, ERR_LIMIT},
                 {MONEY_FEN_MAX, 0, ERR_OK},
                 {0, -MONEY_FEN_MAX, ERR_OK},
                 {MONEY_FEN_MAX - 1, 1, ERR_OK},
                 {MONEY_FEN_MAX, -MONEY_FEN_MAX, ERR_OK},
                 {-7, 7, ERR_OK}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Money sum = {5};
        EXPECT(money_add(cx, (Money){cases[i].a}, (Money){cases[i].b}, &sum) == cases[i].err);
        EXPECT(sum.fen == (cases[i].err == ERR_OK ? cases[i].a + cases[i].b : 5));
    }
}
