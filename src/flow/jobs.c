#include "flow/jobs.h"

#include <stdlib.h>
#include <time.h>

#include "base/limits.h"

#define HELD_TURN_NS  10'000'000 // while receipts rush in, a worker looks so often whether they do
#define FIND_AGAIN_MS 1'000      // after the store did not say what was left out

static void *must_alloc(size_t size)
{
    void *bytes = calloc(1, size); // owned: tickets and jobs, freed when answered
    if (bytes == NULL) abort();
    return bytes;
}

Ticket *jobs_ticket(struct Flow *flow, Slice tenant, FlowNotice *decided, void *self)
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
    *jobs = (Jobs){.world = world, .limit = LIMIT_JOBS};
    jobs->queue.last = &jobs->queue.first;
    jobs->entries.last = &jobs->entries.first;
    (void)pthread_mutex_init(&jobs->mutex, NULL);
    pthread_condattr_t steady;
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&jobs->queued, &steady);
    (void)pthread_condattr_destroy(&steady);
}

void jobs_finds(Jobs *jobs, size_t limit, JobsFind *find, void *self)
{
    jobs->limit = limit == 0 ? LIMIT_JOBS : limit;
    jobs->find = find;
    jobs->find_self = self;
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
    (*(job->entry ? &jobs->entries_held : &jobs->held))--;
}

static void queue(Jobs *jobs, Job *job)
{
    JobQueue *queue = job->entry ? &jobs->entries : &jobs->queue;
    job->next_queued = NULL;
    *queue->last = job;
    queue->last = &job->next_queued;
}

static Job *job_new(Jobs *jobs, Slice tenant, const uint8_t *document, bool entry)
{
    Job *job = must_alloc(sizeof *job);
    job->jobs = jobs;
    job->entry = entry;
    job->tenant_size = tenant.size < JOBS_TENANT_SIZE ? tenant.size : JOBS_TENANT_SIZE;
    memcpy(job->tenant, tenant.data, job->tenant_size);
    memcpy(job->document, document, COMMIT_ID_SIZE);
    job->next = jobs->all;
    if (jobs->all != NULL) jobs->all->previous = job;
    jobs->all = job;
    job->indexed.document = job->document;
    job_index_add(&jobs->index, &job->indexed);
    (*(entry ? &jobs->entries_held : &jobs->held))++;
    return job;
}

static Job *job_find(const Jobs *jobs, const uint8_t *document)
{
    JobIndexItem *item = job_index_find(&jobs->index, document);
    return item == NULL ? NULL : (Job *)(void *)((char *)item - offsetof(Job, indexed));
}

static void left_out(Jobs *jobs, const uint8_t *document)
{
    if (!jobs->left || memcmp(document, jobs->from, COMMIT_ID_SIZE) < 0)
        memcpy(jobs->from, document, COMMIT_ID_SIZE);
    jobs->left = true;
}

static bool is_full(const Jobs *jobs)
{
    return jobs->left || jobs->finding || jobs->held >= jobs->limit;
}

bool jobs_put(Jobs *jobs, Slice tenant, const uint8_t *document, Ticket *ticket, bool came)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    const bool entry = ticket != NULL && ticket->entry;
    const bool waits = entry || (ticket != NULL && jobs->waited < LIMIT_JOBS_WAITED);
    Job *job = job_find(jobs, document);
    const bool leaves = job == NULL && !waits && is_full(jobs);
    const bool queues = !leaves && (job == NULL || job->retry.waits);
    // Who waits for outcomes holds himself back: putting reading off would only stop him.
    if (came && !waits) rush_note(&jobs->rush, now_ms(jobs));
    if (leaves)
        left_out(jobs, document);
    else if (job == NULL)
        job = job_new(jobs, tenant, document, entry);
    else if (queues)
        retry_take(&jobs->retry, &job->retry);
    if (waits) {
        ticket->next = job->tickets;
        job->tickets = ticket;
        if (!entry) jobs->waited++;
    }
    if (queues) queue(jobs, job);
    (void)pthread_mutex_unlock(&jobs->mutex);
    if (queues || leaves) (void)pthread_cond_signal(&jobs->queued);
    return waits || ticket == NULL;
}

// Takes the mutex itself, as does the next.
void jobs_found(Jobs *jobs, Slice tenant, const uint8_t *document)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    const bool here =
        job_find(jobs, document) != NULL || job_index_find(&jobs->gone_index, document) != NULL;
    if (!here) queue(jobs, job_new(jobs, tenant, document, false));
    (void)pthread_mutex_unlock(&jobs->mutex);
    if (!here) (void)pthread_cond_signal(&jobs->queued);
}

void jobs_left_out(Jobs *jobs, const uint8_t *document)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    left_out(jobs, document);
    (void)pthread_mutex_unlock(&jobs->mutex);
    (void)pthread_cond_signal(&jobs->queued);
}

void jobs_unpacking(Job *job)
{
    (void)pthread_mutex_lock(&job->jobs->mutex);
    job->unpacking = true;
    (void)pthread_mutex_unlock(&job->jobs->mutex);
}

// An entry that failed is one like any other: its container's end does not wait for it.
static bool tries_again(Jobs *jobs, Job *job, Err err)
{
    if (jobs->closing || !retry_may_pass(err)) return false;
    if (job->entry && jobs->held >= jobs->limit) {
        left_out(jobs, job->document);
        return false;
    }
    if (!retry_put(&jobs->retry, &job->retry, now_ms(jobs))) return false;
    if (!job->entry) return true;
    job->entry = false;
    jobs->entries_held--;
    jobs->held++;
    return true;
}

static bool runs_low(const Jobs *jobs)
{
    return jobs->left && !jobs->finding && jobs->find != NULL && jobs->held <= jobs->limit / 2 &&
           now_ms(jobs) >= jobs->find_ms;
}

// The store is being asked, and its answer may be older than this outcome.
static bool keep_gone(Jobs *jobs, Job *job)
{
    if (!jobs->finding) return false;
    job->next = jobs->gone;
    jobs->gone = job;
    job_index_add(&jobs->gone_index, &job->indexed);
    return true;
}

static void forget_gone(Jobs *jobs)
{
    for (Job *job; (job = jobs->gone) != NULL;) {
        jobs->gone = job->next;
        free(job);
    }
    job_index_close(&jobs->gone_index);
}

void jobs_done(Job *job, const Outcome *outcome)
{
    Jobs *jobs = job->jobs;
    (void)pthread_mutex_lock(&jobs->mutex);
    Ticket *tickets = job->tickets;
    for (const Ticket *ticket = tickets; ticket != NULL; ticket = ticket->next)
        if (!ticket->entry) jobs->waited--;
    job->tickets = NULL;
    job->unpacking = false;
    const bool again = tries_again(jobs, job, outcome->err);
    if (!again && job->retry.waits) retry_take(&jobs->retry, &job->retry);
    if (!again) unlink_job(jobs, job);
    const bool kept = !again && keep_gone(jobs, job);
    // Those who wait for nothing in particular must know until when to.
    if (again || runs_low(jobs)) (void)pthread_cond_broadcast(&jobs->queued);
    (void)pthread_mutex_unlock(&jobs->mutex);
    tell_all(tickets, outcome);
    if (!again && !kept) free(job); // else it may be another worker's already
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
    if (!rush_holds(&jobs->rush, now_ms(jobs))) return false;
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

// Lets go of the mutex. What comes meanwhile is left out: it may be found, or not.
static void find_left(Jobs *jobs)
{
    uint8_t from[COMMIT_ID_SIZE];
    memcpy(from, jobs->from, sizeof from);
    const size_t room = jobs->limit - jobs->held;
    jobs->left = false;
    jobs->finding = true;
    (void)pthread_mutex_unlock(&jobs->mutex);
    const Err err = jobs->find(jobs->find_self, from, room);
    (void)pthread_mutex_lock(&jobs->mutex);
    jobs->finding = false;
    forget_gone(jobs);
    if (err == ERR_OK) return;
    left_out(jobs, from);
    jobs->find_ms = now_ms(jobs) + FIND_AGAIN_MS;
}

// Entries and what came by itself take turns; entries alone when there are enough for a container.
static JobQueue *next_queue(Jobs *jobs)
{
    if (jobs->entries.first == NULL) return &jobs->queue;
    const bool entry =
        jobs->queue.first == NULL || jobs->entries_held >= LIMIT_ZIP_ENTRIES || jobs->entry_next;
    jobs->entry_next = !entry;
    return entry ? &jobs->entries : &jobs->queue;
}

Job *jobs_take(Jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    while (!jobs->closing) {
        uint64_t next_ms = queue_due(jobs);
        if (jobs->find_ms < next_ms && jobs->find_ms > now_ms(jobs)) next_ms = jobs->find_ms;
        if (runs_low(jobs))
            find_left(jobs);
        else if (jobs->queue.first == NULL && jobs->entries.first == NULL)
            wait_for_more(jobs, next_ms);
        else if (!held(jobs))
            break;
    }
    Job *job = NULL;
    if (!jobs->closing) {
        JobQueue *queue = next_queue(jobs);
        job = queue->first;
        queue->first = job->next_queued;
        if (queue->first == NULL) queue->last = &queue->first;
    }
    (void)pthread_mutex_unlock(&jobs->mutex);
    return job;
}
