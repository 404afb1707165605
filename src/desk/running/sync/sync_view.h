// What is said of sync: per source and node when it last went well, how far it is behind, what
// failed and why. The Sync of the API.
#pragma once
#include "desk/running/sync/sync.h"

// `sync` may be NULL (a command beside no server): then nothing is said of the next run. In a
// snapshot. The sources are those of the newest SYNC_VIEW_DOCUMENTS documents.
#define SYNC_VIEW_DOCUMENTS 10'000
Err sync_view_print(Cx *cx, Db *db, Flow *flow, Sync *sync, Slice tenant, Slice *ret_json);
// Runs, newest first, older than `before` (hexadecimal id; "" = from the newest), at most `limit`.
// They are of the whole folder: without `whole` only whether each part was good, and no count, text
// or reference that may be another organisation's.
Err sync_view_runs(Cx *cx, Db *db, Slice before, int limit, bool whole, Slice *ret_json);
