// Source: docs/rules/issue_date.md
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "issue_date"

Err rule_issue_date(Cx *cx, const ValidateContext *context, Draft *draft)
{
    Slice text = draft->issue_date, field = SLICE("issue_date");
    Date date = {};
    if (slice_empty(text))
        return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, field, "没有读到开票日期。");
    if (date_parse(cx, text, &date) != ERR_OK)
        return draft_add_finding(cx, draft, RULE, SEVERITY_ERROR, field,
                                 "开票日期“" SLICE_FMT "”不存在。", SLICE_ARG(text));
    if (date_days(date) > date_days(context->today))
        return draft_add_finding(cx, draft, RULE, SEVERITY_ERROR, field,
                                 "开票日期 " SLICE_FMT " 在今天之后。", SLICE_ARG(text));
    // VAT invoices exist since the reform of 1994-01-01.
    if (date.year < 1994)
        return draft_add_finding(cx, draft, RULE, SEVERITY_ERROR, field,
                                 "开票日期 " SLICE_FMT " 早于 1994 年，当时还没有增值税发票。",
                                 SLICE_ARG(text));
    return ERR_OK;
}
