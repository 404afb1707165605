// Retry: when what failed for a reason that may pass is tried again.
//
//   after 1 s, 4 s, 16 s, 64 s, 256 s, then every 5 minutes, RETRY_TRIES times; then no more
//
// Items of one try wait equally long, so each try has its queue, whose head is due first. Not for
// several threads: its owner holds a lock.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define RETRY_TRIES    8 // twenty minutes in all
#define RETRY_FIRST_MS UINT64_C(1'000)
#define RETRY_MOST_MS  UINT64_C(300'000)

typedef struct RetryItem { // {}: was never tried
    struct RetryItem *next, *previous;
    uint64_t due_ms;
    int tries; // again, so far or under way
    bool waits;
} RetryItem;

typedef struct Retry { // {}: nothing waits
    RetryItem *first[RETRY_TRIES], *last[RETRY_TRIES];
} Retry;

// Not what our own data are, what the caller may not do, nor what the bytes are.
bool retry_may_pass(Err err);
// false when it was tried so often that it is not any more. Times are of a clock that never goes
// back (World.steady_ms).
bool retry_put(Retry *retry, RetryItem *item, uint64_t now_ms);
// Before it is due.
void retry_take(Retry *retry, RetryItem *item);
// One that is due, which waits no longer; NULL: none is.
RetryItem *retry_due(Retry *retry, uint64_t now_ms);
// When the next one is due; UINT64_MAX: nothing waits.
uint64_t retry_next(const Retry *retry);
