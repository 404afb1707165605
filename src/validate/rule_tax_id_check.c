// Source: docs/rules/tax_id_check.md
#include "model/tax_id.h"
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "tax_id_check"

static Err check(Cx *cx, Draft *draft, Slice tax_id, Slice field, const char *who)
{
    if (slice_empty(tax_id)) return ERR_OK; // natural persons have none
    switch (tax_id_check(tax_id)) {
    case TAX_ID_OK:
    case TAX_ID_NO_CHECK:
        return ERR_OK;
    case TAX_ID_BAD_CHECK:
        // Some early codes are legal although their check character is wrong: a hint, no verdict.
        return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, field,
                                 "%s税号“" SLICE_FMT "”的校验位不符（少数早期代码如此）。", who,
                                 SLICE_ARG(tax_id));
    case TAX_ID_BAD_FORM:
        break;
    }
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, field,
                             "%s税号“" SLICE_FMT "”应为 15 至 20 位数字或大写字母。", who,
                             SLICE_ARG(tax_id));
}

Err rule_tax_id_check(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    TRY(check(cx, draft, draft->seller.tax_id, SLICE("seller.tax_id"), "销售方"));
    return check(cx, draft, draft->buyer.tax_id, SLICE("buyer.tax_id"), "购买方");
}
