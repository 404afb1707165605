#include "desk/people/notify/notify_worker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/date.h"
#include "base/limits.h"
#include "desk/people/notify/notify_turn.h"

#define LOOK_MS  60'000 // at least so often, should a ring ever be missed
#define ERROR_MS 5'000  // after the store has failed

typedef struct Lane {
    NotifyWorker *worker;
    NotifyTurn turn;
    pthread_t thread;
} Lane;

struct NotifyWorker {
    const World *world;
    Store *store;
    Committer *committer;
    atomic_bool stop;
    pthread_mutex_t mutex; // over all below
    pthread_cond_t bell;
    uint64_t rings;
    uint64_t pruned_ms; // steady; 0 = never
    size_t count;       // threads that run
    Lane lanes[];
};

// On the committer's thread.
static void on_ring(void *self)
{
    NotifyWorker *worker = self;
    (void)pthread_mutex_lock(&worker->mutex);
    worker->rings++;
    (void)pthread_cond_broadcast(&worker->bell);
    (void)pthread_mutex_unlock(&worker->mutex);
}

// Under the mutex, until a ring that was not `seen`, or so many ms.
static void wait_ring(NotifyWorker *worker, uint64_t seen, uint64_t ms)
{
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    uint64_t nanoseconds = (uint64_t)end.tv_nsec + ms % 1000 * 1'000'000;
    end.tv_sec += (time_t)(ms / 1000 + nanoseconds / 1'000'000'000);
    end.tv_nsec = (long)(nanoseconds % 1'000'000'000);
    while (!atomic_load(&worker->stop) && worker->rings == seen)
        if (pthread_cond_timedwait(&worker->bell, &worker->mutex, &end) != 0) return;
}

// Once a day, by whichever thread comes first.
static Err prune(Cx *cx, NotifyWorker *worker)
{
    uint64_t now = cx->world->steady_ms(cx->world->self), wall = cx_now_ms(cx);
    (void)pthread_mutex_lock(&worker->mutex);
    bool mine = worker->pruned_ms == 0 || now > worker->pruned_ms + DATE_MS_PER_DAY;
    if (mine) worker->pruned_ms = now + 1;
    (void)pthread_mutex_unlock(&worker->mutex);
    uint64_t kept_ms = LIMIT_NOTIFY_KEPT_DAYS * DATE_MS_PER_DAY;
    return mine && wall > kept_ms ? notify_outbox_prune(cx, worker->committer, wall - kept_ms)
                                  : ERR_OK;
}

static uint64_t run_turn(Lane *lane)
{
    Cx cx;
    uint64_t wait_ms = 0;
    cx_init(&cx, lane->worker->world, LIMIT_REQUEST_ARENA);
    Err err = prune(&cx, lane->worker);
    if (err == ERR_OK) err = notify_turn_run(&cx, &lane->turn, &wait_ms);
    if (err != ERR_OK) {
        // A thread has nobody to return an Err to.
        (void)fprintf(stderr, "fapiao: 通知 notify %s: %s\n", lane->turn.channel->name,
                      cx.err_text);
        wait_ms = ERROR_MS;
    }
    cx_done(&cx);
    return wait_ms < LOOK_MS ? wait_ms : LOOK_MS;
}

static void *lane_main(void *self)
{
    Lane *lane = self;
    NotifyWorker *worker = lane->worker;
    (void)pthread_mutex_lock(&worker->mutex);
    while (!atomic_load(&worker->stop)) {
        uint64_t seen = worker->rings;
        (void)pthread_mutex_unlock(&worker->mutex);
        uint64_t wait_ms = run_turn(lane);
        (void)pthread_mutex_lock(&worker->mutex);
        if (wait_ms > 0) wait_ring(worker, seen, wait_ms);
    }
    (void)pthread_mutex_unlock(&worker->mutex);
    return NULL;
}

static void init_locks(NotifyWorker *worker)
{
    pthread_condattr_t monotonic;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&worker->mutex, NULL);
    (void)pthread_cond_init(&worker->bell, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

Err notify_worker_open(Cx *cx, const NotifyWorkerOptions *options, NotifyWorker **ret_worker)
{
    size_t count = options->channel_count;
    const NotifyChannel *channels = options->channels;
    if (channels == NULL) channels = notify_channels_all(&count);
    NotifyWorker *worker =
        calloc(1, sizeof *worker + count * sizeof *worker->lanes); // owned: close
    if (worker == NULL) abort();
    worker->world = cx->world;
    worker->store = options->store;
    worker->committer = options->committer;
    init_locks(worker);
    store_when(worker->store, SLICE(""), NOTIFY_ABOUT, on_ring, worker);
    *ret_worker = worker;
    for (size_t i = 0; i < count; i++) {
        Lane *lane = &worker->lanes[i];
        lane->worker = worker;
        lane->turn = (NotifyTurn){.store = options->store,
                                  .committer = options->committer,
                                  .channel = &channels[i],
                                  .stop = &worker->stop,
                                  .pause_ms = options->pause_ms,
                                  .tries = options->tries};
        if (pthread_create(&lane->thread, NULL, lane_main, lane) != 0)
            return err_set(cx, ERR_STORE, "cannot start a thread");
        worker->count++;
    }
    return ERR_OK;
}

void notify_worker_stop(NotifyWorker *worker)
{
    if (worker == NULL || atomic_load(&worker->stop)) return;
    store_when_no_more(worker->store, worker);
    (void)pthread_mutex_lock(&worker->mutex);
    atomic_store(&worker->stop, true);
    (void)pthread_cond_broadcast(&worker->bell);
    (void)pthread_mutex_unlock(&worker->mutex);
    for (size_t i = 0; i < worker->count; i++)
        (void)pthread_join(worker->lanes[i].thread, NULL);
}

void notify_worker_close(NotifyWorker *worker)
{
    if (worker == NULL) return;
    notify_worker_stop(worker);
    (void)pthread_cond_destroy(&worker->bell);
    (void)pthread_mutex_destroy(&worker->mutex);
    free(worker);
}
