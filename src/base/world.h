// World: the clock and the randomness of a run. A test passes its own, so any run can be replayed.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct World {
    void *self;
    uint64_t (*now_ms)(void *self);                       // since 1970-01-01 UTC
    uint64_t (*steady_ms)(void *self);                    // never goes back; for deadlines
    void (*random)(void *self, void *bytes, size_t size); // aborts when the system has none
} World;

// The operating system's.
const World *world_real(void);

// A clock that stands still until told, and bytes that follow from `seed` alone.
typedef struct WorldFake {
    World world;
    uint64_t ms, state;
} WorldFake;
void world_fake_init(WorldFake *fake, uint64_t seed, uint64_t ms);
