#include "desk/running/watch/watch_guard.h"

#include <stdio.h>

#define PAUSE_MAX_MS 60'000
#define DOUBLINGS    16

bool watch_guard_due(const WatchGuard *guard, uint64_t size, uint64_t now_ms)
{
    // News is told at once, but not to one that is away: it is asked when its pause is over.
    return now_ms >= guard->next_ms || (guard->failures == 0 && size > guard->asked);
}

void watch_guard_took(WatchGuard *guard, const WatchAnswer *answer, uint64_t size, uint64_t now_ms,
                      uint64_t idle_ms, uint64_t pause_ms)
{
    guard->asked = size;
    guard->known = answer->known;
    if (answer->verdict == WATCH_COSIGNED) {
        guard->failures = 0;
        guard->next_ms = now_ms + idle_ms;
    } else {
        uint64_t doublings = guard->failures < DOUBLINGS ? guard->failures : DOUBLINGS;
        uint64_t pause = pause_ms << doublings;
        guard->failures++;
        guard->next_ms = now_ms + (pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS);
    }
    // One that is away has not taken back what it said.
    if (answer->verdict == WATCH_NO_ANSWER) return;
    guard->answered = true;
    guard->verdict = answer->verdict;
    (void)snprintf(guard->text, sizeof guard->text, SLICE_FMT, SLICE_ARG(answer->text));
}

bool watch_guard_alarms(const WatchGuard *guard)
{
    return guard->answered && (guard->verdict == WATCH_AHEAD || guard->verdict == WATCH_FORKED);
}

bool watch_guard_agrees(const WatchGuard *guard)
{
    return guard->answered && guard->verdict == WATCH_COSIGNED;
}
