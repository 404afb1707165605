// What watch.c knows of one witness, and when it is asked again. No threads, no clock of its own.
#pragma once
#include "desk/running/watch/watch_ask.h"

typedef struct WatchGuard {
    WatchVerdict verdict;       // of the last answer that was one
    bool answered;              // it has given one since the program started
    uint64_t known;             // size that it cosigned last
    uint64_t failures;          // in a row
    uint64_t next_ms;           // steady: not before, when nothing is new
    uint64_t asked;             // newest size that it was asked about, whatever it said
    char text[WATCH_TEXT_SIZE]; // of an alarm
} WatchGuard;

// Whether to ask it now about a checkpoint of `size`.
bool watch_guard_due(const WatchGuard *guard, uint64_t size, uint64_t now_ms);
// After an answer about `size`.
void watch_guard_took(WatchGuard *guard, const WatchAnswer *answer, uint64_t size, uint64_t now_ms,
                      uint64_t idle_ms, uint64_t pause_ms);
// It shows that the log has gone back or forked.
bool watch_guard_alarms(const WatchGuard *guard);
// It has found the log consistent with all that it has seen.
bool watch_guard_agrees(const WatchGuard *guard);
