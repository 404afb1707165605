#include "validate/rule_cases.h"

TEST("rule_issue_date: real, not in the future, not before 1994")
{
    static const struct {
        Slice date;
        bool silent;
        Severity severity;
    } cases[] = {
        {SLICE("2026-11-21"), true, 0},
        {SLICE("1994-01-01"), true, 0},
        {SLICE("2026-11-22"), false, SEVERITY_ERROR},
        {SLICE("1993-12-31"), false, SEVERITY_ERROR},
        {SLICE("2024-02-30"), false, SEVERITY_ERROR},
        {SLICE(""), false, SEVERITY_WARN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {.issue_date = cases[i].date};
        if (cases[i].silent)
            EXPECT(rule_cases_silent(cx, rule_issue_date, &draft));
        else
            EXPECT(rule_cases_finds(cx, rule_issue_date, &draft, "issue_date", "issue_date",
                                    cases[i].severity));
    }
}
