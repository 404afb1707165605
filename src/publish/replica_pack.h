// Replica, packing: the facts behind a stretch of the log as bytes, for another node.
//
//   "fapiao-facts-1\n" { row }*      rows of publish/replica_row.h, by event:
//     content_key (a subject's first) · sealed, document (received) · reading (accepted, carrier)
//     · event
//
// What was encrypted stays so: a mirror has the folder's wrapped keys and needs the same key file.
// Refusals and statements go another way (publish/replica_side.h).
#pragma once
#include "publish/log.h"

// Facts of the events from sequence `first` on, of those up to `last`; at least one event, then
// until about `bytes_max`. *ret_next = the sequence after the last one packed (= first when there
// is none). In a snapshot (db_begin_read).
Err replica_pack(Cx *cx, Store *store, Db *db, uint64_t first, uint64_t last, size_t bytes_max,
                 uint64_t *ret_next, Slice *ret_bytes);
