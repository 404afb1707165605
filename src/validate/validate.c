#include "validate/rules.h"

const RuleRow *validate_rules(size_t *ret_count)
{
    return rules_all(ret_count);
}

Err validate_draft(Cx *cx, const ValidateContext *context, Draft *draft)
{
    size_t count = 0;
    const RuleRow *rows = rules_all(&count);
    for (size_t i = 0; i < count; i++)
        TRY(rows[i].check(cx, context, draft));
    return ERR_OK;
}
