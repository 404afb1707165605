// Rule cases: a sound invoice to start from, for the rules' tests alone.
#pragma once
#include "base/test.h"
#include "validate/rules.h"

static const ValidateContext rule_cases_context = {.today = {2026, 11, 21}};

static inline void rule_cases_set(Cx *cx, Draft *draft, Field field, Slice value)
{
    // As if read for the first time: a case replaces what the sound invoice has.
    *draft_field(draft, field) = SLICE("");
    draft->origins[field] = (FieldOrigin){};
    EXPECT_OK(draft_set(cx, draft, field, value, SOURCE_XML, 1000));
}

static inline Line *rule_cases_line(Cx *cx, Draft *draft, Line line)
{
    Line *at = NULL;
    EXPECT_OK(draft_add_line(cx, draft, &at));
    *at = line;
    EXPECT_OK(draft_tidy_line(cx, draft, draft->line_count - 1));
    return &draft->lines[draft->line_count - 1];
}

// A 数电票 that no rule finds anything in.
static inline Draft rule_cases_sound(Cx *cx)
{
    static const struct {
        Field field;
        Slice value;
    } rows[] = {
        {DRAFT_KIND, SLICE("32")},
        {DRAFT_NUMBER, SLICE("24442000000052340515")},
        {DRAFT_ISSUE_DATE, SLICE("2024-06-02")},
        {DRAFT_AMOUNT, SLICE("300.00")},
        {DRAFT_TAX, SLICE("18.00")},
        {DRAFT_TOTAL, SLICE("318.00")},
        {DRAFT_TOTAL_WORDS, SLICE("叁佰壹拾捌圆整")},
        {DRAFT_SELLER_NAME, SLICE("甲有限公司")},
        {DRAFT_SELLER_TAX_ID, SLICE("91110302562134916R")},
        {DRAFT_BUYER_NAME, SLICE("乙")},
    };
    Draft draft = {};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        rule_cases_set(cx, &draft, rows[i].field, rows[i].value);
    (void)rule_cases_line(cx, &draft,
                          (Line){.name = SLICE("*餐饮服务*餐费"),
                                 .quantity = SLICE("2"),
                                 .price = SLICE("100"),
                                 .amount = SLICE("200.00"),
                                 .tax_rate = SLICE("6%"),
                                 .tax = SLICE("12.00")});
    (void)rule_cases_line(cx, &draft,
                          (Line){.name = SLICE("*餐饮服务*饮料"),
                                 .amount = SLICE("100.00"),
                                 .tax_rate = SLICE("6%"),
                                 .tax = SLICE("6.00")});
    draft.qr = SLICE("01,32,,24442000000052340515,318.00,20240602,,");
    return draft;
}

// Runs one rule; exactly one finding of its name, for this field and of this severity, must come.
static inline bool rule_cases_finds(Cx *cx, RuleFn *rule, Draft *draft, const char *name,
                                    const char *field, Severity severity)
{
    size_t before = draft->finding_count;
    EXPECT_OK(rule(cx, &rule_cases_context, draft));
    if (draft->finding_count != before + 1) return false;
    const Finding *finding = &draft->findings[before];
    return slice_equal(finding->rule, slice_of(name)) &&
           slice_equal(finding->field, slice_of(field)) && finding->severity == severity &&
           finding->text.size > 0;
}

static inline bool rule_cases_silent(Cx *cx, RuleFn *rule, Draft *draft)
{
    size_t before = draft->finding_count;
    EXPECT_OK(rule(cx, &rule_cases_context, draft));
    return draft->finding_count == before;
}
