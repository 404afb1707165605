// The check of statements: each says what its row says, is signed by us, and counts what the facts
// count. A part of the check of the ledger's tables.
#pragma once
#include "desk/running/audit/audit_check.h"

Err audit_statement_all(Cx *cx, Audit *audit, uint64_t *things);
