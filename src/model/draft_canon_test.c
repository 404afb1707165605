#include "model/draft_canon.h"

#include "base/test.h"

TEST("draft_canon: masked tax is stars and nothing else")
{
    EXPECT(draft_canon_masked(SLICE("***")));
    EXPECT(draft_canon_masked(SLICE(" ¥ * ")));
    EXPECT(draft_canon_masked(SLICE("＊＊＊")));
    EXPECT(!draft_canon_masked(SLICE("")));
    EXPECT(!draft_canon_masked(SLICE("*餐饮*")));
}

TEST("draft_canon: prices keep their printed decimals, however many")
{
    static const struct {
        Slice raw, decimal;
        bool ok;
    } cases[] = {
        {SLICE("1.50"), SLICE("1.50"), true},
        {SLICE("￥1,000.123456789012345678901"), SLICE("1000.123456789012345678901"), true},
        {SLICE("-2"), SLICE("-2"), true},
        {SLICE("3次"), SLICE(""), false},
        {SLICE("99999999999999999999x"), SLICE(""), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice decimal = {};
        bool ok = false;
        EXPECT_OK(draft_canon_decimal(cx, cases[i].raw, &decimal, &ok));
        EXPECT(ok == cases[i].ok && slice_equal(decimal, cases[i].decimal));
    }
}

TEST("draft_canon: comparing skips white space and folds full-width forms")
{
    Slice text = SLICE(" （Ａ\xE3\x80\x80票");
    EXPECT(draft_canon_next(&text) == '(');
    EXPECT(draft_canon_next(&text) == 'A');
    EXPECT(draft_canon_next(&text) == 0x7968);
    EXPECT(draft_canon_next(&text) == 0);
}

TEST("draft_canon: what a name is found by has no blanks, one width and small letters")
{
    static const char *const cases[][2] = {
        {"丙 公　司", "丙公司"},
        {"北京公司（海淀）", "北京公司(海淀)"},
        {"Ａcme  Trading\xc2\xa0"
         "Co．",
         "acmetradingco."},
        {"北京公司(海淀)", "北京公司(海淀)"},
        {"100％_", "100%_"},
        {"a\xff", "a\xef\xbf\xbd"},
        {"\xe2\x80\x8b　", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice found;
        EXPECT_OK(draft_canon_found(cx, slice_of(cases[i][0]), &found));
        EXPECT(slice_equal(found, slice_of(cases[i][1])));
    }
}

TEST("draft_canon: money comes out as it is printed, whether it came so or not")
{
    static const struct {
        Slice raw, money;
        bool ok;
    } cases[] = {
        {SLICE("0.00"), SLICE("0.00"), true},
        {SLICE("-0.00"), SLICE("0.00"), true},
        {SLICE("-0.01"), SLICE("-0.01"), true},
        {SLICE("00.10"), SLICE("0.10"), true},
        {SLICE("106.00"), SLICE("106.00"), true},
        {SLICE("1.5"), SLICE("1.50"), true},
        {SLICE("9999999999.99"), SLICE("9999999999.99"), true},
        {SLICE("10000000000.00"), SLICE("10000000000.00"), true},
        {SLICE("10000000000.01"), SLICE(""), false},
        {SLICE("1a.00"), SLICE(""), false},
        {SLICE(".00"), SLICE("0.00"), true},
        {SLICE("-.00"), SLICE("0.00"), true},
        {SLICE("1.0x"), SLICE(""), false},
        {SLICE("￥1,234.50"), SLICE("1234.50"), true},
        {SLICE("(200.00)"), SLICE("-200.00"), true},
        {SLICE("（￥1,200.05）"), SLICE("-1200.05"), true},
        {SLICE("¥(0.50)"), SLICE("-0.50"), true},
        {SLICE("200.00-"), SLICE("-200.00"), true},
        {SLICE("(0.00)"), SLICE("0.00"), true},
        {SLICE("(3)"), SLICE(""), false},
        {SLICE("3-"), SLICE(""), false},
        {SLICE("(1.5)"), SLICE(""), false},
        {SLICE("-200.00-"), SLICE(""), false},
        {SLICE("(-200.00)"), SLICE(""), false},
        {SLICE("(200.00"), SLICE(""), false},
        {SLICE("200.00)"), SLICE(""), false},
        {SLICE("()"), SLICE(""), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice money = {};
        bool ok = false;
        EXPECT_OK(draft_canon_money(cx, cases[i].raw, &money, &ok));
        if (ok != cases[i].ok || !slice_equal(money, cases[i].money))
            test_fail(__FILE__, __LINE__, cases[i].raw.data);
    }
}
