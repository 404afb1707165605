// Hashes: DIR/ledger/hashes, the stored hashes of the log (ledger/tree.h): 32 bytes each,
// append-only, and from the events alone, so that they can be made anew.
#pragma once
#include "ledger/tree.h"
#include "store/store.h"

const char *hashes_path(Cx *cx, const Store *store);
// In any order; what lies near each other is read at once.
Err hashes_read(Cx *cx, int fd, const uint64_t *indexes, size_t count, Digest *ret_hashes);
// From `edge` on, until `upto` or the newest event; fd -1 = the edge alone, nothing is written.
// ERR_CORRUPT when an event is missing or damaged: the edge then covers those before its batch.
Err hashes_grow(Cx *cx, int fd, Db *db, uint64_t upto, TreeEdge *edge);
