// Rules: the ordered table. One file a rule; a new one has a line here, a file rule_<name>.c and a
// page docs/rules/<name>.md.
#pragma once
#include "validate/validate.h"

// Form first, then sums, then what refers to other things.
#define RULES(R)                                                                                   \
    R(code_number_form)                                                                            \
    R(issue_date)                                                                                  \
    R(tax_id_check)                                                                                \
    R(total_sum)                                                                                   \
    R(line_sums)                                                                                   \
    R(total_words)                                                                                 \
    R(tax_rates)                                                                                   \
    R(discount_lines)                                                                              \
    R(red_references)                                                                              \
    R(qr_equals_text)                                                                              \
    R(qr_crc)

#define RULES_DECLARE(name) RuleFn rule_##name;
RULES(RULES_DECLARE)

const RuleRow *rules_all(size_t *ret_count);
