// Rush: whether documents come in so fast that reading them had better wait.
//
// Counted in windows of RUSH_WINDOW_MS: a rush is on when RUSH_COUNT came in this window or in the
// one before. Not for several threads: its owner holds a lock.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define RUSH_WINDOW_MS 50
#define RUSH_COUNT     32

typedef struct Rush {
    uint64_t window_ms; // when the window began
    uint32_t here, before;
} Rush;

// One came. Times are of a clock that never goes back (World.steady_ms).
void rush_note(Rush *rush, uint64_t now_ms);
bool rush_is_on(const Rush *rush, uint64_t now_ms);
