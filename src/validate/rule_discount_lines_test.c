#include "validate/rule_cases.h"

TEST("rule_discount_lines: a discount follows what it is taken from")
{
    static const Line goods = {
        .name = SLICE("*家具*桌"), .amount = SLICE("100.00"), .tax_rate = SLICE("13%")};
    static const Line off = {
        .name = SLICE("*家具* 桌"), .amount = SLICE("-20.00"), .tax_rate = SLICE("13%")};
    static const Line all = {
        .name = SLICE("*家具*桌"), .amount = SLICE("-100.01"), .tax_rate = SLICE("13%")};
    static const Line other = {
        .name = SLICE("*家具*椅"), .amount = SLICE("-20.00"), .tax_rate = SLICE("13%")};
    static const Line rate = {
        .name = SLICE("*家具*桌"), .amount = SLICE("-20.00"), .tax_rate = SLICE("6%")};
    const struct {
        Line lines[3];
        size_t count;
        const char *field; // NULL: silent
    } cases[] = {
        {{goods, off, goods}, 3, NULL},
        {{off, goods}, 2, "lines[0].amount"},
        {{goods, off, off}, 3, "lines[2].amount"},
        {{goods, all}, 2, "lines[1].amount"},
        {{goods, other}, 2, "lines[1].amount"},
        {{goods, rate}, 2, "lines[1].amount"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Line lines[3] = {cases[i].lines[0], cases[i].lines[1], cases[i].lines[2]};
        Draft draft = {.lines = lines, .line_count = cases[i].count};
        if (cases[i].field == NULL)
            EXPECT(rule_cases_silent(cx, rule_discount_lines, &draft));
        else
            EXPECT(rule_cases_finds(cx, rule_discount_lines, &draft, "discount_lines",
                                    cases[i].field, SEVERITY_WARN));
    }
}

TEST("rule_discount_lines: on a red invoice the signs are the other way round")
{
    Line lines[] = {
        {.name = SLICE("*家具*桌"), .amount = SLICE("-100.00"), .tax_rate = SLICE("13%")},
        {.name = SLICE("*家具*桌"), .amount = SLICE("20.00"), .tax_rate = SLICE("13%")},
    };
    Draft draft = {.lines = lines, .line_count = 2, .total = SLICE("-90.40")};
    EXPECT(rule_cases_silent(cx, rule_discount_lines, &draft));
    draft.line_count = 1;
    draft.lines = &lines[1];
    EXPECT(rule_cases_finds(cx, rule_discount_lines, &draft, "discount_lines", "lines[0].amount",
                            SEVERITY_WARN));
}
