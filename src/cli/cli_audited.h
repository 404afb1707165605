// Audited: what a command did to the folder itself stands in the audit log, too.
#pragma once
#include "flow/flow.h"

// Of the local administrator, in the organisation "local": how it went. Returns `err`, with its
// text; while the log is halted there is no entry, and what was done stands all the same.
Err cli_audited(Cx *cx, Flow *flow, const char *act, const char *kind, Slice object, Err err);
