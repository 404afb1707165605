// Sync: is everything that came where it belongs, here and on the other nodes? Near real-time all
// the time (sealer, watch, mirrors); the whole once a night, and whenever somebody asks.
//
//   a run = the parts of sync_part.c, in order ─▶ one row of sync_run with what each part said
//
// One run at a time. What a part finds wrong is its answer, never an end of the run.
#pragma once
#include "desk/running/mirror/mirror.h"
#include "desk/running/watch/watch.h"
#include "flow/flow.h"

typedef struct Sync Sync;

typedef struct SyncOptions {
    Flow *flow;
    Watch *watch;       // or NULL
    Mirror *mirror;     // what this node is itself, or NULL
    const char *folder; // the data folder, for the audit
    const char *key_file;
    int hour;      // 0..23 in China: when the nightly run is due; -1 = never
    bool no_audit; // of tests
} SyncOptions;

Err sync_open(Cx *cx, const SyncOptions *options, Sync **ret_sync);
void sync_stop(Sync *sync);  // ends the thread, after the run that it is in; before flow_close
void sync_close(Sync *sync); // takes NULL

// Runs all parts and answers with the row's JSON. ERR_CONFLICT when a run is under way.
Err sync_run(Cx *cx, Sync *sync, Slice cause, Slice *ret_json);
// Lets the thread do it, soon. false when a run is under way already.
bool sync_start(Sync *sync);
bool sync_is_running(Sync *sync);
// When the next nightly run is due, ms since 1970; 0 = never.
uint64_t sync_next(Cx *cx, const Sync *sync);
const SyncOptions *sync_options(const Sync *sync);
