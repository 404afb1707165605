#include "base/turns.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

static struct timespec until(uint64_t wait_ms)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += (time_t)(wait_ms / 1000);
    at.tv_nsec += (long)(wait_ms % 1000) * 1'000'000;
    if (at.tv_nsec >= 1'000'000'000) {
        at.tv_nsec -= 1'000'000'000;
        at.tv_sec++;
    }
    return at;
}

bool turns_take(Turns *turns, uint64_t wait_ms)
{
    (void)pthread_mutex_lock(&turns->mutex);
    if (turns->running == turns->running_max && turns->waiting < turns->waiting_max) {
        struct timespec deadline = until(wait_ms);
        int err = 0;
        turns->waiting++;
        while (turns->running == turns->running_max && err != ETIMEDOUT)
            err = pthread_cond_clockwait(&turns->given, &turns->mutex, CLOCK_MONOTONIC, &deadline);
        turns->waiting--;
    }
    bool taken = turns->running < turns->running_max;
    if (taken) turns->running++;
    if (turns->running > turns->peak) turns->peak = turns->running;
    (void)pthread_mutex_unlock(&turns->mutex);
    return taken;
}

void turns_give(Turns *turns)
{
    (void)pthread_mutex_lock(&turns->mutex);
    assert(turns->running > 0);
    turns->running--;
    (void)pthread_cond_signal(&turns->given);
    (void)pthread_mutex_unlock(&turns->mutex);
}

size_t turns_peak(Turns *turns)
{
    (void)pthread_mutex_lock(&turns->mutex);
    size_t peak = turns->peak;
    (void)pthread_mutex_unlock(&turns->mutex);
    return peak;
}
