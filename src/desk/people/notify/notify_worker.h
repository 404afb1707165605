// Worker: a thread a channel, which sends what is in the outbox.
//
// A transaction that puts something rings; what is due later is waited for. No thread holds the
// database while it sends: it reads what is due, sends, and has the committer note the outcome. A
// program that is killed between the two sends it again.
//
//   flow_open ─▶ notify_worker_open … notify_worker_stop ─▶ flow_close ─▶ notify_worker_close
#pragma once
#include "desk/people/notify/notify_channels.h"

typedef struct NotifyWorker NotifyWorker;

typedef struct NotifyWorkerOptions {
    Store *store;
    Committer *committer;
    const NotifyChannel *channels; // NULL = all there are
    size_t channel_count;
    uint64_t pause_ms; // as in NotifyTurn
    int tries;
} NotifyWorkerOptions;

Err notify_worker_open(Cx *cx, const NotifyWorkerOptions *options, NotifyWorker **ret_worker);
// Ends the threads, within a second. All take NULL.
void notify_worker_stop(NotifyWorker *worker);
void notify_worker_close(NotifyWorker *worker);
