// The parts of a run.
#pragma once
#include "desk/running/sync/sync.h"

typedef struct SyncSaid {
    bool good;
    int64_t count; // of what the part is about
    Slice zh, en;  // one sentence
} SyncSaid;

// An Err is what the part could not do; the run says so and goes on.
typedef Err SyncPartRun(Cx *cx, const SyncOptions *options, SyncSaid *ret_said);
typedef struct SyncPart {
    const char *name;
    SyncPartRun *run;
} SyncPart;
const SyncPart *sync_part_all(size_t *ret_count);
