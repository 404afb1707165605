// Closing: a day that is over is counted once more, and signed for good.
#pragma once
#include "commit/commit.h"
#include "commit/uuid7.h"
#include "publish/log.h"

// A day is closed so long after its end, when no id of it can come into the record any more.
#define CLOSING_WAIT_MS UUID7_MARGIN_MS

// Signs every day from the first with a document to the last that has been over for
// CLOSING_WAIT_MS, and not past the newest event, that is not signed yet: a clock that ran ahead
// closes nothing that has not been, one that is put right by less finds no closed day. At most
// LIMIT_STATEMENTS of them. In the committer's transaction: the counts are those of one moment.
// *ret_signed (may be NULL) = how many. ERR_CORRUPT when a day's equation does not hold: it stays
// unsigned, and the text says by how much. Statements of later transactions bear later times,
// whatever the clock says: who follows asks for what was signed after what it has.
Err closing_due(Cx *cx, Committer *committer, Log *log, Slice tenant, int *ret_signed);
// Of every organisation with a file, each in a transaction of its own. One whose equation does not
// hold keeps no other from being closed: the first such Err is what comes back at the end.
Err closing_all(Cx *cx, Store *store, Committer *committer, Log *log, int *ret_signed);
// In the writer's transaction; used by the above.
Err closing_in(Cx *cx, Db *db, Log *log, Slice tenant, uint64_t now_ms, int *ret_signed);
