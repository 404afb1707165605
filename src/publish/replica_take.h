// Replica, taking in: what another node packed (publish/replica_pack.h) becomes facts here.
//
// Nothing is believed: chains, leaves, commitments, and digests of bytes and readings are computed
// again before a row is taken, and the projections are folded anew. Whether the stretch is the
// log's says the root of its checkpoint (a mirror's work).
#pragma once
#include "store/store.h"

// In the writer's transaction (commit_work). ERR_INPUT for bytes that are not of this form;
// ERR_CONFLICT when they don't begin where this folder ends; ERR_CORRUPT when something in them is
// not what the leaf says. *ret_next = the sequence that this folder wants next.
Err replica_take(Cx *cx, Store *store, Db *db, Slice bytes, uint64_t *ret_next);
