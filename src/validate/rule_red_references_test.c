#include "validate/rule_cases.h"

#define NAME "red_references"

TEST("rule_red_references: sign and mark go together, and the blue one is named")
{
    static const struct {
        Slice total;
        Red red;
        Slice remark;
        const char *field; // NULL: silent
        Severity severity;
    } cases[] = {
        {SLICE("318.00"), {}, SLICE(""), NULL, 0},
        {SLICE(""), {}, SLICE(""), NULL, 0},
        {SLICE("318.00"), {}, SLICE("被红冲蓝字数电票号码：1"), NULL, 0},
        {SLICE("-318.00"), {}, SLICE(""), "red.is_red", SEVERITY_WARN},
        {SLICE("318.00"),
         {.is_red = true, .original_number = SLICE("31471858")},
         SLICE(""),
         "red.is_red",
         SEVERITY_WARN},
        {SLICE("-318.00"), {.is_red = true}, SLICE(""), "red.original_number", SEVERITY_WARN},
        {SLICE("-318.00"),
         {.is_red = true, .original_number = SLICE("3147185")},
         SLICE(""),
         "red.original_number",
         SEVERITY_WARN},
        {SLICE("-318.00"),
         {.is_red = true, .original_number = SLICE("24442000000052340515")},
         SLICE("被红冲蓝字数电票号码：24442000000052340515 红字发票信息确认单编号："),
         NULL,
         0},
        {SLICE("-318.00"),
         {.is_red = true, .original_number = SLICE("24442000000052340515")},
         SLICE("被红冲蓝字数电票号码：24442000000052340516"),
         "red.original_number",
         SEVERITY_ERROR},
        {SLICE("-318.00"),
         {.is_red = true,
          .original_number = SLICE("31471858"),
          .original_code = SLICE("032001600511")},
         SLICE("对应正数发票代码:032001600512号码:31471858"),
         "red.original_code",
         SEVERITY_ERROR},
        {SLICE("-318.00"),
         {.is_red = true, .confirmation_number = SLICE("1234567890123456")},
         SLICE("开具红字增值税专用发票信息表编号1234567890123456"),
         NULL,
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {.total = cases[i].total, .red = cases[i].red, .remark = cases[i].remark};
        if (cases[i].field == NULL)
            EXPECT(rule_cases_silent(cx, rule_red_references, &draft));
        else
            EXPECT(rule_cases_finds(cx, rule_red_references, &draft, NAME, cases[i].field,
                                    cases[i].severity));
    }
}
