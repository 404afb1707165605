// Audited: what a command did to the folder itself stands in the audit log, too.
#pragma once
#include "commit/commit.h"

// Whose it is when a command writes: the local administrator's, in the organisation "local". The
// desk writes it in the transaction of what it tells of.
AuditNote cli_audited_note(const char *act, const char *kind, Slice object);
