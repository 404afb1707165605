#include "validate/rule_cases.h"

#define NAME "line_sums"

TEST("rule_line_sums: the lines' sums against the totals")
{
    Draft draft = rule_cases_sound(cx);
    EXPECT(rule_cases_silent(cx, rule_line_sums, &draft));
    draft.amount = SLICE("300.01");
    EXPECT(rule_cases_finds(cx, rule_line_sums, &draft, NAME, "amount", SEVERITY_ERROR));
    draft = rule_cases_sound(cx);
    draft.tax = SLICE("19.27"); // the tolerance
    EXPECT(rule_cases_silent(cx, rule_line_sums, &draft));
    draft.tax = SLICE("19.28");
    EXPECT(rule_cases_finds(cx, rule_line_sums, &draft, NAME, "tax", SEVERITY_ERROR));
}

TEST("rule_line_sums: each line's tax and product within the tolerances")
{
    static const struct {
        Line line;
        const char *field; // NULL: silent
    } cases[] = {
        {{.amount = SLICE("100.00"), .tax_rate = SLICE("6%"), .tax = SLICE("6.06")}, NULL},
        {{.amount = SLICE("100.00"), .tax_rate = SLICE("6%"), .tax = SLICE("6.07")},
         "lines[0].tax"},
        {{.amount = SLICE("100.00"), .tax_rate = SLICE("免税"), .tax = SLICE("0.00")}, NULL},
        {{.amount = SLICE("100.00"), .tax_rate = SLICE("6%"), .tax = SLICE("")}, NULL},
        {{.amount = SLICE("100.01"), .price = SLICE("50"), .quantity = SLICE("2")}, NULL},
        {{.amount = SLICE("100.02"), .price = SLICE("50"), .quantity = SLICE("2")},
         "lines[0].amount"},
        {{.amount = SLICE("9.91"), .price = SLICE("9.91150442"), .quantity = SLICE("1")}, NULL},
        {{.amount = SLICE("15841.58"), .price = SLICE("15841.5841584158"), .quantity = SLICE("1")},
         NULL},
        // A price of four decimals times a million pieces is off by half a hundred at most.
        {{.amount = SLICE("333333.33"), .price = SLICE("0.3333"), .quantity = SLICE("1000000")},
         NULL},
        {{.amount = SLICE("333400.00"), .price = SLICE("0.3333"), .quantity = SLICE("1000000")},
         "lines[0].amount"},
        {{.amount = SLICE("-100.00"), .price = SLICE("50"), .quantity = SLICE("-2")}, NULL},
        {{.amount = SLICE("100.00"), .price = SLICE("x"), .quantity = SLICE("2")}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Line line = cases[i].line;
        Draft draft = {.lines = &line, .line_count = 1, .line_room = 1};
        if (cases[i].field == NULL)
            EXPECT(rule_cases_silent(cx, rule_line_sums, &draft));
        else
            EXPECT(
                rule_cases_finds(cx, rule_line_sums, &draft, NAME, cases[i].field, SEVERITY_WARN));
    }
}

TEST("rule_line_sums: hidden tax, unknown lines and lists give no false alarm")
{
    Draft draft = rule_cases_sound(cx);
    draft.remark = SLICE("差额征税：100.00。");
    draft.lines[0].tax = SLICE("6.00");
    EXPECT(rule_cases_silent(cx, rule_line_sums, &draft));

    draft = rule_cases_sound(cx);
    draft.kind = SLICE("61");
    draft.amount = SLICE("250.00");
    EXPECT(rule_cases_silent(cx, rule_line_sums, &draft));

    draft = rule_cases_sound(cx);
    draft.lines[1].amount = SLICE("");
    EXPECT(rule_cases_silent(cx, rule_line_sums, &draft));

    // The face line beside the list it stands for is not counted twice; alone it counts.
    draft = rule_cases_sound(cx);
    Line face = {
        .name = SLICE("（详见销货清单）"), .amount = SLICE("300.00"), .tax = SLICE("18.00")};
    (void)rule_cases_line(cx, &draft, face);
    EXPECT(rule_cases_silent(cx, rule_line_sums, &draft));
    draft.lines = &face;
    draft.line_count = 1;
    EXPECT(rule_cases_silent(cx, rule_line_sums, &draft));
    face.amount = SLICE("299.00");
    EXPECT(rule_cases_finds(cx, rule_line_sums, &draft, NAME, "amount", SEVERITY_ERROR));
}
