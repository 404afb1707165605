#include "base/world.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static uint64_t clock_read_ms(clockid_t id)
{
    struct timespec now;
    if (clock_gettime(id, &now) != 0) abort();
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1'000'000;
}

static uint64_t real_now_ms(void *self)
{
    (void)self;
    return clock_read_ms(CLOCK_REALTIME);
}

static uint64_t real_steady_ms(void *self)
{
    (void)self;
    return clock_read_ms(CLOCK_MONOTONIC);
}

static void real_random(void *self, void *bytes, size_t size)
{
    (void)self;
    for (size_t done = 0; done < size;) {
        ssize_t n = getrandom((char *)bytes + done, size - done, 0);
        if (n <= 0) abort(); // keys and salts without randomness would be worse than a stop
        done += (size_t)n;
    }
}

const World *world_real(void)
{
    static const World real = {
        .now_ms = real_now_ms, .steady_ms = real_steady_ms, .random = real_random};
    return &real;
}

static uint64_t fake_ms(void *self)
{
    return ((const WorldFake *)self)->ms;
}

// splitmix64: small, and the same everywhere.
static void fake_random(void *self, void *bytes, size_t size)
{
    WorldFake *fake = self;
    for (size_t i = 0; i < size; i++) {
        uint64_t z = fake->state += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        ((unsigned char *)bytes)[i] = (unsigned char)(z ^ (z >> 31));
    }
}

void world_fake_init(WorldFake *fake, uint64_t seed, uint64_t ms)
{
    *fake = (WorldFake){.ms = ms, .state = seed};
    fake->world =
        (World){.self = fake, .now_ms = fake_ms, .steady_ms = fake_ms, .random = fake_random};
}
