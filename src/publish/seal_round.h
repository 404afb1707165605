// Seal round: what the sealer does each time, and what it checks before the first.
//
//   events ─▶ grow, hashes file ─▶ sign ─▶ compare-and-swap in the tables ─▶ checkpoint file
//
// Each step may be the last before a crash: the hashes are made from the events, a signature that
// no row holds was never seen by anyone, and a checkpoint that has no file yet gets it on opening.
#pragma once
#include "commit/commit.h"
#include "publish/log.h"

#define SEAL_ROUND_HALT_BYTES 512

typedef enum SealRoundStep {
    SEAL_ROUND_GROWN,    // the hashes are written
    SEAL_ROUND_SIGNED,   // signed, in memory alone
    SEAL_ROUND_SWAPPED,  // durable in the tables
    SEAL_ROUND_PUBLISHED // DIR/ledger/checkpoint says it
} SealRoundStep;

typedef struct SealRound {
    Store *store;
    Committer *committer;
    Log *log;
    void (*reached)(void *self, SealRoundStep step); // of tests, which stop there; may be NULL
    void *reached_self;
    int fd;         // of the hashes
    TreeEdge edge;  // of all events that were read
    uint64_t size;  // of the newest checkpoint in the tables
    Digest root;    // its root
    bool published; // the file says the same
    bool doubt;     // the last swap may or may not be durable; it was from size to:
    uint64_t tried_size;
    Digest tried_root;
    char halt[SEAL_ROUND_HALT_BYTES]; // why nothing may be signed any more; "" = it may
} SealRound;

// Holds the file against the tables and these against the events; makes the hashes and the file
// anew where they fall short. `round` has store, committer and log. When the record has gone back
// or is another one, `halt` says so and the answer is ERR_OK.
Err seal_round_open(Cx *cx, SealRound *round);
void seal_round_close(SealRound *round);
// Signs what was committed since; nothing to do is fine. An Err may be tried again, unless `halt`
// says why not.
Err seal_round_run(Cx *cx, SealRound *round);

// For a mirror, in place of signing. `note`: a checkpoint that the log signed elsewhere.
//
// Whether it may follow what is here: signed by this log's keys, not smaller, not of another root.
// ERR_CONFLICT when the log has gone back or forked there; ERR_CORRUPT when it is not signed so.
Err seal_round_check(Cx *cx, const SealRound *round, Slice note);
// Takes it as the newest, once all its events are here and give its root. ERR_MISSING when some are
// not; ERR_CONFLICT when they give another root.
Err seal_round_follow(Cx *cx, SealRound *round, Slice note);
