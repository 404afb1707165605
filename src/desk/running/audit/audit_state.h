// State: how far a long audit has verified contents, so that an interrupted one goes on.
//
//   "fapiao-audit-1" LF sequence LF root (hexadecimal, of the tree over the events up to it) LF
//
// It is worth what the root says: when the events up to it give another root, all is done anew.
#pragma once
#include "desk/running/audit/audit_check.h"
#include "ledger/tree.h"

typedef struct AuditState {
    TreeEdge edge; // over the events that are verified
    bool off;      // the file can't be written, which costs time alone
} AuditState;

// Reads the file when the run resumes: sets report->from. Then the edge stands at from - 1.
Err audit_state_start(Cx *cx, Audit *audit, AuditState *state);
// This event is verified. Writes the file now and then.
Err audit_state_note(Cx *cx, Audit *audit, uint64_t sequence, AuditState *state);
// All is verified: the file goes.
Err audit_state_end(Cx *cx, Audit *audit);
