#include "validate/rule_cases.h"

TEST("rule_total_words: 大写 equals 小写, however it is spelt")
{
    static const struct {
        Slice words, total;
        bool silent;
        Severity severity;
    } cases[] = {
        {SLICE("伍拾贰圆柒角"), SLICE("52.70"), true, 0},
        {SLICE("（负数）贰圆壹角贰分"), SLICE("-2.12"), true, 0},
        {SLICE(""), SLICE("52.70"), true, 0},
        {SLICE("伍拾贰圆柒角"), SLICE(""), true, 0},
        {SLICE("伍拾贰圆柒角"), SLICE("52.07"), false, SEVERITY_ERROR},
        {SLICE("贰圆壹角贰分"), SLICE("-2.12"), false, SEVERITY_ERROR},
        {SLICE("看不清"), SLICE("52.07"), false, SEVERITY_INFO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {.total_words = cases[i].words, .total = cases[i].total};
        if (cases[i].silent)
            EXPECT(rule_cases_silent(cx, rule_total_words, &draft));
        else
            EXPECT(rule_cases_finds(cx, rule_total_words, &draft, "total_words", "total_words",
                                    cases[i].severity));
    }
}
