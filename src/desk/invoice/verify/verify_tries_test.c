#include "desk/invoice/verify/verify_tries.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

static VerifyTries *opened(Cx *cx, Flow *flow)
{
    VerifyTries *tries = NULL;
    EXPECT_OK(verify_tries_open(cx, flow_store(flow), flow_committer(flow), &tries));
    return tries;
}

TEST("verify_tries: five a number a day, each number for itself, over a restart")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    VerifyTries *tries = opened(cx, flow);
    for (int i = 0; i < 3; i++)
        EXPECT_OK(verify_tries_count(cx, tries, SLICE("c"), SLICE("1")));
    EXPECT_OK(verify_tries_count(cx, tries, SLICE(""), SLICE("c1")));
    verify_tries_close(tries);
    flow_close(flow);
    flow = flow_fixture_open(cx, folder);
    tries = opened(cx, flow);
    EXPECT_OK(verify_tries_count(cx, tries, SLICE("c"), SLICE("1")));
    EXPECT_OK(verify_tries_count(cx, tries, SLICE("c"), SLICE("1")));
    EXPECT(verify_tries_count(cx, tries, SLICE("c"), SLICE("1")) == ERR_LIMIT);
    EXPECT_OK(verify_tries_count(cx, tries, SLICE("d"), SLICE("1")));
    verify_tries_close(tries);
    flow_close(flow);
}

TEST("verify_tries: a new day in China counts anew")
{
    WorldFake fake;
    world_fake_init(&fake, 7, UINT64_C(1'700'000'000'000));
    Cx other;
    Flow *flow = flow_fixture_open(cx, NULL);
    cx_init(&other, &fake.world, 1 << 20);
    VerifyTries *tries = NULL;
    EXPECT_OK(verify_tries_open(&other, flow_store(flow), flow_committer(flow), &tries));
    for (int i = 0; i < VERIFY_TRIES_A_DAY; i++)
        EXPECT_OK(verify_tries_count(&other, tries, SLICE(""), SLICE("1")));
    EXPECT(verify_tries_count(&other, tries, SLICE(""), SLICE("1")) == ERR_LIMIT);
    uint64_t left = verify_tries_seconds_left(&other);
    EXPECT(left > 0 && left <= 86400);
    fake.ms += left * 1000;
    EXPECT_OK(verify_tries_count(&other, tries, SLICE(""), SLICE("1")));
    verify_tries_close(tries);
    flow_close(flow);
    cx_done(&other);
}

TEST("verify_tries: many numbers")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    VerifyTries *tries = opened(cx, flow);
    for (int round = 0; round < 6; round++)
        for (int i = 0; i < 3000; i++) {
            Err err = verify_tries_count(cx, tries, SLICE(""), cx_printf(cx, "%d", i));
            EXPECT(err == (round < 5 ? ERR_OK : ERR_LIMIT));
        }
    verify_tries_close(tries);
    flow_close(flow);
}
