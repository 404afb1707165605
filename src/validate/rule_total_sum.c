// Source: docs/rules/total_sum.md
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "total_sum"

Err rule_total_sum(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    Money amount = {}, tax = {}, total = {}, sum = {};
    if (!rule_money(cx, draft->amount, &amount) || !rule_money(cx, draft->tax, &tax) ||
        !rule_money(cx, draft->total, &total))
        return ERR_OK;
    if (money_add(cx, amount, tax, &sum) == ERR_OK && sum.fen == total.fen) return ERR_OK;
    // Stars may hide a tax that is not nought.
    if (rule_has_finding(draft, "tax_masked", SLICE("tax"))) return ERR_OK;
    // An air itinerary's total holds the airport fund and other charges besides.
    bool air = slice_equal(draft->kind, SLICE("61"));
    if (air && sum.fen < total.fen) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_ERROR, SLICE("total"),
                             "金额 " SLICE_FMT " 加税额 " SLICE_FMT " 得 " SLICE_FMT
                             "，价税合计却是 " SLICE_FMT "。",
                             SLICE_ARG(draft->amount), SLICE_ARG(draft->tax),
                             SLICE_ARG(rule_money_text(cx, sum)), SLICE_ARG(draft->total));
}
