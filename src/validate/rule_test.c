#include "validate/rule.h"

#include "validate/rule_cases.h"

TEST("rule: a value that is missing or no number proves nothing")
{
    Money money = {};
    Decimal decimal = {};
    EXPECT(!rule_money(cx, SLICE(""), &money) && !rule_money(cx, SLICE("x"), &money));
    EXPECT(rule_money(cx, SLICE("1.20"), &money) && money.fen == 120);
    EXPECT(!rule_decimal(cx, SLICE(""), &decimal));
    EXPECT(rule_decimal(cx, SLICE("1.5"), &decimal) && decimal.digits == 15);
    EXPECT(slice_equal(rule_money_text(cx, (Money){-5}), SLICE("-0.05")));
    EXPECT(slice_equal(rule_line_field(cx, 3, "tax"), SLICE("lines[3].tax")));
}

TEST("rule: hidden tax and lines that stand for a list are known")
{
    Draft draft = rule_cases_sound(cx);
    EXPECT(!rule_tax_is_hidden(&draft));
    draft.remark = SLICE("差额征税：20.00。");
    EXPECT(rule_tax_is_hidden(&draft));
    draft.remark = SLICE("");
    EXPECT_OK(draft_add_finding(cx, &draft, "tax_masked", SEVERITY_INFO, SLICE("tax"), "x"));
    EXPECT(rule_tax_is_hidden(&draft) && rule_has_finding(&draft, "tax_masked", SLICE("tax")));
    EXPECT(!rule_has_finding(&draft, "tax_masked", SLICE("lines[0].tax")));
    EXPECT(rule_is_list_stand_in(&(Line){.name = SLICE("（详见销货清单）")}));
    EXPECT(rule_is_list_stand_in(&(Line){.name = SLICE("(详见销货清单)")}));
    EXPECT(!rule_is_list_stand_in(&draft.lines[0]));
}
