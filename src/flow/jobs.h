// Jobs: documents on their way from receipt to outcome, those who wait for them, and the queue that
// the workers take from.
//
//   jobs_put ─▶ queue ─▶ jobs_take ─▶ (a worker) ─▶ jobs_done ─▶ told, and off the list
//      │          ▲ ▲                                   │ failed, and it may pass
//      ▼          │ └────────── retry.h ◀───────────────┘ told so; stays on the list
//   left out ─▶ JobsFind, when half of the room is free
//
// At most LIMIT_JOBS are in memory. What comes when it is full, and nobody waits for, is left out:
// the store has it, received and without an outcome. Of all that was left out the lowest id is
// remembered; from there on the store is asked again. While anything is left out, whatever comes
// is, so that the order stays. Beyond that: LIMIT_JOBS_WAITED that somebody waits for, and the
// entries of as many containers as there are workers (decision 0025).
//
// Any thread.
#pragma once
#include <pthread.h>

#include "flow/job_index.h"
#include "flow/progress.h"
#include "flow/retry.h"
#include "flow/rush.h"

#define JOBS_TENANT_SIZE 64 // bytes

// Someone who waits for a document.
typedef struct Ticket {
    struct Ticket *next;
    struct Flow *flow;
    FlowNotice *received, *decided;
    void *self;
    char tenant[JOBS_TENANT_SIZE];
    size_t tenant_size;
    bool entry; // waits for an entry of a container, for the container's sake
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
    bool entry;     // of a container, not tried yet
} Job;

typedef struct JobQueue {
    Job *first, **last;
} JobQueue;

// Has jobs_found called for what is received and has no outcome, from the id `from` on, about
// `room` times, and jobs_left_out for the lowest that it left. On a worker's thread.
typedef Err JobsFind(void *self, const uint8_t *from, size_t room);

typedef struct Jobs {
    const World *world;
    pthread_mutex_t mutex; // over all below
    pthread_cond_t queued; // by the clock that never goes back
    Job *all;
    JobIndex index;            // of all
    JobQueue queue, entries;   // entries have one of their own, and every second turn
    bool entry_next;           // whose turn it is
    size_t held, entries_held; // of all: what is no entry, and entries
    size_t limit;              // of `held`
    size_t waited;             // tickets, entries' apart
    JobsFind *find;            // NULL: what is left out stays so
    void *find_self;
    bool left, finding;           // something is left out; is being found
    Job *gone;                    // done meanwhile: the store may answer as if they were not
    JobIndex gone_index;          // of them
    uint8_t from[COMMIT_ID_SIZE]; // the lowest id that is left out
    uint64_t find_ms;             // not before: it failed
    Retry retry;                  // what failed and waits for its next try
    Rush rush;                    // of receipts whose outcome nobody waits for
    bool closing;
} Jobs;

void jobs_open(Jobs *jobs, const World *world);
// Before the first is put. `limit` 0 = LIMIT_JOBS.
void jobs_finds(Jobs *jobs, size_t limit, JobsFind *find, void *self);
// From now on nobody is given a job, and nothing is tried again.
void jobs_stop(Jobs *jobs);
// Everybody who still waits is told so. No thread but this uses it any more.
void jobs_close(Jobs *jobs, const Outcome *outcome);

Ticket *jobs_ticket(struct Flow *flow, Slice tenant, FlowNotice *decided, void *self);
Slice jobs_ticket_tenant(const Ticket *ticket);
// Calls the notice and frees the ticket.
void jobs_ticket_decided(Ticket *ticket, const Outcome *outcome);

// Puts a document into the queue, or the ticket (NULL: nobody waits) to the job that has it
// already, which is not left waiting for its next try: somebody has asked for it. `came`: just now.
// false: too many wait, the ticket is the caller's still.
bool jobs_put(Jobs *jobs, Slice tenant, const uint8_t *document, Ticket *ticket, bool came);
// Both for JobsFind. The second for who knows of some, too: they are found from this id on.
void jobs_found(Jobs *jobs, Slice tenant, const uint8_t *document);
void jobs_left_out(Jobs *jobs, const uint8_t *document);
// Waits for one, and while a rush holds (rush.h); NULL when it is closing.
Job *jobs_take(Jobs *jobs);
// It ends with its entries, on whatever thread.
void jobs_unpacking(Job *job);
// Tells everybody who waits for it. One whose error may pass is taken again later (retry.h), any
// other is let go of: it stays in progress until the next reconciliation or opening.
void jobs_done(Job *job, const Outcome *outcome);
void jobs_failed(Job *job, Err err, const char *text);
