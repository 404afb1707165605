// Source: docs/rules/tax_rates.md
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "tax_rates"

// Rates that were ever printed on a VAT invoice, in thousandths: general, levy, and those of old.
static const int64_t known[] = {130, 90, 60, 50, 30, 15, 10, 5, 0, 170, 160, 110, 100, 40};

static bool is_known(Cx *cx, Slice text)
{
    Decimal rate = {};
    // Words (免税, 不征税, ***) and combinations are no numbers; nothing to say about them.
    if (!slice_ends(text, SLICE("%")) || decimal_parse_rate(cx, text, &rate) != ERR_OK) return true;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (decimal_compare(rate, (Decimal){known[i], 3}) == 0) return true;
    return false;
}

Err rule_tax_rates(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    for (size_t i = 0; i < draft->line_count; i++) {
        Slice rate = draft->lines[i].tax_rate;
        if (is_known(cx, rate)) continue;
        TRY(draft_add_finding(cx, draft, RULE, SEVERITY_WARN, rule_line_field(cx, i, "tax_rate"),
                              "第 %zu 行：税率 " SLICE_FMT " 不是增值税的法定税率或征收率。", i + 1,
                              SLICE_ARG(rate)));
    }
    return ERR_OK;
}
