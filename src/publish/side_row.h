// Side_row: rows that no event binds, written so that an audit misses one that was taken out:
//
//   checkpoint   follows = the size of the one below it when it was written, 0 = none;
//                seal = HMAC-SHA-256(log key, "fapiao/checkpoint-row/v1" LF ‖ u64be size ‖ root ‖
//                u64be time_ms ‖ u64be follows), since what is signed has no time
//   statement    counter (tenant, 'statement') = the newest day that is signed, YYYYMMDD
//
// Rows from before there was this have follows 0 and an empty seal. In the writer's transaction.
#pragma once
#include "publish/log.h"

typedef struct SideRowCheckpoint {
    uint64_t size, time_ms;
    Slice root, note;
} SideRowCheckpoint;
Err side_row_checkpoint(Cx *cx, Db *db, const Log *log, const SideRowCheckpoint *row);
Digest side_row_seal(const Log *log, const SideRowCheckpoint *row, uint64_t follows);

typedef struct SideRowStatement {
    Slice tenant, day, note; // day: YYYY-MM-DD
    uint64_t size, time_ms;
} SideRowStatement;
Err side_row_statement(Cx *cx, Db *db, const SideRowStatement *row);
