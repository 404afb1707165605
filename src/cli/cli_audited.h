// Audited: what a command did to the folder itself stands in the audit log, too.
#pragma once
#include "commit/commit.h"
#include "flow/flow.h"

// Whose it is when a command writes: the local administrator's, in the organisation "local". For
// desks that write it in the transaction of what it tells of.
AuditNote cli_audited_note(const char *act, const char *kind, Slice object);

// For what has no transaction of its own: how it went. Returns `err`, with its text; while the log
// is halted there is no entry, and what was done stands all the same.
Err cli_audited(Cx *cx, Flow *flow, const char *act, const char *kind, Slice object, Err err);
