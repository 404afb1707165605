// Source: docs/rules/discount_lines.md
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE "discount_lines"

// A discount on a blue invoice is negative, on a red one positive.
static bool is_discount(int64_t fen, bool red)
{
    return red ? fen > 0 : fen < 0;
}

// What is wrong with a discount of `fen` behind `before`; NULL when nothing is.
static const char *wrong(Cx *cx, const Line *before, const Line *line, int64_t fen, bool red)
{
    Money base = {};
    if (before == NULL) return "折扣行不能是第一行";
    if (!rule_money(cx, before->amount, &base)) return NULL;
    if (is_discount(base.fen, red)) return "折扣行不能连续出现";
    if (!draft_same_text(before->name, line->name)) return "折扣行的名称应与被折扣行相同";
    if (!slice_equal(before->tax_rate, line->tax_rate) && !slice_empty(line->tax_rate))
        return "折扣行的税率应与被折扣行相同";
    int64_t size = fen < 0 ? -fen : fen, whole = base.fen < 0 ? -base.fen : base.fen;
    return size > whole ? "折扣不能大于被折扣行的金额" : NULL;
}

Err rule_discount_lines(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    Money total = {};
    bool red = draft->red.is_red || (rule_money(cx, draft->total, &total) && total.fen < 0);
    for (size_t i = 0; i < draft->line_count; i++) {
        const Line *line = &draft->lines[i], *before = i == 0 ? NULL : &draft->lines[i - 1];
        Money amount = {};
        if (!rule_money(cx, line->amount, &amount) || !is_discount(amount.fen, red)) continue;
        const char *what = wrong(cx, before, line, amount.fen, red);
        if (what == NULL) continue;
        TRY(draft_add_finding(cx, draft, RULE, SEVERITY_WARN, rule_line_field(cx, i, "amount"),
                              "第 %zu 行（金额 " SLICE_FMT "）：%s。", i + 1,
                              SLICE_ARG(line->amount), what));
    }
    return ERR_OK;
}
