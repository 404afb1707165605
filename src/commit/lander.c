#include "commit/lander.h"

#define IN_THE_AIR 2 // groups that wait for a sync: more would only make their answers late

void lander_init(Lander *lander, LanderLand *land, void *self)
{
    *lander = (Lander){.land = land, .self = self};
    lander->last = &lander->first;
    (void)pthread_mutex_init(&lander->lock, NULL);
    (void)pthread_cond_init(&lander->change, NULL);
}

static uint64_t count_of(const Landing *landing)
{
    uint64_t count = 0;
    for (; landing != NULL; landing = landing->next)
        count++;
    return count;
}

// Under the lock: all that waits, in one go.
static Landing *take(Lander *lander)
{
    Landing *landings = lander->first;
    lander->first = NULL;
    lander->last = &lander->first;
    lander->waiting = 0;
    lander->busy = true;
    return landings;
}

static void *lander_main(void *self)
{
    Lander *lander = self;
    (void)pthread_mutex_lock(&lander->lock);
    for (;;) {
        while (lander->first == NULL && !lander->closing)
            (void)pthread_cond_wait(&lander->change, &lander->lock);
        if (lander->first == NULL) break;
        Landing *landings = take(lander);
        uint64_t count = count_of(landings);
        (void)pthread_cond_broadcast(&lander->change);
        (void)pthread_mutex_unlock(&lander->lock);
        lander->land(lander->self, landings);
        (void)pthread_mutex_lock(&lander->lock);
        lander->busy = false;
        lander->ended += count;
        (void)pthread_cond_broadcast(&lander->change);
    }
    (void)pthread_mutex_unlock(&lander->lock);
    return NULL;
}

void lander_begin(Lander *lander)
{
    (void)pthread_mutex_lock(&lander->lock);
    lander->begun++;
    (void)pthread_mutex_unlock(&lander->lock);
}

void lander_end(Lander *lander)
{
    (void)pthread_mutex_lock(&lander->lock);
    lander->ended++;
    (void)pthread_cond_broadcast(&lander->change);
    (void)pthread_mutex_unlock(&lander->lock);
}

bool lander_put(Lander *lander, Landing *landing)
{
    if (!lander->there && pthread_create(&lander->thread, NULL, lander_main, lander) != 0)
        return false;
    lander->there = true;
    (void)pthread_mutex_lock(&lander->lock);
    while (lander->waiting >= IN_THE_AIR)
        (void)pthread_cond_wait(&lander->change, &lander->lock);
    landing->next = NULL;
    *lander->last = landing;
    lander->last = &landing->next;
    lander->waiting++;
    (void)pthread_cond_broadcast(&lander->change);
    (void)pthread_mutex_unlock(&lander->lock);
    return true;
}

void lander_idle(Lander *lander)
{
    (void)pthread_mutex_lock(&lander->lock);
    while (lander->first != NULL || lander->busy)
        (void)pthread_cond_wait(&lander->change, &lander->lock);
    (void)pthread_mutex_unlock(&lander->lock);
}

void lander_settle(Lander *lander)
{
    (void)pthread_mutex_lock(&lander->lock);
    for (uint64_t begun = lander->begun; lander->ended < begun;)
        (void)pthread_cond_wait(&lander->change, &lander->lock);
    (void)pthread_mutex_unlock(&lander->lock);
}

void lander_done(Lander *lander)
{
    (void)pthread_mutex_lock(&lander->lock);
    lander->closing = true;
    (void)pthread_cond_broadcast(&lander->change);
    (void)pthread_mutex_unlock(&lander->lock);
    if (lander->there) (void)pthread_join(lander->thread, NULL);
    (void)pthread_cond_destroy(&lander->change);
    (void)pthread_mutex_destroy(&lander->lock);
}
