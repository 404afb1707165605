#include "validate/rule.h"

bool rule_money(Cx *cx, Slice text, Money *ret_money)
{
    return !slice_empty(text) && money_parse(cx, text, ret_money) == ERR_OK;
}

bool rule_decimal(Cx *cx, Slice text, Decimal *ret_decimal)
{
    return !slice_empty(text) && decimal_parse(cx, text, ret_decimal) == ERR_OK;
}

bool rule_has_finding(const Draft *draft, const char *rule, Slice field)
{
    for (size_t i = 0; i < draft->finding_count; i++) {
        const Finding *at = &draft->findings[i];
        if (slice_equal(at->rule, slice_of(rule)) &&
            (slice_empty(field) || slice_equal(at->field, field)))
            return true;
    }
    return false;
}

bool rule_tax_is_hidden(const Draft *draft)
{
    return rule_has_finding(draft, "tax_masked", SLICE("")) ||
           slice_find(draft->remark, SLICE("差额")) != SLICE_NONE;
}

bool rule_is_list_stand_in(const Line *line)
{
    return slice_find(line->name, SLICE("详见销货清单")) != SLICE_NONE ||
           slice_find(line->name, SLICE("详见对应正数发票及清单")) != SLICE_NONE;
}

Slice rule_line_field(Cx *cx, size_t index, const char *name)
{
    return cx_printf(cx, "lines[%zu].%s", index, name);
}

Slice rule_money_text(Cx *cx, Money money)
{
    char buffer[MONEY_TEXT_MAX + 1];
    return cx_printf(cx, SLICE_FMT, SLICE_ARG(money_print(money, buffer)));
}
