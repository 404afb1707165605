#include "crypto/password.h"

#include <pthread.h>

#include "base/limits.h"
#include "base/test.h"

TEST("password: what was hashed is known again, and nothing else is")
{
    Slice phc, other;
    bool fits = false;
    EXPECT_OK(password_hash(cx, SLICE("正确 horse battery"), &phc));
    EXPECT(slice_starts(phc, SLICE("$argon2id$v=19$m=19456,t=2,p=1$")));
    EXPECT(!password_needs_rehash(phc));
    EXPECT_OK(password_verify(cx, SLICE("正确 horse battery"), phc, &fits));
    EXPECT(fits);
    EXPECT_OK(password_verify(cx, SLICE("正确 horse batterz"), phc, &fits));
    EXPECT(!fits);
    EXPECT_OK(password_hash(cx, SLICE("正确 horse battery"), &other));
    EXPECT(!slice_equal(phc, other)); // a salt of its own
}

TEST("password: a string of the reference program is understood")
{
    // From the tests of phc-winner-argon2 (src/test.c): argon2id, t=2, m=2^16 KiB, p=1, "somesalt".
    bool fits = false;
    Slice phc = SLICE("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                      "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
    EXPECT_OK(password_verify(cx, SLICE("password"), phc, &fits));
    EXPECT(fits);
    EXPECT(!password_needs_rehash(phc));
    EXPECT_OK(password_verify(cx, SLICE("differentpassword"), phc, &fits));
    EXPECT(!fits);
}

TEST("password: nobody's costs exactly one hash as well, and never fits")
{
    Slice phc;
    EXPECT_OK(password_hash(cx, SLICE("secret"), &phc));
    bool fits = true;
    uint64_t before = password_load().hashes;
    EXPECT_OK(password_verify(cx, SLICE("secret"), phc, &fits));
    EXPECT(fits && password_load().hashes == before + 1);
    EXPECT_OK(password_verify(cx, SLICE("wrong"), phc, &fits));
    EXPECT(!fits && password_load().hashes == before + 2);
    fits = true;
    EXPECT_OK(password_verify(cx, SLICE("secret"), SLICE(""), &fits));
    EXPECT(!fits && password_load().hashes == before + 3);
}

TEST("password: an empty or too long one costs nothing, with a name or without")
{
    Slice phc;
    char *text = arena_alloc(&cx->arena, LIMIT_PASSWORD_BYTES + 1);
    memset(text, 'x', LIMIT_PASSWORD_BYTES + 1);
    EXPECT(password_hash(cx, SLICE(""), &phc) == ERR_INPUT);
    EXPECT(password_hash(cx, (Slice){text, LIMIT_PASSWORD_BYTES + 1}, &phc) == ERR_LIMIT);
    EXPECT_OK(password_hash(cx, (Slice){text, LIMIT_PASSWORD_BYTES}, &phc));
    bool fits = false;
    EXPECT_OK(password_verify(cx, (Slice){text, LIMIT_PASSWORD_BYTES}, phc, &fits));
    EXPECT(fits);

    uint64_t before = password_load().hashes;
    const Slice hashes[] = {phc, SLICE("")};
    const Slice passwords[] = {SLICE(""), {text, LIMIT_PASSWORD_BYTES + 1}};
    for (size_t i = 0; i < 4; i++) {
        fits = true;
        EXPECT_OK(password_verify(cx, passwords[i / 2], hashes[i % 2], &fits));
        EXPECT(!fits);
    }
    EXPECT(password_load().hashes == before);
}

TEST("password: a stored string that is none, or asks for too much, is not followed")
{
    static const char *const cases[] = {
        "x",
        "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=4000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPP",
        "$argon2id$v=19$m=65536,t=2,p=200$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=18446744073709551617,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8",
        "$argon2id$v=19$m=65536,t=2,p=1$",
        "$argon2id$v=19$m=65536,t=2,p=1$!$!",
        "$argon2id$v=19$m=65536,t=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    };
    bool fits = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(password_verify(cx, SLICE("password"), slice_of(cases[i]), &fits) == ERR_CORRUPT);
}

TEST("password: what was made with less is hashed anew at the next login")
{
    EXPECT(password_needs_rehash(SLICE("$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1a")));
    EXPECT(password_needs_rehash(SLICE("$argon2id$v=19$m=19456,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO")));
    EXPECT(!password_needs_rehash(SLICE("$argon2id$v=19$m=19456,t=3,p=1$c29tZXNhbHQ$CTFhFdXPJ")));
    EXPECT(password_needs_rehash(SLICE("plain")));
    EXPECT(password_needs_rehash(SLICE("")));
}

static void *check_some(void *self)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_MIB);
    bool *well = self;
    *well = true;
    for (size_t i = 0; i < 2; i++) {
        bool fits = true;
        if (password_verify(&cx, SLICE("secret"), SLICE(""), &fits) != ERR_OK || fits)
            *well = false;
    }
    cx_done(&cx);
    return NULL;
}

TEST("password: six threads at once run no more than two hashes at a time, and none is refused")
{
    pthread_t threads[6];
    bool well[6] = {};
    uint64_t before = password_load().hashes;
    for (size_t i = 0; i < 6; i++)
        EXPECT(pthread_create(&threads[i], NULL, check_some, &well[i]) == 0);
    for (size_t i = 0; i < 6; i++)
        EXPECT(pthread_join(threads[i], NULL) == 0 && well[i]);
    EXPECT(password_load().hashes == before + 12);
    EXPECT(password_load().peak <= LIMIT_PASSWORDS_AT_ONCE);
}
