// For tests: logs with a key and a tree, and what they post to a witness.
#pragma once
#include "desk/running/witness/witness.h"
#include "ledger/tree_fixture.h"

typedef struct WitnessLog {
    Slice origin, vkey;
    NoteKey key;
    uint8_t seed; // of its key
    TreeFixture tree;
} WitnessLog;

// `size` leaves, of which those from `fork` on are other ones than in a log without a fork there.
// The key follows from `seed`.
void witness_fixture_log(Cx *cx, WitnessLog *log, Slice origin, uint8_t seed, uint64_t size,
                         uint64_t fork);
// Its signed checkpoint of a size that it has had.
Slice witness_fixture_note(Cx *cx, const WitnessLog *log, uint64_t size);
// The body of a post; `spoil` = one bit of the proof is wrong. old > size: without a proof.
Slice witness_fixture_body(Cx *cx, const WitnessLog *log, uint64_t old, uint64_t size, Slice note,
                           bool spoil);
Slice witness_fixture_post(Cx *cx, const WitnessLog *log, uint64_t old, uint64_t size);
