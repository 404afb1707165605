#include "publish/sealer.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "commit/commit_wait.h"

// Of the interval: a commit after a quiet time is signed at once and the next one soon after; with
// commits all the time half of it is left for the round itself.
#define SOON_PART   5
#define STEADY_PART 2

typedef struct Waiter {
    struct Waiter *next;
    uint64_t index;
    SealerCovered *then;
    void *self;
} Waiter;

struct Sealer {
    SealerOptions options;
    const World *world;
    SealRound round; // the thread's alone, once that runs
    pthread_t thread;
    bool running;
    _Atomic uint64_t size;
    pthread_mutex_t mutex; // over all below
    pthread_cond_t changed;
    bool pending;             // something was committed that no round has seen
    uint64_t asked, answered; // flushes
    bool closing;
    Err err; // of the last round
    char err_text[sizeof((Cx *)0)->err_text];
    Waiter *waiters;
};

static void lock(Sealer *sealer)
{
    (void)pthread_mutex_lock(&sealer->mutex);
}

static void unlock(Sealer *sealer)
{
    (void)pthread_mutex_unlock(&sealer->mutex);
}

static uint64_t interval_of(const Sealer *sealer)
{
    return sealer->options.interval_ms == 0 ? LIMIT_CHECKPOINT_MS : sealer->options.interval_ms;
}

static uint64_t steady_ms(const Sealer *sealer)
{
    return sealer->world->steady_ms(sealer->world->self);
}

// Calls those whose leaf is covered; all of them, with false, when there will be no more.
static void tell_waiters(Sealer *sealer, bool ended)
{
    Waiter *told = NULL;
    lock(sealer);
    for (Waiter **at = &sealer->waiters; *at != NULL;) {
        Waiter *waiter = *at;
        if (!ended && waiter->index >= sealer->size) {
            at = &waiter->next;
            continue;
        }
        *at = waiter->next;
        waiter->next = told;
        told = waiter;
    }
    unlock(sealer);
    while (told != NULL) {
        Waiter *waiter = told;
        told = waiter->next;
        waiter->then(waiter->self, waiter->index < sealer->size);
        free(waiter);
    }
}

// One round, and what follows from it.
static Err run_round(Sealer *sealer)
{
    Cx cx;
    cx_init(&cx, sealer->world, LIMIT_JOB_ARENA);
    uint64_t before = sealer->size;
    Err err = seal_round_run(&cx, &sealer->round);
    lock(sealer);
    sealer->err = err;
    (void)snprintf(sealer->err_text, sizeof sealer->err_text, "%s",
                   err == ERR_OK ? "" : cx.err_text);
    unlock(sealer);
    cx_done(&cx);
    if (err != ERR_OK) return err;
    sealer->size = sealer->round.size;
    if (sealer->size == before) return ERR_OK;
    if (sealer->options.sealed != NULL) sealer->options.sealed(sealer->options.self, sealer->size);
    tell_waiters(sealer, false);
    return ERR_OK;
}

static bool is_urgent(const Sealer *sealer)
{
    return sealer->closing || sealer->asked != sealer->answered;
}

// Until a round is due. `not_before` is of the steady clock. *ret_quiet: there had been nothing to
// do for a while. Under the mutex.
static void wait_for_work(Sealer *sealer, uint64_t not_before, bool *ret_quiet)
{
    *ret_quiet = false;
    while (!is_urgent(sealer)) {
        if (!sealer->pending) {
            (void)pthread_cond_wait(&sealer->changed, &sealer->mutex);
            *ret_quiet = steady_ms(sealer) >= not_before;
            continue;
        }
        uint64_t now = steady_ms(sealer);
        if (now >= not_before) return;
        struct timespec until;
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        uint64_t ns = (uint64_t)until.tv_nsec + (not_before - now) * 1'000'000;
        until.tv_sec += (time_t)(ns / 1'000'000'000);
        until.tv_nsec = (long)(ns % 1'000'000'000);
        if (pthread_cond_timedwait(&sealer->changed, &sealer->mutex, &until) == ETIMEDOUT) return;
    }
}

static void *sealer_main(void *self)
{
    Sealer *sealer = self;
    uint64_t not_before = 0;
    lock(sealer);
    for (bool closing = false; !closing;) {
        bool quiet = false;
        wait_for_work(sealer, not_before, &quiet);
        closing = sealer->closing;
        sealer->pending = false;
        uint64_t asked = sealer->asked;
        unlock(sealer);
        uint64_t begun = steady_ms(sealer), interval = interval_of(sealer);
        Err err = run_round(sealer);
        // What failed once may fail again: no hurry.
        not_before = begun + (err != ERR_OK ? interval
                              : quiet       ? interval / SOON_PART
                                            : interval / STEADY_PART);
        lock(sealer);
        sealer->pending = sealer->pending || err != ERR_OK;
        sealer->answered = asked;
        (void)pthread_cond_broadcast(&sealer->changed);
    }
    unlock(sealer);
    return NULL;
}

static Err start(Cx *cx, Sealer *sealer)
{
    sealer->round = (SealRound){.store = sealer->options.store,
                                .committer = sealer->options.committer,
                                .log = sealer->options.log,
                                .reached = sealer->options.reached,
                                .reached_self = sealer->options.reached_self,
                                .fd = -1};
    TRY(seal_round_open(cx, &sealer->round));
    sealer->size = sealer->round.size;
    if (sealer->round.halt[0] != '\0') {
        sealer->err = ERR_DENIED;
        (void)snprintf(sealer->err_text, sizeof sealer->err_text, "%s", sealer->round.halt);
        return ERR_OK;
    }
    sealer->pending = true; // what was committed and not signed before
    if (pthread_create(&sealer->thread, NULL, sealer_main, sealer) != 0)
        return err_set(cx, ERR_STORE, "cannot start a thread");
    sealer->running = true;
    return ERR_OK;
}

Err sealer_open(Cx *cx, const SealerOptions *options, Sealer **ret_sealer)
{
    Sealer *sealer = calloc(1, sizeof *sealer); // owned: by whoever opened it
    if (sealer == NULL) return err_set(cx, ERR_STORE, "out of memory");
    sealer->options = *options;
    sealer->world = cx->world;
    sealer->round.fd = -1;
    pthread_condattr_t steady;
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&sealer->mutex, NULL);
    (void)pthread_cond_init(&sealer->changed, &steady);
    (void)pthread_condattr_destroy(&steady);
    Err err = start(cx, sealer);
    if (err != ERR_OK) {
        sealer_close(sealer);
        return err;
    }
    *ret_sealer = sealer;
    return ERR_OK;
}

static Err no_work(Cx *cx, Db *db, void *self)
{
    (void)cx, (void)db, (void)self;
    return ERR_OK;
}

// What was queued before this is committed when it returns: the queue is served in its order.
static void drain(Sealer *sealer)
{
    Cx cx;
    cx_init(&cx, sealer->world, LIMIT_REQUEST_ARENA);
    // Whatever it says: it wrote nothing, and that its turn came is all that counts.
    (void)commit_wait_work(&cx, sealer->options.committer, no_work, NULL);
    cx_done(&cx);
}

void sealer_close(Sealer *sealer)
{
    if (sealer == NULL) return;
    if (sealer->running) {
        drain(sealer);
        lock(sealer);
        sealer->closing = true;
        (void)pthread_cond_broadcast(&sealer->changed);
        unlock(sealer);
        (void)pthread_join(sealer->thread, NULL);
    }
    tell_waiters(sealer, true);
    seal_round_close(&sealer->round);
    (void)pthread_cond_destroy(&sealer->changed);
    (void)pthread_mutex_destroy(&sealer->mutex);
    free(sealer);
}

void sealer_notice(Sealer *sealer, uint64_t next_sequence)
{
    lock(sealer);
    if (next_sequence - 1 > sealer->size) sealer->pending = true;
    (void)pthread_cond_broadcast(&sealer->changed);
    unlock(sealer);
}

Err sealer_flush(Cx *cx, Sealer *sealer)
{
    lock(sealer);
    if (sealer->running) {
        uint64_t mine = ++sealer->asked;
        (void)pthread_cond_broadcast(&sealer->changed);
        while (sealer->answered < mine)
            (void)pthread_cond_wait(&sealer->changed, &sealer->mutex);
    }
    Err err = sealer->err;
    if (err != ERR_OK) err = err_set(cx, err, "%s", sealer->err_text);
    unlock(sealer);
    return err;
}

Slice sealer_trouble(Cx *cx, Sealer *sealer)
{
    lock(sealer);
    Slice text = cx_printf(cx, "%s", sealer->err_text);
    unlock(sealer);
    return text;
}

uint64_t sealer_size(const Sealer *sealer)
{
    return sealer->size;
}

void sealer_when(Sealer *sealer, uint64_t index, SealerCovered *then, void *self)
{
    lock(sealer);
    bool covered = index < sealer->size, waits = !covered && sealer->running;
    if (waits) {
        Waiter *waiter = calloc(1, sizeof *waiter); // owned: by the sealer until it was told
        if (waiter == NULL) abort();
        *waiter = (Waiter){.next = sealer->waiters, .index = index, .then = then, .self = self};
        sealer->waiters = waiter;
    }
    unlock(sealer);
    if (!waits) then(self, covered);
}
