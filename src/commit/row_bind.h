// Row bind: binds rows that may change (store/bound.h) to the log, in the transaction that writes
// them: an event `bound` names each with the digest of what it says now and of what it said before
// the transaction ("-" there is no such row, "*" nobody knows). So a row that was changed by
// someone else is not bound as if it were the program's when the program changes it again.
//
// One chain of the platform's tenant for each version of the list; its first events bind what
// stood there when a program first knew that version.
#pragma once
#include "commit/event_log.h"
#include "store/bound.h"

// What such an event gives for its reason when nothing before it counts.
#define ROW_BIND_ANEW SLICE("anew")

// The chain's subject: 16 characters.
Slice row_bind_subject(Cx *cx, int version);

// Before the first commands of a program: what stands and is in no event yet, written by a program
// of before. A folder that was a mirror has none of the rows that the log names: that is said, and
// what was bound before counts no more. `closed`: nothing but seals.
Err row_bind_standing(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, bool closed);
// After the commands: what they have written. `closed`: the firm rows wait until it is not.
Err row_bind_touched(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, bool closed);
