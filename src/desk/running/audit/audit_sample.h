// The tree in a sample: what the hashes file says of the newest checkpoint and of the leaves that
// were looked at. A part of the checks.
#pragma once
#include "desk/running/audit/audit_check.h"

Err audit_sample_tree(Cx *cx, Audit *audit, uint64_t *ret_things);
