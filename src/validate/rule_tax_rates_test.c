#include "validate/rule_cases.h"

TEST("rule_tax_rates: knows every rate that was ever printed, and words")
{
    static const Slice known[] = {
        SLICE("13%"),    SLICE("9%"),  SLICE("6%"),   SLICE("5%"), SLICE("3%"),
        SLICE("1.5%"),   SLICE("1%"),  SLICE("0.5%"), SLICE("0%"), SLICE("17%"),
        SLICE("16%"),    SLICE("11%"), SLICE("10%"),  SLICE("4%"), SLICE("免税"),
        SLICE("不征税"), SLICE("***"), SLICE(""),     SLICE("13"), SLICE("出口零税率"),
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        Line line = {.tax_rate = known[i]};
        Draft draft = {.lines = &line, .line_count = 1};
        EXPECT(rule_cases_silent(cx, rule_tax_rates, &draft));
    }
    Line line = {.tax_rate = SLICE("7%")};
    Draft draft = {.lines = &line, .line_count = 1};
    EXPECT(rule_cases_finds(cx, rule_tax_rates, &draft, "tax_rates", "lines[0].tax_rate",
                            SEVERITY_WARN));
}
