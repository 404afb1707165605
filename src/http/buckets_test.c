#include "http/buckets.h"

#include "base/test.h"

#define LOGIN SLICE("login")

static const BucketRule rule = {.burst = 5, .per_hour = 360};

TEST("buckets: a burst, then a token each time it has come back")
{
    WorldFake fake;
    world_fake_init(&fake, 1, 1000);
    Buckets *buckets = buckets_open(&fake.world, 64);
    for (int i = 0; i < 5; i++)
        EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 0);
    EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 10'000);
    EXPECT(buckets_look(buckets, LOGIN, SLICE("a"), rule) == 10'000);
    EXPECT(buckets_take(buckets, LOGIN, SLICE("b"), rule) == 0);
    EXPECT(buckets_take(buckets, SLICE("other"), SLICE("a"), rule) == 0);
    fake.ms += 9'999;
    EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 1);
    fake.ms += 1;
    EXPECT(buckets_look(buckets, LOGIN, SLICE("a"), rule) == 0);
    EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 0);
    EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 10'000);
    // A long time later it is full, and no fuller.
    fake.ms += UINT64_C(1) << 50;
    for (int i = 0; i < 5; i++)
        EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 0);
    EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) > 0);
    buckets_forget(buckets, LOGIN, SLICE("a"));
    EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 0);
    buckets_close(buckets);
}

TEST("buckets: asking in vain does not make the wait longer")
{
    WorldFake fake;
    world_fake_init(&fake, 2, 1000);
    Buckets *buckets = buckets_open(&fake.world, 64);
    for (int i = 0; i < 5; i++)
        EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 0);
    for (int i = 0; i < 10'000; i++) {
        fake.ms += i % 2 == 0 ? 0 : 1;
        (void)buckets_take(buckets, LOGIN, SLICE("a"), rule);
    }
    // 5,000 ms have passed, each counted once.
    EXPECT(buckets_take(buckets, LOGIN, SLICE("a"), rule) == 5'000);
    buckets_close(buckets);
}

TEST("buckets: a crowd of new keys does not push out the one that is empty")
{
    WorldFake fake;
    world_fake_init(&fake, 3, 1000);
    Buckets *buckets = buckets_open(&fake.world, 64);
    for (int i = 0; i < 6; i++)
        (void)buckets_take(buckets, LOGIN, SLICE("attacked"), rule);
    for (int i = 0; i < 20'000; i++)
        EXPECT(buckets_take(buckets, LOGIN, cx_printf(cx, "crowd %d", i), rule) == 0);
    EXPECT(buckets_take(buckets, LOGIN, SLICE("attacked"), rule) > 0);
    buckets_close(buckets);
}
