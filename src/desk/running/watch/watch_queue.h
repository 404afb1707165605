// Watch_queue: who waits until enough witnesses have signed a checkpoint over a leaf. From any
// thread; each is called once, without the queue's lock.
#pragma once
#include <pthread.h>

#include "base/cx.h"

// `witnessed`: false when it ended before.
typedef void WatchWitnessed(void *self, bool witnessed);

typedef struct WatchQueue {
    pthread_mutex_t mutex;
    struct WatchWaiter *first;
    bool ended;
} WatchQueue;

void watch_queue_init(WatchQueue *queue);
void watch_queue_done(WatchQueue *queue); // after watch_queue_end
// Called at once, with false, when it has ended.
void watch_queue_add(WatchQueue *queue, uint64_t index, WatchWitnessed *then, void *self);
bool watch_queue_empty(WatchQueue *queue);
// Enough have signed the checkpoint of that size.
void watch_queue_ring(WatchQueue *queue, uint64_t size);
// All who wait are let go, and whoever comes later.
void watch_queue_end(WatchQueue *queue);
