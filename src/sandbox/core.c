#include "sandbox/core.h"

#include <sched.h>
#include <stddef.h>

static cpu_set_t all; // on which the zygote might have run; empty until it stays on one
static int own;

void core_stay(void)
{
    cpu_set_t one;
    own = sched_getcpu();
    if (own < 0 || own >= CPU_SETSIZE || sched_getaffinity(0, sizeof all, &all) != 0) return;
    CPU_ZERO(&one);
    CPU_SET((size_t)own, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) CPU_ZERO(&all);
}

void core_leave(bool moves)
{
    if (CPU_COUNT(&all) <= 1) return;
    if (moves) {
        cpu_set_t others = all;
        CPU_CLR((size_t)own, &others);
        (void)sched_setaffinity(0, sizeof others, &others);
    }
    (void)sched_setaffinity(0, sizeof all, &all);
}
