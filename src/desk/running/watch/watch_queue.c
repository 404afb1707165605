#include "desk/running/watch/watch_queue.h"

#include <stdlib.h>

typedef struct WatchWaiter {
    struct WatchWaiter *next;
    uint64_t index;
    WatchWitnessed *then;
    void *self;
} WatchWaiter;

void watch_queue_init(WatchQueue *queue)
{
    *queue = (WatchQueue){};
    (void)pthread_mutex_init(&queue->mutex, NULL);
}

void watch_queue_done(WatchQueue *queue)
{
    (void)pthread_mutex_destroy(&queue->mutex);
}

void watch_queue_add(WatchQueue *queue, uint64_t index, WatchWitnessed *then, void *self)
{
    WatchWaiter *waiter = calloc(1, sizeof *waiter); // owned: until it is called
    if (waiter == NULL) abort();
    *waiter = (WatchWaiter){.index = index, .then = then, .self = self};
    (void)pthread_mutex_lock(&queue->mutex);
    bool ended = queue->ended;
    if (!ended) {
        waiter->next = queue->first;
        queue->first = waiter;
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    if (!ended) return;
    free(waiter);
    then(self, false);
}

bool watch_queue_empty(WatchQueue *queue)
{
    (void)pthread_mutex_lock(&queue->mutex);
    bool empty = queue->first == NULL;
    (void)pthread_mutex_unlock(&queue->mutex);
    return empty;
}

// Takes those of leaves below `size` off the list.
static WatchWaiter *take(WatchQueue *queue, uint64_t size)
{
    WatchWaiter *taken = NULL;
    for (WatchWaiter **place = &queue->first; *place != NULL;) {
        WatchWaiter *waiter = *place;
        if (waiter->index >= size) {
            place = &waiter->next;
            continue;
        }
        *place = waiter->next;
        waiter->next = taken;
        taken = waiter;
    }
    return taken;
}

static void call(WatchWaiter *waiter, bool witnessed)
{
    while (waiter != NULL) {
        WatchWaiter *next = waiter->next;
        waiter->then(waiter->self, witnessed);
        free(waiter);
        waiter = next;
    }
}

void watch_queue_ring(WatchQueue *queue, uint64_t size)
{
    (void)pthread_mutex_lock(&queue->mutex);
    WatchWaiter *taken = take(queue, size);
    (void)pthread_mutex_unlock(&queue->mutex);
    call(taken, true);
}

void watch_queue_end(WatchQueue *queue)
{
    (void)pthread_mutex_lock(&queue->mutex);
    queue->ended = true;
    WatchWaiter *taken = take(queue, UINT64_MAX);
    (void)pthread_mutex_unlock(&queue->mutex);
    call(taken, false);
}
