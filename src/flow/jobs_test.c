#include "flow/jobs.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
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
    EXPECT(jobs_put(jobs, SLICE("local"), document, ticket, false));
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
    EXPECT(jobs.queue.first == NULL && told.count == 0);
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
    EXPECT(jobs.queue.first == NULL && retry_next(&jobs.retry) == 6000);
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
    EXPECT(told.count == 2 && jobs.queue.first == NULL && jobs.all != NULL);
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

// A store: documents 1 to `count`, undecided unless said.
typedef struct Shelf {
    Jobs jobs;
    WorldFake fake;
    uint8_t count, asked;
    bool decided[UINT8_MAX + 1], fails;
    bool comes; // one more, while it is asked
    Job *ends;  // done while it is asked
} Shelf;

static Err find_on_shelf(void *self, const uint8_t *from, size_t room)
{
    Shelf *shelf = self;
    shelf->asked++;
    if (shelf->fails) return ERR_STORE;
    if (shelf->ends != NULL) jobs_done(shelf->ends, &accepted);
    const uint8_t last = shelf->count;
    if (shelf->comes) put(&shelf->jobs, ++shelf->count, NULL);
    shelf->comes = false;
    for (int i = from[0]; i <= last; i++) {
        const uint8_t document[COMMIT_ID_SIZE] = {(uint8_t)i};
        if (i == 0 || shelf->decided[i]) continue;
        if (room-- == 0) {
            jobs_left_out(&shelf->jobs, document);
            break;
        }
        jobs_found(&shelf->jobs, SLICE("local"), document);
    }
    return ERR_OK;
}

static void shelf_open(Shelf *shelf, size_t limit)
{
    world_fake_init(&shelf->fake, 1, 5000);
    jobs_open(&shelf->jobs, &shelf->fake.world);
    jobs_finds(&shelf->jobs, limit, find_on_shelf, shelf);
}

static void shelf_decide(Shelf *shelf, uint8_t number)
{
    Job *job = take(&shelf->jobs, number);
    shelf->decided[number] = true;
    jobs_done(job, &accepted);
    EXPECT(shelf->jobs.held <= shelf->jobs.limit);
}

TEST("jobs: what does not fit is left out, and found in its order when half of the room is free")
{
    Shelf shelf = {};
    shelf_open(&shelf, 4);
    for (int i = 1; i <= 20; i++)
        put(&shelf.jobs, ++shelf.count, NULL);
    EXPECT(shelf.jobs.held == 4 && shelf.jobs.from[0] == 5);
    shelf_decide(&shelf, 1);
    put(&shelf.jobs, ++shelf.count, NULL); // there is room: but others came before it
    shelf_decide(&shelf, 2);
    EXPECT(shelf.asked == 0 && shelf.jobs.held == 2);
    for (uint8_t i = 3; i <= 21; i++)
        shelf_decide(&shelf, i);
    EXPECT(shelf.asked == 9 && !shelf.jobs.left && shelf.jobs.all == NULL);
    put(&shelf.jobs, ++shelf.count, NULL); // as if nothing had been
    EXPECT(shelf.jobs.held == 1);
    shelf_decide(&shelf, 22);
    EXPECT(shelf.asked == 9);
    jobs_close(&shelf.jobs, &accepted);
}

TEST("jobs: what an opening finds is taken once, whatever comes or is asked for meanwhile")
{
    Shelf shelf = {.count = 9};
    Told told = {};
    const uint8_t lowest[COMMIT_ID_SIZE] = {};
    shelf_open(&shelf, 4);
    put(&shelf.jobs, 7, &told); // somebody waits
    jobs_left_out(&shelf.jobs, lowest);
    put(&shelf.jobs, 3, NULL);
    EXPECT(shelf.jobs.held == 1);
    shelf_decide(&shelf, 7);
    EXPECT(told.count == 1);
    put(&shelf.jobs, 2, &told); // it is in the queue by now
    for (uint8_t i = 1; i <= 9; i++)
        if (i != 7) shelf_decide(&shelf, i);
    EXPECT(told.count == 2 && shelf.jobs.all == NULL && !shelf.jobs.left);
    jobs_close(&shelf.jobs, &accepted);
}

TEST("jobs: what comes while the store is asked is behind what is found, and found next")
{
    Shelf shelf = {.count = 2, .comes = true};
    const uint8_t one[COMMIT_ID_SIZE] = {1};
    shelf_open(&shelf, 4);
    jobs_left_out(&shelf.jobs, one);
    shelf_decide(&shelf, 1);
    EXPECT(shelf.asked == 2 && !shelf.jobs.left);
    shelf_decide(&shelf, 2);
    shelf_decide(&shelf, 3);
    EXPECT(shelf.jobs.all == NULL);
    jobs_close(&shelf.jobs, &accepted);
}

TEST("jobs: who waits for one has it read though memory is full, but for too many who wait")
{
    Shelf shelf = {.count = 3};
    Told told = {};
    shelf_open(&shelf, 1);
    put(&shelf.jobs, 1, NULL);
    put(&shelf.jobs, 2, NULL);
    put(&shelf.jobs, 3, &told);
    EXPECT(shelf.jobs.held == 2 && shelf.jobs.left);
    for (size_t i = 1; i < LIMIT_JOBS_WAITED; i++)
        put(&shelf.jobs, 3, &told);
    const uint8_t three[COMMIT_ID_SIZE] = {3}, four[COMMIT_ID_SIZE] = {4};
    Ticket *ticket = jobs_ticket(NULL, SLICE("local"), tell, &told);
    EXPECT(!jobs_put(&shelf.jobs, SLICE("local"), three, ticket, false));
    EXPECT(!jobs_put(&shelf.jobs, SLICE("local"), four, ticket, true));
    EXPECT(shelf.jobs.held == 2 && told.count == 0);
    jobs_ticket_decided(ticket, &accepted);
    jobs_done(take(&shelf.jobs, 1), &accepted);
    jobs_done(take(&shelf.jobs, 3), &accepted);
    EXPECT(told.count == LIMIT_JOBS_WAITED + 1 && shelf.jobs.waited == 0);
    put(&shelf.jobs, 3, &told);
    EXPECT(shelf.jobs.waited == 1);
    jobs_close(&shelf.jobs, &accepted);
}

static void put_entry(Jobs *jobs, uint8_t number, uint8_t entry, Told *told)
{
    const uint8_t document[COMMIT_ID_SIZE] = {number, entry, entry};
    Ticket *ticket = jobs_ticket(NULL, SLICE("local"), tell, told);
    ticket->entry = true;
    EXPECT(jobs_put(jobs, SLICE("local"), document, ticket, true));
}

TEST("jobs: entries take every second turn, and every one when there are enough for a container")
{
    Shelf shelf = {};
    Told told = {};
    shelf_open(&shelf, 2);
    put(&shelf.jobs, 1, NULL);
    put(&shelf.jobs, 2, NULL);
    put(&shelf.jobs, 3, NULL); // left out
    for (int i = 0; i < 4; i++)
        put_entry(&shelf.jobs, 9, (uint8_t)i, &told);
    EXPECT(shelf.jobs.held == 2 && shelf.jobs.entries_held == 4 && shelf.jobs.waited == 0);
    jobs_done(take(&shelf.jobs, 1), &accepted);
    jobs_done(take(&shelf.jobs, 9), &accepted);
    jobs_done(take(&shelf.jobs, 2), &accepted);
    put(&shelf.jobs, 4, NULL);
    put(&shelf.jobs, 5, NULL);
    jobs_done(take(&shelf.jobs, 9), &accepted);
    shelf.jobs.entries_held += LIMIT_ZIP_ENTRIES;     // it would be 4's turn
    jobs_failed(take(&shelf.jobs, 9), ERR_STORE, ""); // full: the store has it
    EXPECT(shelf.jobs.left && shelf.jobs.from[0] == 9 && told.count == 3);
    shelf.jobs.entries_held -= LIMIT_ZIP_ENTRIES;
    shelf.jobs.left = false;
    jobs_done(take(&shelf.jobs, 4), &accepted);
    jobs_failed(take(&shelf.jobs, 9), ERR_STORE, ""); // there is room: it is tried again
    EXPECT(shelf.jobs.entries_held == 0 && shelf.jobs.held == 2 && !shelf.jobs.left);
    jobs_done(take(&shelf.jobs, 5), &accepted);
    jobs_close(&shelf.jobs, &accepted);
    EXPECT(told.count == 4);
}

TEST("jobs: a store that does not say what was left out is asked again, a second later")
{
    Shelf shelf = {.count = 1, .fails = true};
    const uint8_t one[COMMIT_ID_SIZE] = {1};
    pthread_t worker;
    void *taken = NULL;
    shelf_open(&shelf, 4);
    shelf.jobs.world = cx->world;
    jobs_left_out(&shelf.jobs, one);
    const uint64_t before = cx->world->steady_ms(cx->world->self);
    EXPECT(pthread_create(&worker, NULL, take_later, &shelf.jobs) == 0);
    (void)usleep(50'000);
    (void)pthread_mutex_lock(&shelf.jobs.mutex);
    EXPECT(shelf.asked == 1 && shelf.jobs.left && shelf.jobs.from[0] == 1);
    shelf.fails = false;
    (void)pthread_mutex_unlock(&shelf.jobs.mutex);
    EXPECT(pthread_join(worker, &taken) == 0 && taken != NULL && shelf.asked == 2);
    EXPECT(cx->world->steady_ms(cx->world->self) - before >= 1000);
    jobs_done(taken, &accepted);
    jobs_close(&shelf.jobs, &accepted);
}

TEST("jobs: those that somebody waits for are no rush; those that nobody waits for are")
{
    WorldFake fake;
    Jobs jobs;
    Told told = {};
    world_fake_init(&fake, 1, 5000);
    jobs_open(&jobs, &fake.world);
    for (int i = 0; i < 2 * RUSH_COUNT; i++) {
        const bool waits = i < RUSH_COUNT;
        const uint8_t document[COMMIT_ID_SIZE] = {[COMMIT_ID_SIZE - 1] = (uint8_t)i};
        Ticket *ticket = waits ? jobs_ticket(NULL, SLICE("local"), tell, &told) : NULL;
        EXPECT(!rush_is_on(&jobs.rush, 5000));
        EXPECT(jobs_put(&jobs, SLICE("local"), document, ticket, true));
    }
    EXPECT(rush_is_on(&jobs.rush, 5000));
    jobs_close(&jobs, &accepted);
    EXPECT(told.count == RUSH_COUNT);
}

TEST("jobs: what is done while the store is asked is not taken again, though the answer is older")
{
    Shelf shelf = {.count = 3};
    const uint8_t lowest[COMMIT_ID_SIZE] = {};
    shelf_open(&shelf, 8);
    put(&shelf.jobs, 1, NULL);
    shelf.ends = take(&shelf.jobs, 1);
    jobs_left_out(&shelf.jobs, lowest);
    Job *two = take(&shelf.jobs, 2); // asks, and finds all three
    EXPECT(shelf.asked == 1 && shelf.jobs.held == 2);
    shelf.ends = NULL;
    jobs_done(two, &accepted);
    jobs_done(take(&shelf.jobs, 3), &accepted);
    EXPECT(shelf.jobs.all == NULL && shelf.jobs.queue.first == NULL && !shelf.jobs.left);
    jobs_found(&shelf.jobs, SLICE("local"), (const uint8_t[COMMIT_ID_SIZE]){1}); // asked anew
    jobs_done(take(&shelf.jobs, 1), &accepted);
    jobs_close(&shelf.jobs, &accepted);
}
