#include "flow/jobs.h"

#include <stdlib.h>
#include <time.h>

#define HELD_TURN_NS   10'000'000 // while receipts rush in, a worker waits so long …
#define HELD_TURNS_MAX 200        // … and so often before it reads all the same: two seconds

static void *must_alloc(size_t size)
{
    void *bytes = calloc(1, size); // owned: tickets and jobs, freed when answered
    if (bytes == NULL) abort();
    return bytes;
}

Ticket *jobs_ticket(Flow *flow, Slice tenant, FlowNotice *decided, void *self)
{
    Ticket *ticket = must_alloc(sizeof *ticket);
    *ticket = (Ticket){.flow = flow, .decided = decided, .self = self};
    ticket->tenant_size = tenant.size < JOBS_TENANT_SIZE ? tenant.size : JOBS_TENANT_SIZE;
    memcpy(ticket->tenant, tenant.data, ticket->tenant_size);
    return ticket;
}

Slice jobs_ticket_tenant(const Ticket *ticket)
{
    return (Slice){ticket->tenant, ticket->tenant_size};
}

void jobs_ticket_decided(Ticket *ticket, const Outcome *outcome)
{
    ticket->progress.outcome = *outcome;
    if (ticket->decided != NULL) ticket->decided(ticket->self, &ticket->progress);
    free(ticket);
}

static void tell_all(Ticket *tickets, const Outcome *outcome)
{
    while (tickets != NULL) {
        Ticket *next = tickets->next;
        jobs_ticket_decided(tickets, outcome);
        tickets = next;
    }
}

void jobs_open(Jobs *jobs, const World *world)
{
    *jobs = (Jobs){.world = world};
    jobs->last = &jobs->first;
    (void)pthread_mutex_init(&jobs->mutex, NULL);
    pthread_condattr_t steady;
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&jobs->queued, &steady);
    (void)pthread_condattr_destroy(&steady);
}

void jobs_workers(Jobs *jobs, int workers)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    jobs->held_max = HELD_TURNS_MAX * workers;
    (void)pthread_mutex_unlock(&jobs->mutex);
}

void jobs_stop(Jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    jobs->closing = true;
    (void)pthread_cond_broadcast(&jobs->queued);
    (void)pthread_mutex_unlock(&jobs->mutex);
}

static Job *first_of_its_own(const Jobs *jobs)
{
    Job *job = jobs->all;
    // What is done was taken off the list. NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
    while (job != NULL && job->unpacking)
        job = job->next;
    return job;
}

void jobs_close(Jobs *jobs, const Outcome *outcome)
{
    jobs_stop(jobs);
    // A container's job ends with the last of its entries': these first.
    for (Job *job; (job = first_of_its_own(jobs)) != NULL;)
        jobs_done(job, outcome);
    job_index_close(&jobs->index);
    (void)pthread_cond_destroy(&jobs->queued);
    (void)pthread_mutex_destroy(&jobs->mutex);
}

static uint64_t now_ms(const Jobs *jobs)
{
    return jobs->world->steady_ms(jobs->world->self);
}

// Under the mutex, as are all below that don't say so.
static void unlink_job(Jobs *jobs, Job *job)
{
    if (job->previous != NULL)
        job->previous->next = job->next;
    else
        jobs->all = job->next;
    if (job->next != NULL) job->next->previous = job->previous;
    job_index_remove(&jobs->index, &job->indexed);
}

static void queue(Jobs *jobs, Job *job)
{
    job->next_queued = NULL;
    *jobs->last = job;
    jobs->last = &job->next_queued;
}

static Job *job_new(Jobs *jobs, Slice tenant, const uint8_t *document)
{
    Job *job = must_alloc(sizeof *job);
    job->jobs = jobs;
    job->tenant_size = tenant.size < JOBS_TENANT_SIZE ? tenant.size : JOBS_TENANT_SIZE;
    memcpy(job->tenant, tenant.data, job->tenant_size);
    memcpy(job->document, document, COMMIT_ID_SIZE);
    job->next = jobs->all;
    if (jobs->all != NULL) jobs->all->previous = job;
    jobs->all = job;
    job->indexed.document = job->document;
    job_index_add(&jobs->index, &job->indexed);
    return job;
}

static Job *job_find(const Jobs *jobs, const uint8_t *document)
{
    JobIndexItem *item = job_index_find(&jobs->index, document);
    return item == NULL ? NULL : (Job *)(void *)((char *)item - offsetof(Job, indexed));
}

void jobs_put(Jobs *jobs, Slice tenant, const uint8_t *document, Ticket *ticket, bool came)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    Job *job = came ? NULL : job_find(jobs, document);
    bool queues = job == NULL || job->retry.waits;
    if (job == NULL)
        job = job_new(jobs, tenant, document);
    else if (job->retry.waits)
        retry_take(&jobs->retry, &job->retry);
    if (ticket != NULL) {
        ticket->next = job->tickets;
        job->tickets = ticket;
    }
    if (came) rush_note(&jobs->rush, now_ms(jobs));
    if (queues) queue(jobs, job);
    (void)pthread_mutex_unlock(&jobs->mutex);
    if (queues) (void)pthread_cond_signal(&jobs->queued);
}

void jobs_unpacking(Job *job)
{
    (void)pthread_mutex_lock(&job->jobs->mutex);
    job->unpacking = true;
    (void)pthread_mutex_unlock(&job->jobs->mutex);
}

void jobs_done(Job *job, const Outcome *outcome)
{
    Jobs *jobs = job->jobs;
    (void)pthread_mutex_lock(&jobs->mutex);
    Ticket *tickets = job->tickets;
    job->tickets = NULL;
    job->unpacking = false;
    bool again = !jobs->closing && retry_may_pass(outcome->err) &&
                 retry_put(&jobs->retry, &job->retry, now_ms(jobs));
    // Those who wait for nothing in particular must know until when to.
    if (again)
        (void)pthread_cond_broadcast(&jobs->queued);
    else if (job->retry.waits)
        retry_take(&jobs->retry, &job->retry);
    if (!again) unlink_job(jobs, job);
    (void)pthread_mutex_unlock(&jobs->mutex);
    tell_all(tickets, outcome);
    if (!again) free(job); // else it may be another worker's already
}

void jobs_failed(Job *job, Err err, const char *text)
{
    Outcome outcome = {.err = err};
    memcpy(outcome.err_text, text, strnlen(text, sizeof outcome.err_text - 1));
    jobs_done(job, &outcome);
}

// A rush of receipts is taken in before it is read, so that both are over sooner; when it lasts,
// reading goes on beside it. Lets go of the mutex for a turn.
static bool held(Jobs *jobs)
{
    static const struct timespec turn = {.tv_nsec = HELD_TURN_NS};
    if (!rush_is_on(&jobs->rush, now_ms(jobs))) {
        jobs->held_turns = 0;
        return false;
    }
    if (jobs->held_turns >= jobs->held_max) return false;
    jobs->held_turns++;
    (void)pthread_mutex_unlock(&jobs->mutex);
    (void)nanosleep(&turn, NULL);
    (void)pthread_mutex_lock(&jobs->mutex);
    return true;
}

// Until something is queued or the next try is due; who has asked looks again at both.
static void wait_for_more(Jobs *jobs, uint64_t next_ms)
{
    if (next_ms == UINT64_MAX) {
        (void)pthread_cond_wait(&jobs->queued, &jobs->mutex);
        return;
    }
    const uint64_t now = now_ms(jobs), wait_ms = next_ms > now ? next_ms - now : 0;
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    const uint64_t ns = (uint64_t)until.tv_nsec + wait_ms * 1'000'000;
    until.tv_sec += (time_t)(ns / 1'000'000'000);
    until.tv_nsec = (long)(ns % 1'000'000'000);
    (void)pthread_cond_timedwait(&jobs->queued, &jobs->mutex, &until);
}

// What waited for its next try goes behind what waits for its first.
static uint64_t queue_due(Jobs *jobs)
{
    uint64_t next_ms = retry_next(&jobs->retry);
    if (next_ms == UINT64_MAX) return next_ms;
    for (RetryItem *item; (item = retry_due(&jobs->retry, now_ms(jobs))) != NULL;) {
        queue(jobs, (Job *)(void *)item);
        (void)pthread_cond_signal(&jobs->queued);
    }
    return retry_next(&jobs->retry);
}

Job *jobs_take(Jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    while (!jobs->closing) {
        const uint64_t next_ms = queue_due(jobs);
        if (jobs->first == NULL)
            wait_for_more(jobs, next_ms);
        else if (!held(jobs))
            break;
    }
    Job *job = jobs->closing ? NULL : jobs->first;
    if (job != NULL) {
        jobs->first = job->next_queued;
        if (jobs->first == NULL) jobs->last = &jobs->first;
    }
    (void)pthread_mutex_unlock(&jobs->mutex);
    return job;
}
