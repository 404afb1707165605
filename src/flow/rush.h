// Rush: whether documents come in so fast that reading them had better wait.
//
// Counted in windows of RUSH_WINDOW_MS: a rush is on when RUSH_COUNT came in this window or in the
// one before. It puts reading off for RUSH_HOLD_MS, and for longer the more came in it, a
// millisecond for RUSH_HOLD_EACH: what takes seconds to read may begin that tenth later. Not for
// several threads: its owner holds a lock.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define RUSH_WINDOW_MS   50
#define RUSH_COUNT       32
#define RUSH_HOLD_MS     2'000
#define RUSH_HOLD_EACH   10 // documents; two readers take 5 to 10 ms for so many
#define RUSH_HOLD_MS_MAX 10'000

typedef struct Rush {
    uint64_t window_ms; // when the window began
    uint32_t here, before;
    uint64_t began_ms, came; // in the rush that is on
} Rush;

// One came. Times are of a clock that never goes back (World.steady_ms).
void rush_note(Rush *rush, uint64_t now_ms);
bool rush_is_on(const Rush *rush, uint64_t now_ms);
// Whether reading still waits for it.
bool rush_holds(const Rush *rush, uint64_t now_ms);
