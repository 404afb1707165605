#include "base/world.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST("world: a forked child is never given the bytes that its parent is given")
{
    const World *world = world_real();
    char parent[16] = {}, child[16] = {};
    world->random(world->self, parent, sizeof parent); // a stock that both would draw from
    int ends[2];
    EXPECT(pipe(ends) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        world->random(world->self, child, sizeof child);
        _exit(write(ends[1], child, sizeof child) == (ssize_t)sizeof child ? 0 : 1);
    }
    int status = 1;
    EXPECT(read(ends[0], child, sizeof child) == (ssize_t)sizeof child);
    EXPECT(waitpid(pid, &status, 0) == pid && status == 0);
    (void)close(ends[0]), (void)close(ends[1]);
    world->random(world->self, parent, sizeof parent);
    EXPECT(memcmp(parent, child, sizeof parent) != 0);
}

TEST("world: no two of many small draws are alike")
{
    const World *world = world_real();
    enum { DRAWS = 200 };
    char drawn[DRAWS][12];
    for (size_t i = 0; i < DRAWS; i++)
        world->random(world->self, drawn[i], sizeof drawn[i]);
    for (size_t i = 0; i < DRAWS; i++)
        for (size_t j = 0; j < i; j++)
            EXPECT(memcmp(drawn[i], drawn[j], sizeof drawn[i]) != 0);
}
