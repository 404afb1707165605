#include "commit/lander.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/test.h"

#define GROUPS 200

// What landed, in which order; the first landing waits until somebody lets it go on.
typedef struct Airfield {
    pthread_mutex_t lock;
    pthread_cond_t change;
    bool held;
    size_t count, calls;
    uint64_t landed[GROUPS];
} Airfield;

static void land(void *self, Landing *landings)
{
    Airfield *field = self;
    (void)pthread_mutex_lock(&field->lock);
    while (field->held)
        (void)pthread_cond_wait(&field->change, &field->lock);
    field->calls++;
    while (landings != NULL) {
        Landing *next = landings->next;
        field->landed[field->count++] = landings->first_sequence;
        group_landing_free(landings);
        landings = next;
    }
    (void)pthread_mutex_unlock(&field->lock);
}

static Landing *landing_of(uint64_t first_sequence)
{
    Landing *landing = calloc(1, sizeof *landing); // owned: freed when it lands
    EXPECT(landing != NULL);
    landing->first_sequence = first_sequence;
    return landing;
}

static size_t landed(Airfield *field)
{
    (void)pthread_mutex_lock(&field->lock);
    size_t count = field->count;
    (void)pthread_mutex_unlock(&field->lock);
    return count;
}

static void let_go(Airfield *field)
{
    (void)pthread_mutex_lock(&field->lock);
    field->held = false;
    (void)pthread_cond_broadcast(&field->change);
    (void)pthread_mutex_unlock(&field->lock);
}

TEST("lander: groups land in their order, each once, and closing lands what is in the air")
{
    Airfield field = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};
    Lander lander;
    lander_init(&lander, land, &field);
    for (uint64_t i = 0; i < GROUPS; i++) {
        lander_begin(&lander);
        EXPECT(lander_put(&lander, landing_of(i)));
    }
    lander_done(&lander);
    EXPECT(field.count == GROUPS && field.calls <= GROUPS);
    for (uint64_t i = 0; i < GROUPS; i++)
        EXPECT(field.landed[i] == i);
}

typedef struct Settler {
    Lander *lander;
    Airfield *field;
    size_t seen; // landed when it was settled
} Settler;

static void *settle(void *self)
{
    Settler *settler = self;
    lander_settle(settler->lander);
    settler->seen = landed(settler->field);
    return NULL;
}

TEST("lander: who settles waits for what was begun before, and not when nothing was")
{
    Airfield field = {
        .lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER, .held = true};
    Lander lander;
    lander_init(&lander, land, &field);
    lander_settle(&lander); // nothing is in the air
    lander_begin(&lander);
    lander_end(&lander); // a group that its committer made durable
    lander_settle(&lander);
    for (uint64_t i = 0; i < 2; i++) {
        lander_begin(&lander);
        EXPECT(lander_put(&lander, landing_of(i)));
    }
    Settler settler = {&lander, &field, 0};
    pthread_t thread;
    EXPECT(pthread_create(&thread, NULL, settle, &settler) == 0);
    (void)usleep(20'000);
    EXPECT(landed(&field) == 0);
    let_go(&field);
    EXPECT(pthread_join(thread, NULL) == 0 && settler.seen == 2);
    lander_idle(&lander);
    lander_done(&lander);
}
