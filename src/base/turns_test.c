#include "base/turns.h"

#include <sched.h>

#include "base/test.h"

#define LONG_MS 60'000

TEST("turns: no more at once than may, and the next one when one gives back")
{
    Turns turns = TURNS_INIT(2, 0);
    EXPECT(turns_take(&turns, LONG_MS) && turns_take(&turns, LONG_MS));
    EXPECT(!turns_take(&turns, LONG_MS)); // nobody may wait: at once
    turns_give(&turns);
    EXPECT(turns_take(&turns, LONG_MS) && !turns_take(&turns, LONG_MS));
    EXPECT(turns_peak(&turns) == 2);
}

TEST("turns: who waited too long goes without")
{
    Turns turns = TURNS_INIT(1, 1);
    EXPECT(turns_take(&turns, 0));
    EXPECT(!turns_take(&turns, 1));
    turns_give(&turns);
    EXPECT(turns_take(&turns, 0));
}

static void *wait_for_turn(void *self)
{
    return turns_take(self, LONG_MS) ? self : NULL;
}

TEST("turns: one waits until it is its turn, a second that may not wait is refused meanwhile")
{
    Turns turns = TURNS_INIT(1, 1);
    EXPECT(turns_take(&turns, 0));
    pthread_t thread;
    EXPECT(pthread_create(&thread, NULL, wait_for_turn, &turns) == 0);
    for (size_t waiting = 0; waiting == 0; (void)sched_yield()) {
        (void)pthread_mutex_lock(&turns.mutex);
        waiting = turns.waiting;
        (void)pthread_mutex_unlock(&turns.mutex);
    }
    EXPECT(!turns_take(&turns, LONG_MS));
    turns_give(&turns);
    void *taken = NULL;
    EXPECT(pthread_join(thread, &taken) == 0 && taken == &turns);
    EXPECT(turns_peak(&turns) == 1);
}
