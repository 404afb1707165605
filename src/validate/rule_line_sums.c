// Source: docs/rules/line_sums.md (tolerances are tax-control practice, not law)
#include "validate/rule.h"
#include "validate/rules.h"

#define RULE              "line_sums"
#define TAX_SUM_TOLERANCE 127 // fen, of all lines together
#define TAX_TOLERANCE     6   // fen, of one line
#define AMOUNT_TOLERANCE  1   // fen, of one line

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

// |round(amount * rate) - tax| <= 0.06
static Err check_line_tax(Cx *cx, Draft *draft, size_t index)
{
    const Line *line = &draft->lines[index];
    Money amount = {}, tax = {}, due = {};
    Decimal rate = {};
    bool known = rule_money(cx, line->amount, &amount) && rule_money(cx, line->tax, &tax) &&
                 slice_ends(line->tax_rate, SLICE("%")) &&
                 decimal_parse_rate(cx, line->tax_rate, &rate) == ERR_OK &&
                 decimal_of_money(cx, rate, amount, ROUND_HALF_UP, &due) == ERR_OK;
    if (!known || distance(due.fen, tax.fen) <= TAX_TOLERANCE) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, rule_line_field(cx, index, "tax"),
                             "第 %zu 行：金额 " SLICE_FMT " 按税率 " SLICE_FMT " 应计税 " SLICE_FMT
                             "，票面税额 " SLICE_FMT "。",
                             index + 1, SLICE_ARG(line->amount), SLICE_ARG(line->tax_rate),
                             SLICE_ARG(rule_money_text(cx, due)), SLICE_ARG(line->tax));
}

// How far price * quantity may be off because the price was rounded when it was printed: half of
// its last decimal for each unit. Prices of fewer than four decimals were meant as they stand.
static int64_t rounding_slack(Cx *cx, Decimal price, Decimal quantity)
{
    Money slack = {};
    if (price.scale < 4) return 0;
    Decimal half = {5, (uint8_t)(price.scale < DECIMAL_SCALE_MAX ? price.scale + 1 : price.scale)};
    if (decimal_times(cx, half, quantity, ROUND_HALF_UP, &slack) != ERR_OK) return 0;
    return distance(slack.fen, 0);
}

// |price * quantity - amount| <= 0.01
static Err check_line_amount(Cx *cx, Draft *draft, size_t index)
{
    const Line *line = &draft->lines[index];
    Money amount = {}, product = {};
    Decimal price = {}, quantity = {};
    bool known = rule_money(cx, line->amount, &amount) && rule_decimal(cx, line->price, &price) &&
                 rule_decimal(cx, line->quantity, &quantity) &&
                 decimal_times(cx, price, quantity, ROUND_HALF_UP, &product) == ERR_OK;
    if (!known) return ERR_OK;
    int64_t slack = AMOUNT_TOLERANCE + rounding_slack(cx, price, quantity);
    if (distance(product.fen, amount.fen) <= slack) return ERR_OK;
    return draft_add_finding(cx, draft, RULE, SEVERITY_WARN, rule_line_field(cx, index, "amount"),
                             "第 %zu 行：单价 " SLICE_FMT " 乘数量 " SLICE_FMT " 得 " SLICE_FMT
                             "，票面金额 " SLICE_FMT "。",
                             index + 1, SLICE_ARG(line->price), SLICE_ARG(line->quantity),
                             SLICE_ARG(rule_money_text(cx, product)), SLICE_ARG(line->amount));
}

typedef struct Sums {
    Money amount, tax;
    bool amount_known, tax_known; // every line has one
} Sums;

// A line that stands for a list counts only where the list itself was not read.
static Sums sums_of(Cx *cx, const Draft *draft)
{
    Sums sums = {.amount_known = true, .tax_known = true};
    bool only_stand_ins = true;
    for (size_t i = 0; i < draft->line_count; i++)
        only_stand_ins = only_stand_ins && rule_is_list_stand_in(&draft->lines[i]);
    for (size_t i = 0; i < draft->line_count; i++) {
        const Line *line = &draft->lines[i];
        if (!only_stand_ins && rule_is_list_stand_in(line)) continue;
        Money amount = {}, tax = {};
        sums.amount_known = sums.amount_known && rule_money(cx, line->amount, &amount) &&
                            money_add(cx, sums.amount, amount, &sums.amount) == ERR_OK;
        sums.tax_known = sums.tax_known && rule_money(cx, line->tax, &tax) &&
                         money_add(cx, sums.tax, tax, &sums.tax) == ERR_OK;
    }
    return sums;
}

Err rule_line_sums(Cx *cx, const ValidateContext *context, Draft *draft)
{
    (void)context;
    if (draft->line_count == 0) return ERR_OK;
    // An air itinerary has no lines: fare, fuel surcharge and airport fund are set out as if they
    // were, and its tax is that of the first two together.
    if (slice_equal(draft->kind, SLICE("61"))) return ERR_OK;
    bool hidden = rule_tax_is_hidden(draft);
    Money amount = {}, tax = {};
    Sums sums = sums_of(cx, draft);
    if (sums.amount_known && rule_money(cx, draft->amount, &amount) &&
        sums.amount.fen != amount.fen)
        TRY(draft_add_finding(cx, draft, RULE, SEVERITY_ERROR, SLICE("amount"),
                              "各行金额之和为 " SLICE_FMT "，合计金额却是 " SLICE_FMT "。",
                              SLICE_ARG(rule_money_text(cx, sums.amount)),
                              SLICE_ARG(draft->amount)));
    if (!hidden && sums.tax_known && rule_money(cx, draft->tax, &tax) &&
        distance(sums.tax.fen, tax.fen) > TAX_SUM_TOLERANCE)
        TRY(draft_add_finding(cx, draft, RULE, SEVERITY_ERROR, SLICE("tax"),
                              "各行税额之和为 " SLICE_FMT "，合计税额却是 " SLICE_FMT
                              "，相差超过 1.27 元。",
                              SLICE_ARG(rule_money_text(cx, sums.tax)), SLICE_ARG(draft->tax)));
    for (size_t i = 0; i < draft->line_count; i++) {
        if (!hidden) TRY(check_line_tax(cx, draft, i));
        TRY(check_line_amount(cx, draft, i));
    }
    return ERR_OK;
}
