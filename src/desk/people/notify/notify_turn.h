// Turn: one round of one channel: what is due is sent, and noted. No threads, no clock of its own.
//
// After a try that nobody answered the whole channel pauses, twice as long each time, up to a
// minute, so that a server that is down is not asked once for each message that waits; what was
// asked for by hand (next_ms 0) is tried all the same. A message that was refused for now is tried
// again after 5 s, 10 s, 20 s … an hour, LIMIT_NOTIFY_TRIES times; then it is given up. One that
// still fails after LIMIT_NOTIFY_AGE_DAYS is given up whatever the reason.
#pragma once
#include "crypto/digest.h"
#include "desk/people/notify/notify_channels.h"

typedef struct NotifyTurn {
    Store *store;
    Committer *committer;
    const NotifyChannel *channel;
    const atomic_bool *stop; // may be NULL
    uint64_t pause_ms;       // first pause; 0 = 5 s
    int tries;               // 0 = LIMIT_NOTIFY_TRIES
    // What it remembers from turn to turn.
    uint64_t failures;     // in a row that nobody answered
    uint64_t pause_until;  // steady ms
    Digest settings;       // with which they failed: with others there is no pause
    NotifyOutcome unnoted; // of the last try, where the store did not take it
    char unnoted_tenant[128];
    bool has_unnoted;
} NotifyTurn;

// *ret_wait_ms: when the next one is due; UINT64_MAX when only a ring can bring something. After an
// Err (the store's) the caller waits a little.
Err notify_turn_run(Cx *cx, NotifyTurn *turn, uint64_t *ret_wait_ms);
// Before try number `tries` + 1.
uint64_t notify_turn_backoff(uint64_t pause_ms, uint64_t tries, uint64_t most_ms);
