// Replica, beside the events: what no leaf binds and still belongs to the log: the files that were
// refused, and the signed days with the checkpoints that they name.
//
//   "fapiao-side-2\n" { refusal }* { checkpoint, statement }*     rows of publish/replica_row.h;
//   of all organisations: refusals in the order of time and id, statements in that in which they
//   were signed (time, organisation, day)
//
// REPLICA_SIDE_ROWS of each at once: who gets so many asks for more. Statements of one time were
// signed in one transaction and travel together, so there may be twice as many.
#pragma once
#include "commit/commit.h"
#include "publish/log.h"

#define REPLICA_SIDE_ROWS 400

// How far somebody is.
typedef struct ReplicaSide {
    uint64_t refused_ms; // newest refusal: its time and id
    uint8_t refused_id[COMMIT_ID_SIZE];
    uint64_t signed_ms; // newest statement: when it was signed
} ReplicaSide;

// What this folder has. Refusals of the last minute before the newest are counted out: of two that
// come at once the later one may be written first.
Err replica_side_have(Cx *cx, Db *db, ReplicaSide *ret_side);
// What comes after that.
Err replica_side_pack(Cx *cx, Db *db, const ReplicaSide *after, Slice *ret_bytes);

// In the writer's transaction. What is here already is passed over, a statement over more of the
// log than is here waits. *side moves; *ret_more: there may be more. ERR_INPUT for bytes of another
// form, ERR_CORRUPT when a statement or checkpoint is not signed by this log, ERR_CONFLICT when the
// log that a checkpoint signs is another one than is here.
Err replica_side_take(Cx *cx, Db *db, Log *log, Slice bytes, ReplicaSide *side, bool *ret_more);
