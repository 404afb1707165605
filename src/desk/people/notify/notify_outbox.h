// Notify outbox: what is to be sent, as those see it who send it, and what they say became of it.
#pragma once
#include "commit/commit.h"

// Rings (store_when) whenever something was put, asked for or set.
#define NOTIFY_ABOUT SLICE("notify")

// The tenants that have messages, one after the other.
typedef struct NotifyWalk {
    const char *first, *next; // SQL
    Slice tenant;
    bool begun;
} NotifyWalk;
NotifyWalk notify_outbox_all(void);
Err notify_outbox_step(Cx *cx, Db *db, NotifyWalk *walk, bool *ret_there);

// What became of one try, as the worker saw it.
typedef struct NotifyOutcome {
    Slice tenant;
    uint8_t id[COMMIT_ID_SIZE];
    const char *state; // "sent" "failed" "given_up"
    bool counted;      // against the limit of tries
    uint64_t now_ms, next_ms;
    Slice error;
} NotifyOutcome;
// Durable when it returns. Of a row that somebody has changed meanwhile only `sent` is noted.
Err notify_outbox_note(Cx *cx, Committer *committer, const NotifyOutcome *outcome);

// One that is due, with all that is needed to send it.
typedef struct NotifyDue {
    Slice tenant;
    uint8_t id[COMMIT_ID_SIZE];
    Slice to, subject, text;
    int64_t tries;
    uint64_t next_ms, created_ms;
    Err broken; // ERR_CORRUPT: it can't be opened
} NotifyDue;
// Of one channel, over all tenants: at most `limit` a tenant, those first that were due first, also
// those that are not yet.
Err notify_outbox_due(Cx *cx, Store *store, Db *db, const char *channel, size_t limit,
                      NotifyDue **ret_due, size_t *ret_count);
// In the writer's transaction: what has failed so far is due now.
Err notify_outbox_hasten(Cx *cx, Db *db);
// Deletes what was sent or given up and made before.
Err notify_outbox_prune(Cx *cx, Committer *committer, uint64_t before_ms);
