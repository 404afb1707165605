#include "base/world.h"

#include <string.h>

#include "base/test.h"

TEST("world: the same seed gives the same bytes, and the clock stands still")
{
    WorldFake one, two;
    world_fake_init(&one, 42, 1000);
    world_fake_init(&two, 42, 1000);
    char a[40], b[40];
    one.world.random(one.world.self, a, sizeof a);
    two.world.random(two.world.self, b, sizeof b);
    EXPECT(memcmp(a, b, sizeof a) == 0);
    EXPECT(one.world.now_ms(one.world.self) == 1000);
}

TEST("world: the real one's bytes differ from call to call, and its clock is in this century")
{
    const World *world = world_real();
    char a[16] = {}, b[16] = {};
    world->random(world->self, a, sizeof a);
    world->random(world->self, b, sizeof b);
    EXPECT(memcmp(a, b, sizeof a) != 0);
    EXPECT(world->now_ms(world->self) > UINT64_C(1'600'000'000'000));
    EXPECT(world->steady_ms(world->self) <= world->steady_ms(world->self));
}
