#include "validate/rule_cases.h"

#define NAME "code_number_form"

TEST("rule_code_number_form: finds what does not fit the kind")
{
    static const struct {
        Slice kind, code, number, date;
        const char *field;
        Severity severity;
    } cases[] = {
        {SLICE("10"), SLICE("032001600511"), SLICE("3147185"), SLICE("2020-10-04"), "number",
         SEVERITY_WARN},
        {SLICE("10"), SLICE("032001600511"), SLICE(""), SLICE("2020-10-04"), "number",
         SEVERITY_WARN},
        {SLICE("10"), SLICE(""), SLICE("31471858"), SLICE("2020-10-04"), "code", SEVERITY_WARN},
        {SLICE("10"), SLICE("03200160051"), SLICE("31471858"), SLICE("2020-10-04"), "code",
         SEVERITY_WARN},
        {SLICE("04"), SLICE("032001600511"), SLICE("31471858"), SLICE("2020-10-04"), "kind",
         SEVERITY_WARN},
        {SLICE("10"), SLICE("099901600511"), SLICE("31471858"), SLICE("2020-10-04"), "number",
         SEVERITY_INFO},
        {SLICE("32"), SLICE(""), SLICE("9223372036854775807"), SLICE("2024-06-02"), "number",
         SEVERITY_WARN},
        {SLICE("32"), SLICE(""), SLICE("23442000000052340515"), SLICE("2024-06-02"), "number",
         SEVERITY_WARN},
        {SLICE("32"), SLICE("032001600511"), SLICE("24442000000052340515"), SLICE("2024-06-02"),
         "code", SEVERITY_WARN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        rule_cases_set(cx, &draft, DRAFT_KIND, cases[i].kind);
        rule_cases_set(cx, &draft, DRAFT_CODE, cases[i].code);
        rule_cases_set(cx, &draft, DRAFT_NUMBER, cases[i].number);
        rule_cases_set(cx, &draft, DRAFT_ISSUE_DATE, cases[i].date);
        EXPECT(rule_cases_finds(cx, rule_code_number_form, &draft, NAME, cases[i].field,
                                cases[i].severity));
    }
}

TEST("rule_code_number_form: is silent where all fits")
{
    static const struct {
        Slice kind, code, number;
    } cases[] = {
        {SLICE("10"), SLICE("032001600511"), SLICE("31471858")},
        {SLICE("10"), SLICE("144031539110"), SLICE("31471858")},
        {SLICE("102"), SLICE("144002309010"), SLICE("01956673")},
        {SLICE("01"), SLICE("1200154130"), SLICE("03630024")},
        {SLICE("51"), SLICE(""), SLICE("22119130671000000049")},
        {SLICE("85"), SLICE("011001900104"), SLICE("24112000000048542163")},
        {SLICE("101"), SLICE("11060121"), SLICE("0123456789")},
        {SLICE(""), SLICE("144032370119"), SLICE("03630024")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        rule_cases_set(cx, &draft, DRAFT_KIND, cases[i].kind);
        rule_cases_set(cx, &draft, DRAFT_CODE, cases[i].code);
        rule_cases_set(cx, &draft, DRAFT_NUMBER, cases[i].number);
        EXPECT(rule_cases_silent(cx, rule_code_number_form, &draft));
    }
}
