// Turns: at most so many at once do what is costly; some others wait, for a while, the rest is told
// to come back. Any thread.
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Turns {
    pthread_mutex_t mutex;
    pthread_cond_t given;
    size_t running_max, waiting_max; // how many at once, and how many may wait for it
    size_t running, waiting;
    size_t peak; // most that ever ran at once
} Turns;
#define TURNS_INIT(running, waiting)                                                               \
    {                                                                                              \
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, (running), (waiting), 0, 0, 0         \
    }

// False at once when too many wait already, and after `wait_ms` without a turn. What was taken is
// given back by turns_give.
bool turns_take(Turns *turns, uint64_t wait_ms);
void turns_give(Turns *turns);
size_t turns_peak(Turns *turns);
