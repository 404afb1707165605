// Who watches the log: rows of the table `watcher` (witnesses and mirrors), and how many of the
// witnesses must have signed.
#pragma once
#include "commit/commit.h"
#include "ledger/note.h"

typedef struct WatchRow {
    Slice name, kind; // "witness", "mirror"
    Slice vkey, url;  // of a mirror the url is ""
    uint64_t added_ms;
    uint64_t size;            // newest checkpoint that it cosigned
    uint64_t ok_ms, tried_ms; // last success, last try; 0 = never
    Slice error;              // of the last try; "" when it went well
} WatchRow;

// By name. At most LIMIT_WATCHERS.
Err watch_list(Cx *cx, Db *db, WatchRow **ret_rows, size_t *ret_count);

// Of `count` witnesses two thirds, rounded up: 1 of 1, 2 of 2, 2 of 3, 3 of 4, 4 of 5. `set`: what
// was set instead, 0 = nothing; never more than there are.
size_t watch_list_need(size_t count, size_t set);
// What was set: meta 'witness_quorum', 0 when nothing was.
Err watch_list_quorum(Cx *cx, Db *db, size_t *ret_set);

// Settings of a folder in meta: the alarm that stands ("name LF text"), when it was last opened
// without witnesses (ms), how many witnesses must have signed.
#define WATCH_ALARM_META   "witness_alarm"
#define WATCH_WITHOUT_META "without_witnesses"
#define WATCH_QUORUM_META  "witness_quorum"

// A small value of meta; "" when it is not there.
Err watch_list_meta(Cx *cx, Db *db, const char *name, Slice *ret_value);

// Changes go through the committer, also while it is halted; each returns when it is durable.
//
// One of them with its entry in the audit log, in one transaction; `note` NULL = without. While it
// is halted nothing can be written to the log, but whoever halted it wrongly can be put out: then
// the change is made alone.
Err watch_list_write(Cx *cx, Committer *committer, CommitWork *work, void *self, AuditNote *note);
// `vkey` of a witness (cosignature/v1), `url` http or https without its add-checkpoint. ERR_INPUT;
// ERR_CONFLICT when a watcher of that name is there; ERR_LIMIT.
Err watch_list_add(Cx *cx, Committer *committer, Slice vkey, Slice url, AuditNote *note);
// ERR_MISSING when there is no witness of that name.
Err watch_list_remove(Cx *cx, Committer *committer, Slice name, AuditNote *note);
Err watch_list_set_quorum(Cx *cx, Committer *committer, size_t set);
Err watch_list_set_meta(Cx *cx, Committer *committer, const char *name, Slice value);

// What became of one try. With a line, the first of that name for that size is kept for good.
typedef struct WatchOutcome {
    Slice name;
    uint64_t size, tried_ms; // size: of the checkpoint that is cosigned, 0 = it was not
    Slice line;
    uint64_t seconds;
    Slice error;
} WatchOutcome;
Err watch_list_note(Cx *cx, Committer *committer, const WatchOutcome *outcome);
