// Rebuild: drops the projections and makes them anew from the facts, in sequence order.
#pragma once
#include "commit/tally.h"

typedef struct RebuildOptions {
    Store *store;
    void (*progress)(void *self, uint64_t done, uint64_t all); // may be NULL
    void *self;
} RebuildOptions;

// In the writer's transaction (through commit_work): readers see the old projections until it ends.
// Facts of an erased subject are left out. ERR_CORRUPT when a fact is damaged.
Err rebuild_run(Cx *cx, Db *db, const RebuildOptions *options);
// From the facts of `db` into the projections of `to`, which are there and empty: to hold the live
// ones against them. `db` is only read. In the caller's transactions.
Err rebuild_into(Cx *cx, Db *db, Db *to, const RebuildOptions *options);

// One event as its row says it.
typedef struct RebuildRow {
    Slice tenant, subject, leaf_hash, content, actor, source;
    EventType type;
    uint64_t sequence, time_ms;
} RebuildRow;
// Folds one event into the projections; what it changes in document_day is gathered in `tally`,
// which the caller flushes. ERR_MISSING when its subject was erased.
Err rebuild_fold(Cx *cx, Db *db, Store *store, Tally *tally, const RebuildRow *row);
// A CommitRefold: invoices that the document carries, anew from what can still be opened; those of
// which nothing is left are dropped. The document's key is gone already.
Err rebuild_erased(Cx *cx, Db *db, Store *store, Slice tenant, Slice document);
