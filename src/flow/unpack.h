// Unpack: the files of a container become documents.
//
//   container, in progress ─▶ an entry's bytes ─▶ flow_receive: tenant, actor and source are the
//   container's, the idempotency key is of container and entry ─▶ … ─▶ all are received ─▶
//   commit_decide: event unpacked
//
// After a crash the container is still in progress and is unpacked anew: an entry that was received
// has used up its key, so none comes twice, and none is lost.
//
// What is in memory at once: the container, UNPACK_WINDOW entries or LIMIT_ZIP_ENTRY_BYTES of them.
#pragma once
#include "flow/flow.h"

#define UNPACK_WINDOW 32 // entries that wait for their reference

// Bytes of one entry: from the sandbox, or a test's stand-in.
typedef Err UnpackEntry(Cx *cx, void *self, const ReadingEntry *entry, Slice *ret_bytes);

typedef struct Unpack {
    Flow *flow;
    Slice tenant;
    uint8_t document[COMMIT_ID_SIZE]; // the container
    const Reading *reading;           // with entries
    UnpackEntry *entry;
    void *self;
} Unpack;

// Called once, when the container and every one of its entries is decided, or it failed; on any
// thread, `outcome` is the container's own. Must not block.
typedef void UnpackDone(void *self, Outcome *outcome);

// Whether these entries may be unpacked: *ret_reason is REASON_HOSTILE when they lie too deep, or
// when the containers in the outermost one would together give more than one alone may.
Err unpack_allowed(Cx *cx, Db *db, const Unpack *unpack, Reason *ret_reason);
// Returns when all entries are received and the decision is queued. Never fails: what goes wrong is
// told to `done`; the container then stays in progress and is unpacked again later (flow/jobs.h).
void unpack_run(Cx *cx, const Unpack *unpack, UnpackDone *done, void *self);
