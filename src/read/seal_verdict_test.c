#include "read/seal_verdict.h"

#include "base/test.h"

TEST("seal_verdict: broken stays broken, unchecked does not make it better")
{
    SealVerdict verdict = {.state = SEAL_VALID};
    seal_verdict_unchecked(cx, &verdict, "甲 %d", 1);
    EXPECT(verdict.state == SEAL_UNCHECKED && slice_equal(verdict.reasons[0], SLICE("甲 1")));
    seal_verdict_broken(cx, &verdict, "乙");
    seal_verdict_unchecked(cx, &verdict, "丙");
    EXPECT(verdict.state == SEAL_BROKEN && verdict.reason_count == 3);
    for (int i = 0; i < 100; i++)
        seal_verdict_broken(cx, &verdict, "丁");
    EXPECT(verdict.reason_count == sizeof verdict.reasons / sizeof verdict.reasons[0]);
}

TEST("seal_verdict: a state outlives memory that is short")
{
    Cx small;
    cx_init(&small, world_real(), 1);
    SealVerdict verdict = {.state = SEAL_VALID};
    seal_verdict_broken(&small, &verdict, "没有地方写的理由");
    SealAnswer answer;
    seal_verdict_join(&small, &verdict, 1, &answer);
    EXPECT(answer.seal.state == SEAL_BROKEN && answer.seal.reason_count == 0);
    cx_done(&small);
}

TEST("seal_verdict: a name that is long or no text is not repeated")
{
    char big[300];
    memset(big, 'a', sizeof big);
    EXPECT(slice_equal(seal_verdict_name(SLICE("OFD.xml")), SLICE("OFD.xml")));
    EXPECT(slice_equal(seal_verdict_name((Slice){big, sizeof big}), SLICE("（名称无法显示）")));
    EXPECT(slice_equal(seal_verdict_name(SLICE("\xff")), SLICE("（名称无法显示）")));
}

TEST("seal_verdict: the dates that count are those of signing, a zone's width either way")
{
    static const struct {
        uint64_t time_ms, from_ms, until_ms;
        SealState state;
    } cases[] = {
        {100'000'000, 0, 0, SEAL_VALID},
        {100'000'000, 1, 200'000'000, SEAL_VALID},
        {100'000'000, 1, 80'000'000, SEAL_VALID},  // within eight hours
        {100'000'000, 1, 70'000'000, SEAL_BROKEN}, // not within
        {100'000'000, 120'000'000, 200'000'000, SEAL_VALID},
        {100'000'000, 130'000'000, 200'000'000, SEAL_BROKEN},
        {300'000'000, 0, 0, SEAL_BROKEN}, // the certificate's end
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SealVerdict verdict = {.state = SEAL_VALID,
                               .has_time = true,
                               .time_ms = cases[i].time_ms,
                               .certificate = {.common_name = SLICE("名"),
                                               .not_before_ms = 90'000'000,
                                               .not_after_ms = 250'000'000}};
        seal_verdict_finish(cx, &verdict, cases[i].from_ms, cases[i].until_ms, SLICE(""));
        EXPECT(verdict.state == cases[i].state && !verdict.trusted);
        EXPECT(slice_equal(verdict.signer, SLICE("名")));
    }
    SealVerdict timeless = {.state = SEAL_VALID};
    seal_verdict_finish(cx, &timeless, 0, 0, SLICE(""));
    EXPECT(timeless.state == SEAL_UNCHECKED);
}

TEST("seal_verdict: of many, one broken speaks; else a trusted one; else a valid one")
{
    static const struct {
        SealVerdict verdicts[3];
        size_t count, chosen; // `chosen` holds entry 10 + its index
        SealState state;
    } cases[] = {
        {{}, 0, 0, SEAL_ABSENT},
        {{{.state = SEAL_UNCHECKED}, {.state = SEAL_VALID}}, 2, 1, SEAL_VALID},
        {{{.state = SEAL_VALID}, {.state = SEAL_VALID, .trusted = true}}, 2, 1, SEAL_VALID},
        {{{.state = SEAL_VALID}, {.state = SEAL_VALID}}, 2, 0, SEAL_VALID},
        {{{.state = SEAL_VALID, .trusted = true}, {.state = SEAL_BROKEN}}, 2, 1, SEAL_BROKEN},
        {{{.state = SEAL_UNCHECKED}, {.state = SEAL_UNCHECKED}}, 2, 0, SEAL_UNCHECKED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SealVerdict verdicts[3];
        memcpy(verdicts, cases[i].verdicts, sizeof verdicts);
        uint32_t entries[3] = {10, 11, 12};
        for (size_t k = 0; k < 3; k++) {
            verdicts[k].entries = &entries[k];
            verdicts[k].entry_count = 1;
        }
        SealAnswer answer;
        seal_verdict_join(cx, verdicts, cases[i].count, &answer);
        EXPECT(answer.seal.state == cases[i].state);
        EXPECT(answer.trusted_count == (cases[i].state == SEAL_VALID ? 1 : 0));
        EXPECT(answer.trusted_count == 0 || answer.trusted[0] == 10 + cases[i].chosen);
    }
}
