// Validate: a table of rules over a draft. Each finds what is wrong and says so; none refuses.
#pragma once
#include "base/date.h"
#include "model/draft.h"

typedef struct ValidateContext {
    Date today; // in China; for "date in the future"
} ValidateContext;

typedef Err RuleFn(Cx *cx, const ValidateContext *context, Draft *draft);
typedef struct RuleRow {
    const char *name; // = the finding's rule, docs/rules/<name>.md and validate/rule_<name>.c
    RuleFn *check;
} RuleRow;

// The ordered table (validate/rules.c).
const RuleRow *validate_rules(size_t *ret_count);
// Runs them all. ERR_LIMIT only.
Err validate_draft(Cx *cx, const ValidateContext *context, Draft *draft);
