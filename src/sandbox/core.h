// Core: on which core of the processor the zygote forks, and its children run.
//
// Each fork makes the other cores forget what they know of the zygote's memory, those on which it
// ran before, and waits until they have; in a virtual machine that may be as long as the reading.
// So the zygote stays on one core. Its children may go where they like. Decision 0024.
//
// Callers: zygote.c. What the system refuses is left as it was: nothing but speed depends on it.
#pragma once
#include <stdbool.h>

// In the zygote, once, before it forks: it stays on the core on which it is.
void core_stay(void);
// In the child: any core is good again. `moves`: first of all another one than the zygote's. It is
// worth its price, some tenths of a millisecond, to who has more to do and finds a brother at work
// there; others are moved by the scheduler when they have to wait.
void core_leave(bool moves);
