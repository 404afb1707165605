// Jobs: documents on their way from receipt to outcome, those who wait for them, and the queue that
// the workers take from.
//
//   jobs_put ─▶ queue ─▶ jobs_take ─▶ (a worker) ─▶ jobs_done ─▶ told, and off the list
//                 ▲                                     │ failed, and it may pass
//                 └──────────── retry.h ◀───────────────┘ told so; stays on the list
//
// Any thread.
#pragma once
#include <pthread.h>

#include "flow/flow.h"
#include "flow/job_index.h"
#include "flow/retry.h"
#include "flow/rush.h"

#define JOBS_TENANT_SIZE 64 // bytes

// Someone who waits for a document.
typedef struct Ticket {
    struct Ticket *next;
    Flow *flow;
    FlowNotice *received, *decided;
    void *self;
    char tenant[JOBS_TENANT_SIZE];
    size_t tenant_size;
    Progress progress;
} Ticket;

// In `all` from receipt to outcome, in the queue until a worker takes it.
typedef struct Job {
    RetryItem retry;             // first: what is due is a job
    JobIndexItem indexed;        // by `document`, as long as it is in `all`
    struct Job *next, *previous; // in `all`
    struct Job *next_queued;
    struct Jobs *jobs;
    char tenant[JOBS_TENANT_SIZE];
    size_t tenant_size;
    uint8_t document[COMMIT_ID_SIZE];
    Ticket *tickets;
    bool unpacking; // a container: done when its entries are
} Job;

typedef struct Jobs {
    const World *world;
    pthread_mutex_t mutex; // over all below
    pthread_cond_t queued; // by the clock that never goes back
    Job *all;
    JobIndex index;           // of all
    Job *first, **last;       // the queue
    Retry retry;              // what failed and waits for its next try
    Rush rush;                // of receipts
    int held_turns, held_max; // turns that workers have waited in this rush, and may wait
    bool closing;
} Jobs;

void jobs_open(Jobs *jobs, const World *world);
// How many take from it: so long a rush may hold them.
void jobs_workers(Jobs *jobs, int workers);
// From now on nobody is given a job, and nothing is tried again.
void jobs_stop(Jobs *jobs);
// Everybody who still waits is told so. No thread but this uses it any more.
void jobs_close(Jobs *jobs, const Outcome *outcome);

Ticket *jobs_ticket(Flow *flow, Slice tenant, FlowNotice *decided, void *self);
Slice jobs_ticket_tenant(const Ticket *ticket);
// Calls the notice and frees the ticket.
void jobs_ticket_decided(Ticket *ticket, const Outcome *outcome);

// Puts a document into the queue, or the ticket (NULL: nobody waits) to the job that has it
// already, which is not left waiting for its next try: somebody has asked for it. One that `came`
// just now can't be there yet.
void jobs_put(Jobs *jobs, Slice tenant, const uint8_t *document, Ticket *ticket, bool came);
// Waits for one; NULL when it is closing.
Job *jobs_take(Jobs *jobs);
// It ends with its entries, on whatever thread.
void jobs_unpacking(Job *job);
// Tells everybody who waits for it. One whose error may pass is taken again later (retry.h), any
// other is let go of: it stays in progress until the next reconciliation or opening.
void jobs_done(Job *job, const Outcome *outcome);
void jobs_failed(Job *job, Err err, const char *text);
