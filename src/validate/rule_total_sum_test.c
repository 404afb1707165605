#include "validate/rule_cases.h"

TEST("rule_total_sum: to the fen, where all three are known")
{
    static const struct {
        Slice kind, amount, tax, total;
        bool silent;
    } cases[] = {
        {SLICE("32"), SLICE("300.00"), SLICE("18.00"), SLICE("318.00"), true},
        {SLICE("32"), SLICE("-300.00"), SLICE("-18.00"), SLICE("-318.00"), true},
        {SLICE("32"), SLICE("300.00"), SLICE("18.00"), SLICE("318.01"), false},
        {SLICE("32"), SLICE("300.00"), SLICE(""), SLICE("318.01"), true},
        {SLICE("32"), SLICE("300.00"), SLICE("***"), SLICE("300.00"), true},
        {SLICE("10"), SLICE("300.00"), SLICE("***"), SLICE("305.00"), true},
        {SLICE("61"), SLICE("522.93"), SLICE("47.07"), SLICE("620.00"), true}, // airport fund
        {SLICE("61"), SLICE("522.93"), SLICE("47.07"), SLICE("500.00"), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        rule_cases_set(cx, &draft, DRAFT_KIND, cases[i].kind);
        rule_cases_set(cx, &draft, DRAFT_AMOUNT, cases[i].amount);
        rule_cases_set(cx, &draft, DRAFT_TAX, cases[i].tax);
        rule_cases_set(cx, &draft, DRAFT_TOTAL, cases[i].total);
        if (cases[i].silent)
            EXPECT(rule_cases_silent(cx, rule_total_sum, &draft));
        else
            EXPECT(
                rule_cases_finds(cx, rule_total_sum, &draft, "total_sum", "total", SEVERITY_ERROR));
    }
}
