#include "validate/rule_cases.h"

#define NAME "qr_equals_text"

TEST("rule_qr_equals_text: each field of the payload against what was read")
{
    static const struct {
        Slice qr;
        const char *field; // NULL: silent
        Severity severity;
    } cases[] = {
        {SLICE(""), NULL, 0},
        {SLICE("01,32,,24442000000052340515,318.00,20240602,,"), NULL, 0},
        {SLICE("01,32,,24442000000052340515,318,2024-06-02,,"), NULL, 0},
        {SLICE("01,32,,24442000000052340515,300.00,20240602,,"), NULL, 0}, // the net amount
        {SLICE("01,32,,24442000000052340516,318.00,20240602,,"), "number", SEVERITY_ERROR},
        {SLICE("01,32,,24442000000052340515,319.00,20240602,,"), "total", SEVERITY_ERROR},
        {SLICE("01,32,,24442000000052340515,318.00,20240603,,"), "issue_date", SEVERITY_ERROR},
        {SLICE("QRCODE_GEN_ERROR"), "", SEVERITY_INFO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = rule_cases_sound(cx);
        draft.qr = cases[i].qr;
        if (cases[i].field == NULL)
            EXPECT(rule_cases_silent(cx, rule_qr_equals_text, &draft));
        else
            EXPECT(rule_cases_finds(cx, rule_qr_equals_text, &draft, NAME, cases[i].field,
                                    cases[i].severity));
    }
}

TEST("rule_qr_equals_text: says nothing twice, and nothing of what is not there")
{
    Draft draft = rule_cases_sound(cx);
    draft.qr = SLICE("01,32,,24442000000052340516,318.00,20240602,,");
    EXPECT_OK(draft_set(cx, &draft, DRAFT_NUMBER, SLICE("24442000000052340516"), SOURCE_QR, 1000));
    EXPECT(draft.finding_count == 1);
    EXPECT(rule_cases_silent(cx, rule_qr_equals_text, &draft));
    draft = rule_cases_sound(cx);
    draft.qr = SLICE("01,32,,24442000000052340515,1.00,20240602,,");
    draft.amount = SLICE("");
    EXPECT(rule_cases_silent(cx, rule_qr_equals_text, &draft));
}
