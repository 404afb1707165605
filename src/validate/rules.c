#include "validate/rules.h"

#define ROW(name) {#name, rule_##name},
static const RuleRow rows[] = {RULES(ROW)};

const RuleRow *rules_all(size_t *ret_count)
{
    *ret_count = sizeof rows / sizeof rows[0];
    return rows;
}
