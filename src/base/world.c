#include "base/world.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
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

static void ask(void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = getrandom((char *)bytes + done, size - done, 0);
        if (n <= 0) abort(); // keys and salts without randomness would be worse than a stop
        done += (size_t)n;
    }
}

// Asked for in pieces of this size: a document takes a dozen ids, keys, salts and nonces, and a
// system call for each costs more than the bytes.
#define STOCK_SIZE 512
static _Thread_local struct {
    size_t left;     // the last bytes of `bytes`; what was given out is zero
    unsigned copies; // of the process that it was asked for in
    char bytes[STOCK_SIZE];
} stock;
static _Atomic unsigned copies; // goes up in a child, so that it never gives what its parent gives
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void count_copy(void)
{
    copies++;
}

static void watch_copies(void)
{
    if (pthread_atfork(NULL, NULL, count_copy) != 0) abort();
}

static void real_random(void *self, void *bytes, size_t size)
{
    (void)self;
    if (size > STOCK_SIZE / 4) {
        ask(bytes, size);
        return;
    }
    if (pthread_once(&once, watch_copies) != 0) abort();
    if (stock.left < size || stock.copies != copies) {
        ask(stock.bytes, STOCK_SIZE);
        stock.left = STOCK_SIZE;
        stock.copies = copies;
    }
    char *from = stock.bytes + STOCK_SIZE - stock.left;
    memcpy(bytes, from, size);
    explicit_bzero(from, size);
    stock.left -= size;
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
