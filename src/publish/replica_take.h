// Replica, taking in: what another node packed (publish/replica_pack.h) becomes facts here.
//
// Nothing is believed: chains, leaves, commitments, and digests of bytes and readings are computed
// again before a row is taken, each leaf must be the one that the log has in its place, and the
// projections are folded anew.
#pragma once
#include "store/store.h"

// Which leaves the log has there: known to give the root of a signed checkpoint before anything is
// taken in.
typedef struct ReplicaLeaves {
    uint64_t first; // sequence of the first one
    const Digest *hashes;
    size_t count;
} ReplicaLeaves;

// In the writer's transaction (commit_work). ERR_INPUT for bytes that are not of this form;
// ERR_CONFLICT when they don't begin where this folder ends; ERR_CORRUPT when something in them is
// not what the leaf says. *ret_next = the sequence that this folder wants next.
Err replica_take(Cx *cx, Store *store, Db *db, Slice bytes, const ReplicaLeaves *leaves,
                 uint64_t *ret_next);
