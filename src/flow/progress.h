// Progress: what whoever hands a document in is told of it, twice.
#pragma once
#include "commit/commit.h"

// What happened to one document so far.
typedef struct Progress {
    Receipt receipt; // its promise: in `received` alone
    Outcome outcome; // .state == DOC_RECEIVED until decided; borrowed, don't free
} Progress;
// Both notices may be NULL.
// `received` is called once when the reference is durable, `decided` once when the outcome is; both
// on threads of the flow: they must not block. `decided` is not called when the receipt has an err;
// when LIMIT_JOBS_WAITED wait already it is called at once, with ERR_LIMIT: it is read all the
// same.
typedef void FlowNotice(void *self, const Progress *progress);
