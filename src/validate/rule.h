// Rule: what several rules ask of a draft.
#pragma once
#include "base/decimal.h"
#include "model/draft.h"

// False when the text is empty or no number: such a value proves nothing.
bool rule_money(Cx *cx, Slice text, Money *ret_money);
bool rule_decimal(Cx *cx, Slice text, Decimal *ret_decimal);
// The draft has a finding of this rule for this field; `field` "" = for any.
bool rule_has_finding(const Draft *draft, const char *rule, Slice field);
// Tax that is printed as stars, or worked out on a difference (差额征税): no sum can be checked by
// it.
bool rule_tax_is_hidden(const Draft *draft);
// A line that only says that a list follows (详见销货清单).
bool rule_is_list_stand_in(const Line *line);
// "lines[3].tax"
Slice rule_line_field(Cx *cx, size_t index, const char *name);
// "12.30" for a finding's text.
Slice rule_money_text(Cx *cx, Money money);
