#include "flow/jobs.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/test.h"

typedef struct Told {
    int count;
    Outcome outcome;
} Told;

static void tell(void *self, const Progress *progress)
{
    Told *told = self;
    told->count++;
    told->outcome = progress->outcome;
}

static const Outcome accepted = {.state = DOC_ACCEPTED};

static void put(Jobs *jobs, uint8_t number, Told *told)
{
    const uint8_t document[COMMIT_ID_SIZE] = {number};
    Ticket *ticket = told == NULL ? NULL : jobs_ticket(NULL, SLICE("local"), tell, told);
    jobs_put(jobs, SLICE("local"), document, ticket, false);
}

// Only when there is one: it waits for it.
static Job *take(Jobs *jobs, uint8_t number)
{
    Job *job = jobs_take(jobs);
    EXPECT(job != NULL && job->document[0] == number);
    return job;
}

TEST("jobs: in the order in which they came, each once, and everybody who waits is told")
{
    Jobs jobs;
    Told told = {};
    jobs_open(&jobs, cx->world);
    put(&jobs, 1, &told);
    put(&jobs, 2, NULL);
    put(&jobs, 1, &told); // it is on its way: a second one waits for the same
    Job *one = take(&jobs, 1);
    put(&jobs, 1, &told);
    Job *two = take(&jobs, 2);
    EXPECT(jobs.first == NULL && told.count == 0);
    jobs_done(one, &accepted);
    EXPECT(told.count == 3 && told.outcome.state == DOC_ACCEPTED);
    jobs_done(two, &accepted);
    EXPECT(jobs.all == NULL && told.count == 3);
    put(&jobs, 3, &told);
    const Outcome closing = {.err = ERR_STORE};
    jobs_close(&jobs, &closing);
    EXPECT(told.count == 4 && told.outcome.err == ERR_STORE);
}

TEST("jobs: what failed and may pass is taken again in its time, those who wait are told at once")
{
    WorldFake fake;
    world_fake_init(&fake, 1, 5000);
    Jobs jobs;
    Told told = {};
    jobs_open(&jobs, &fake.world);
    put(&jobs, 1, &told);
    jobs_failed(take(&jobs, 1), ERR_STORE, "no reader");
    EXPECT(told.count == 1 && strcmp(told.outcome.err_text, "no reader") == 0);
    put(&jobs, 2, NULL);
    Job *two = take(&jobs, 2); // the first is not due
    EXPECT(jobs.first == NULL && retry_next(&jobs.retry) == 6000);
    fake.ms = 6000;
    Job *one = take(&jobs, 1);
    const Outcome full = {.err = ERR_LIMIT};
    jobs_done(two, &full);
    jobs_done(one, &full);
    EXPECT(retry_next(&jobs.retry) == 7000 && told.count == 1); // its second try is later
    fake.ms = 7000;
    jobs_done(take(&jobs, 2), &accepted);
    fake.ms = 10'000;
    put(&jobs, 3, NULL);
    jobs_done(take(&jobs, 3), &accepted); // what waits for its first try goes before
    jobs_done(take(&jobs, 1), &accepted);
    EXPECT(jobs.all == NULL && retry_next(&jobs.retry) == UINT64_MAX);
    jobs_close(&jobs, &accepted);
}

TEST("jobs: who asks for a document does not wait for its next try")
{
    WorldFake fake;
    world_fake_init(&fake, 1, 5000);
    Jobs jobs;
    Told told = {};
    jobs_open(&jobs, &fake.world);
    put(&jobs, 1, NULL);
    put(&jobs, 2, NULL);
    jobs_failed(take(&jobs, 1), ERR_STORE, "");
    jobs_failed(take(&jobs, 2), ERR_STORE, "");
    put(&jobs, 1, &told);
    put(&jobs, 1, &told); // once
    jobs_done(take(&jobs, 1), &accepted);
    EXPECT(told.count == 2 && jobs.first == NULL && jobs.all != NULL);
    EXPECT(retry_next(&jobs.retry) == 6000); // the other's
    jobs_close(&jobs, &accepted);
}

TEST("jobs: what will not pass, and what failed too often, is let go of; nothing waits at the end")
{
    WorldFake fake;
    world_fake_init(&fake, 1, 5000);
    Jobs jobs;
    jobs_open(&jobs, &fake.world);
    put(&jobs, 1, NULL);
    jobs_failed(take(&jobs, 1), ERR_CORRUPT, "damaged");
    EXPECT(jobs.all == NULL && retry_next(&jobs.retry) == UINT64_MAX);
    put(&jobs, 2, NULL);
    for (int i = 0; i <= RETRY_TRIES; i++) {
        EXPECT(jobs.all != NULL);
        jobs_failed(take(&jobs, 2), ERR_STORE, "");
        fake.ms += RETRY_MOST_MS;
    }
    EXPECT(jobs.all == NULL && retry_next(&jobs.retry) == UINT64_MAX);
    put(&jobs, 3, NULL);
    put(&jobs, 4, NULL);
    jobs_failed(take(&jobs, 3), ERR_STORE, "");
    Job *four = take(&jobs, 4);
    jobs_stop(&jobs);
    jobs_failed(four, ERR_STORE, ""); // not again
    EXPECT(jobs_take(&jobs) == NULL && jobs.all != NULL && jobs.all->document[0] == 3);
    jobs_close(&jobs, &accepted);
}

TEST("jobs: a container ends with its entries")
{
    Jobs jobs;
    Told told = {};
    jobs_open(&jobs, cx->world);
    put(&jobs, 1, &told);
    Job *container = take(&jobs, 1);
    jobs_unpacking(container);
    put(&jobs, 2, NULL);
    put(&jobs, 3, NULL);
    jobs_done(take(&jobs, 2), &accepted);
    Job *failed = take(&jobs, 3); // it waits for its next try, not for entries
    jobs_unpacking(failed);
    jobs_failed(failed, ERR_STORE, "");
    const Outcome closing = {.err = ERR_STORE};
    jobs_close(&jobs, &closing);
    EXPECT(told.count == 0 && jobs.all == container);
    jobs.all = NULL;
    free(container->tickets);
    free(container);
}

static void *take_later(void *self)
{
    return jobs_take(self);
}

TEST("jobs: a worker that sleeps wakes when a try is due, and when it closes")
{
    Jobs jobs;
    void *taken = NULL;
    pthread_t worker;
    jobs_open(&jobs, cx->world);
    EXPECT(pthread_create(&worker, NULL, take_later, &jobs) == 0);
    put(&jobs, 1, NULL);
    EXPECT(pthread_join(worker, &taken) == 0 && taken != NULL);
    EXPECT(pthread_create(&worker, NULL, take_later, &jobs) == 0);
    (void)usleep(50'000); // it sleeps, and knows of nothing to come
    uint64_t before = cx->world->steady_ms(cx->world->self);
    jobs_failed(taken, ERR_STORE, "");
    EXPECT(pthread_join(worker, &taken) == 0 && taken != NULL);
    EXPECT(cx->world->steady_ms(cx->world->self) - before >= RETRY_FIRST_MS);
    jobs_failed(taken, ERR_STORE, ""); // four seconds
    before = cx->world->steady_ms(cx->world->self);
    EXPECT(pthread_create(&worker, NULL, take_later, &jobs) == 0);
    jobs_stop(&jobs);
    EXPECT(pthread_join(worker, &taken) == 0 && taken == NULL);
    EXPECT(cx->world->steady_ms(cx->world->self) - before < RETRY_FIRST_MS);
    jobs_close(&jobs, &accepted);
}
