#include "desk/invoice/verify/verify_tries.h"

#include "base/test.h"
#include "desk/invoice/verify/verify.h"
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

// As http/http_verifications.c does.
static Err ask(Cx *cx, Flow *flow, VerifyIndex *index, VerifyTries *tries, const char *code,
               const char *number)
{
    const VerifyQuery query = {.code = slice_of(code),
                               .number = slice_of(number),
                               .issue_date = SLICE("2024-05-01"),
                               .amount = SLICE("1.00"),
                               .check_code = SLICE("123456"),
                               .total = SLICE("1.00")};
    VerifyAnswer answer;
    EXPECT_OK(verify_ask(cx, flow_store(flow), index, &query, &answer));
    return verify_tries_count(cx, tries, answer.code, answer.number);
}

TEST("verify_tries: an invoice of two numbers has five tries, by either, over a restart")
{
#define TWENTY "24112000000048542100"
    static const char *const texts[] = {
        "fapiao\nkind 85\ncode 011001900104\nnumber 12345678\nissue_date 2024-05-01\ntotal 1.00\n",
        "fapiao\nkind 85\ncode 011001900104\nnumber 12345678\nissue_date 2024-05-01\n"
        "digital_number " TWENTY "\n"};
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    VerifyIndex *index = verify_index_open(cx, flow_store(flow), 0);
    VerifyTries *tries = opened(cx, flow);
    // By the one organisation it is known by code and number, by the other by both.
    (void)flow_fixture_keep(cx, flow, texts[0]);
    (void)flow_fixture_keep_of(cx, flow, SLICE("east"), texts[1]);
    EXPECT_OK(ask(cx, flow, index, tries, "011001900104", "12345678"));
    EXPECT_OK(ask(cx, flow, index, tries, "", TWENTY));
    EXPECT_OK(ask(cx, flow, index, tries, "011001900104", "1234 5678"));
    EXPECT_OK(ask(cx, flow, index, tries, "011001900104", TWENTY));
    verify_tries_close(tries);
    verify_index_close(index);
    flow_close(flow);
    flow = flow_fixture_open(cx, folder);
    index = verify_index_open(cx, flow_store(flow), 0);
    tries = opened(cx, flow);
    EXPECT_OK(ask(cx, flow, index, tries, "011001900105", TWENTY)); // the code is a guess
    for (int twice = 0; twice < 2; twice++) {
        EXPECT(ask(cx, flow, index, tries, "", TWENTY) == ERR_LIMIT);
        EXPECT(ask(cx, flow, index, tries, "011001900104", "12345678") == ERR_LIMIT);
        EXPECT(ask(cx, flow, index, tries, "011001900106", TWENTY) == ERR_LIMIT);
    }
    EXPECT_OK(ask(cx, flow, index, tries, "011001900105", "12345678")); // another invoice
    verify_tries_close(tries);
    verify_index_close(index);
    flow_close(flow);
}
