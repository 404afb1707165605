#include "validate/rule_cases.h"

TEST("rule_tax_id_check: warns of a wrong check character or form, in its field")
{
    static const struct {
        Slice seller, buyer;
        const char *field; // NULL: silent
    } cases[] = {
        {SLICE("91110302562134916R"), SLICE(""), NULL},
        {SLICE("440300708461136"), SLICE("12120000777323722X"), NULL},
        {SLICE("91350100M0001TGQXM"), SLICE(""), "seller.tax_id"}, // legal, hence only a warning
        {SLICE(""), SLICE("91110302562134916Q"), "buyer.tax_id"},
        {SLICE(""), SLICE("1234"), "buyer.tax_id"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {.seller = {.tax_id = cases[i].seller}, .buyer = {.tax_id = cases[i].buyer}};
        if (cases[i].field == NULL)
            EXPECT(rule_cases_silent(cx, rule_tax_id_check, &draft));
        else
            EXPECT(rule_cases_finds(cx, rule_tax_id_check, &draft, "tax_id_check", cases[i].field,
                                    SEVERITY_WARN));
    }
}
