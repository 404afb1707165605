// Sealer: makes the log follow the events, and signs its head.
//
//   committed ─▶ hashes file ─▶ compare-and-swap of log_head + row of checkpoint (one durable
//   transaction) ─▶ DIR/ledger/checkpoint ─▶ told to whoever waits
//
// A thread of its own: at most `interval_ms` after a commit the checkpoint covers it. Nothing is
// signed that is not durable, and never two roots for one size (invariant I4).
//
// Halted: on opening, or when someone outside shows that the log has forked or gone back, it says
// why; commits are refused from then on (commit_halt), reading goes on.
#pragma once
#include "commit/commit.h"
#include "publish/seal_round.h"

typedef struct Sealer Sealer;

typedef struct SealerOptions {
    Store *store;
    Committer *committer;
    Log *log;
    uint64_t interval_ms; // from a commit to its checkpoint, at most; 0 = LIMIT_CHECKPOINT_MS
    // Called after each new checkpoint, on the sealer's thread; must not block. May be NULL.
    void (*sealed)(void *self, uint64_t size);
    void *self;
    // Of tests alone, which stop there (publish/seal_round.h). May be NULL.
    void (*reached)(void *self, SealRoundStep step);
    void *reached_self;
} SealerOptions;

// Compares file, table and events. The hashes file is made anew where it falls short. When the
// checkpoint file is newer than the database, or an event that it covers is gone or another one,
// the committer is halted and *ret_sealer still opens: what is there can be read and audited.
Err sealer_open(Cx *cx, const SealerOptions *options, Sealer **ret_sealer);
// Signs what is not signed yet, then ends. Takes NULL.
void sealer_close(Sealer *sealer);
// From the committer's thread, after each durable group: the next sequence. Never blocks.
void sealer_notice(Sealer *sealer, uint64_t next_sequence);
// Sign now what is committed. Waits for it; not from the committer's or the sealer's own thread.
// ERR_DENIED when it is halted, ERR_STORE and others when it could not.
Err sealer_flush(Cx *cx, Sealer *sealer);
// Why the last round failed, in the arena; "" when it did not. It is tried again each interval.
Slice sealer_trouble(Cx *cx, Sealer *sealer);
// The size that the newest checkpoint covers.
uint64_t sealer_size(const Sealer *sealer);
// Calls `then` once (on the sealer's thread, or at once on the caller's) when a checkpoint covers
// leaf `index`, or with false when the sealer closes first or is halted already.
typedef void SealerCovered(void *self, bool covered);
void sealer_when(Sealer *sealer, uint64_t index, SealerCovered *then, void *self);
