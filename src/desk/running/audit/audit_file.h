// The file of the newest checkpoint, against the database's. A part of the checks.
#pragma once
#include "desk/running/audit/audit_check.h"

// What it said before the snapshot is a checkpoint of the snapshot, and soon after it says at least
// the snapshot's newest, of `newest` events (0 = none): a running server writes it after the row.
Err audit_file_checkpoint(Cx *cx, Audit *audit, uint64_t newest);
