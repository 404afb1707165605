#include "http/challenges.h"

#include "base/limits.h"
#include "base/test.h"
#include "crypto/digest.h"

static bool begins_with_zeros(Slice text, int bits)
{
    Digest digest = digest_of(DIGEST_SHA256, text);
    for (int i = 0; i < bits; i++)
        if ((digest.bytes[i / 8] >> (7 - i % 8) & 1) != 0) return false;
    return true;
}

// What a browser does.
static Slice solve(Cx *cx, Slice text, int bits)
{
    for (int i = 0;; i++) {
        char try[128];
        int size = snprintf(try, sizeof try, SLICE_FMT ".%d", SLICE_ARG(text), i);
        if (begins_with_zeros((Slice){try, (size_t)size}, bits))
            return cx_printf(cx, "%.*s", size, try);
    }
}

TEST("challenges: work is taken once")
{
    WorldFake fake;
    world_fake_init(&fake, 1, 5000);
    Challenges *challenges = challenges_open(&fake.world, 8);
    Slice answer = solve(cx, challenges_new(cx, challenges), 8);
    EXPECT(challenges_take(cx, challenges, answer));
    EXPECT(!challenges_take(cx, challenges, answer));
    // Another number for the same text is the same challenge.
    Slice text = slice_sub(answer, 0, 64);
    for (int i = 0, found = 0; found < 2; i++) {
        Slice other = cx_printf(cx, SLICE_FMT ".%d", SLICE_ARG(text), i);
        if (!begins_with_zeros(other, 8)) continue;
        found++;
        EXPECT(!challenges_take(cx, challenges, other));
    }
    EXPECT(challenges_take(cx, challenges, solve(cx, challenges_new(cx, challenges), 8)));
    challenges_close(challenges);
}

TEST("challenges: no work, other people's texts and old ones are not taken")
{
    WorldFake fake;
    world_fake_init(&fake, 2, 5000);
    Challenges *challenges = challenges_open(&fake.world, 8), *other;
    other = challenges_open(&fake.world, 8);
    Slice text = challenges_new(cx, challenges), answer = solve(cx, text, 8);
    EXPECT(!challenges_take(cx, other, answer));
    int idle = 0;
    while (begins_with_zeros(cx_printf(cx, SLICE_FMT ".%d", SLICE_ARG(text), idle), 8))
        idle++;
    EXPECT(!challenges_take(cx, challenges, cx_printf(cx, SLICE_FMT ".%d", SLICE_ARG(text), idle)));
    EXPECT(!challenges_take(cx, challenges, text));
    EXPECT(!challenges_take(cx, challenges, SLICE("")));
    EXPECT(!challenges_take(cx, challenges, cx_printf(cx, SLICE_FMT ".1x", SLICE_ARG(text))));
    char *changed = cx_printf(cx, SLICE_FMT, SLICE_ARG(text)).data == NULL ? NULL : (char[65]){};
    memcpy(changed, text.data, 64);
    changed[20] = changed[20] == 'a' ? 'b' : 'a';
    EXPECT(!challenges_take(cx, challenges, solve(cx, (Slice){changed, 64}, 8)));
    fake.ms += LIMIT_CHALLENGE_MS + 1;
    EXPECT(!challenges_take(cx, challenges, answer));
    challenges_close(challenges);
    challenges_close(other);
}

TEST("challenges: what is remembered has a bound, and then nothing is taken")
{
    WorldFake fake;
    world_fake_init(&fake, 3, 5000);
    Challenges *challenges = challenges_open(&fake.world, 0);
    for (size_t i = 0; i < LIMIT_CHALLENGES_USED; i++)
        EXPECT(challenges_take(cx, challenges, solve(cx, challenges_new(cx, challenges), 0)));
    EXPECT(!challenges_take(cx, challenges, solve(cx, challenges_new(cx, challenges), 0)));
    fake.ms += LIMIT_CHALLENGE_MS + 1;
    EXPECT(challenges_take(cx, challenges, solve(cx, challenges_new(cx, challenges), 0)));
    challenges_close(challenges);
}
