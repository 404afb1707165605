#include "base/decimal.h"
#include "base/test.h"

TEST("decimal: parses prices exactly, drops idle zeros, refuses what is no number")
{
    static const struct {
        Slice text;
        Err err;
        const char *print;
    } cases[] = {
        {SLICE("15841.5841584158"), ERR_OK, "15841.5841584158"},
        {SLICE("1.5000000000000000000000"), ERR_OK, "1.5"},
        {SLICE("10.000"), ERR_OK, "10"},
        {SLICE("100"), ERR_OK, "100"},
        {SLICE("-0.25"), ERR_OK, "-0.25"},
        {SLICE("0"), ERR_OK, "0"},
        {SLICE("0.00"), ERR_OK, "0"},
        {SLICE("1.2345678901234567"), ERR_LIMIT, NULL},
        {SLICE("9999999999999999999"), ERR_LIMIT, NULL},
        {SLICE("1e3"), ERR_INPUT, NULL},
        {SLICE("1."), ERR_INPUT, NULL},
        {SLICE(".5"), ERR_INPUT, NULL},
        {SLICE("-"), ERR_INPUT, NULL},
        {SLICE(""), ERR_INPUT, NULL},
        {SLICE("免税"), ERR_INPUT, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Decimal d = {};
        char buffer[DECIMAL_TEXT_MAX + 1];
        EXPECT(decimal_parse(cx, cases[i].text, &d) == cases[i].err);
        if (cases[i].err == ERR_OK)
            EXPECT(slice_equal(decimal_print(d, buffer), slice_of(cases[i].print)));
    }
}

TEST("decimal: a rate may be a percentage or a fraction")
{
    static const Slice same[] = {SLICE("6%"), SLICE("6.00%"), SLICE("0.06"), SLICE(" 0.060000 ")};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        Decimal rate;
        EXPECT_OK(decimal_parse_rate(cx, same[i], &rate));
        EXPECT(rate.digits == 6 && rate.scale == 2);
    }
    Decimal rate;
    EXPECT(decimal_parse_rate(cx, SLICE("***"), &rate) == ERR_INPUT);
}

TEST("decimal: products round half up, away from zero, at the fen")
{
    Money money;
    EXPECT_OK(decimal_times(cx, (Decimal){15, 1}, (Decimal){3, 2}, ROUND_HALF_UP, &money));
    EXPECT(money.fen == 5); // 1.5 * 0.03 = 0.045
    EXPECT_OK(decimal_times(cx, (Decimal){-15, 1}, (Decimal){3, 2}, ROUND_HALF_UP, &money));
    EXPECT(money.fen == -5);
    EXPECT_OK(decimal_of_money(cx, (Decimal){6, 2}, (Money){419717}, ROUND_HALF_UP, &money));
    EXPECT(money.fen == 25183);
    EXPECT(decimal_times(cx, (Decimal){INT64_C(999'999'999'999), 0}, (Decimal){99999999, 0},
                         ROUND_HALF_UP, &money) == ERR_LIMIT);
    EXPECT(decimal_compare((Decimal){150, 2}, (Decimal){15, 1}) == 0);
    EXPECT(decimal_compare((Decimal){-1, 0}, (Decimal){1, 9}) < 0);
}
