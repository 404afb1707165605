#include "crypto/totp.h"

#include "base/test.h"

static const TotpSeed rfc = {"12345678901234567890"};

TEST("totp: the vectors of RFC 6238, appendix B, SHA-1, their last six digits")
{
    static const struct {
        uint64_t seconds;
        const char *code;
    } cases[] = {
        {59, "287082"},
        {1'111'111'109, "081804"},
        {1'111'111'111, "050471"},
        {1'234'567'890, "005924"},
        {2'000'000'000, "279037"},
        {20'000'000'000, "353130"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(&rfc, cases[i].seconds / TOTP_STEP_S, code);
        EXPECT(strcmp(code, cases[i].code) == 0);
    }
}

TEST("totp: a step before and one after now are accepted, two are not; a used one is refused")
{
    WorldFake fake;
    world_fake_init(&fake, 7, UINT64_C(1'111'111'111'000));
    Cx mine;
    cx_init(&mine, &fake.world, (size_t)1 << 20);
    const uint64_t now = 1'111'111'111 / TOTP_STEP_S;
    for (int64_t off = -3; off <= 3; off++) {
        char code[TOTP_DIGITS + 1];
        uint64_t step = now + (uint64_t)off, found = 77;
        totp_code(&rfc, step, code);
        bool near = off >= -1 && off <= 1;
        EXPECT(totp_match(&mine, &rfc, slice_of(code), 0, &found) == near);
        EXPECT(found == (near ? step : 77));
        EXPECT(!totp_match(&mine, &rfc, slice_of(code), step, &found));
        EXPECT(!totp_match(&mine, &rfc, slice_of(code), now + 1, &found));
        EXPECT(totp_match(&mine, &rfc, slice_of(code), step - 1, &found) == near);
    }
    uint64_t found = 0;
    static const char *const bad[] = {"", "05047", "0504711", "05047a", " 50471", "-50471"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(!totp_match(&mine, &rfc, slice_of(bad[i]), 0, &found));
    EXPECT(!totp_match(&mine, &rfc, SLICE("050472"), 0, &found));
    cx_done(&mine);
}

TEST("totp: at the beginning of time nothing runs below zero")
{
    WorldFake fake;
    world_fake_init(&fake, 7, 0);
    Cx mine;
    cx_init(&mine, &fake.world, (size_t)1 << 20);
    char code[TOTP_DIGITS + 1];
    uint64_t found = 0;
    totp_code(&rfc, 1, code);
    EXPECT(totp_match(&mine, &rfc, slice_of(code), 0, &found) && found == 1);
    cx_done(&mine);
}

TEST("totp: seeds differ, and are spelt as authenticators read them")
{
    TotpSeed one = totp_seed_new(cx), two = totp_seed_new(cx);
    EXPECT(memcmp(&one, &two, sizeof one) != 0);
    EXPECT(slice_equal(totp_base32(cx, &rfc), SLICE("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")));
    EXPECT(slice_equal(totp_uri(cx, &rfc, SLICE("发票 A&B"), SLICE("li@x.cn?/:")),
                       SLICE("otpauth://totp/%E5%8F%91%E7%A5%A8%20A%26B:li%40x.cn%3F%2F%3A"
                             "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                             "&issuer=%E5%8F%91%E7%A5%A8%20A%26B"
                             "&algorithm=SHA1&digits=6&period=30")));
}
