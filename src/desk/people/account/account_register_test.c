#include "desk/people/account/account_register.h"

#include "crypto/password.h"
#include "desk/people/account/account_fixture.h"

#define GOOD SLICE(ACCOUNT_FIXTURE_PASSWORD)

static Err try_it(Cx *cx, AccountFixture *f, AccountRegistration registration, AccountState *state)
{
    return account_register(cx, f->accounts, &f->stranger, &registration, state);
}

static Err confirm(Cx *cx, AccountFixture *f, const char *token)
{
    return account_register_confirm(cx, f->accounts, &f->stranger, slice_of(token), SLICE(""),
                                    SLICE(""));
}

TEST("account register: a user name alone is active at once, in an organisation of its own")
{
    AccountFixture f;
    PermissionActor actor;
    AccountState state;
    account_fixture_open(cx, &f);
    EXPECT_OK(
        try_it(cx, &f, (AccountRegistration){.login = SLICE("wang"), .password = GOOD}, &state));
    EXPECT(state == ACCOUNT_ACTIVE && f.sent == 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    EXPECT(actor.roles == ROLE_BIT(ROLE_PERSON) && actor.tenant.size == 16);
    EXPECT(account_fixture_number(cx, &f,
                                  "SELECT COUNT(*) FROM organisation WHERE kind = 'person'") == 1);
    account_fixture_close(cx, &f);
}

TEST("account register: a mail address waits for its link, which works once and for a day")
{
    AccountFixture f;
    PermissionActor actor;
    AccountState state;
    account_fixture_open(cx, &f);
    const AccountRegistration li = {.mail = SLICE("li@example.org"), .password = GOOD};
    EXPECT_OK(try_it(cx, &f, li, &state));
    EXPECT(state == ACCOUNT_PENDING && f.sent == 1 && f.occasion == ACCOUNT_CONFIRM_MAIL);
    EXPECT(strcmp(f.to, "li@example.org") == 0 && strlen(f.secret) == TOKEN_TEXT_SIZE);
    EXPECT(confirm(cx, &f, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") == ERR_MISSING);
    EXPECT_OK(confirm(cx, &f, f.secret));
    EXPECT(confirm(cx, &f, f.secret) == ERR_MISSING);
    (void)account_fixture_login(cx, &f, "li@example.org", &actor);
    const AccountRegistration zhao = {.mail = SLICE("zhao@example.org"), .password = GOOD};
    EXPECT_OK(try_it(cx, &f, zhao, &state));
    f.world.ms += UINT64_C(86'400'000);
    EXPECT(confirm(cx, &f, f.secret) == ERR_MISSING);
    account_fixture_close(cx, &f);
}

TEST("account register: a mail address that is known is told to its owner alone")
{
    AccountFixture f;
    AccountState state, again;
    account_fixture_open(cx, &f);
    const AccountRegistration li = {.mail = SLICE("li@example.org"), .password = GOOD};
    EXPECT_OK(try_it(cx, &f, li, &state));
    EXPECT_OK(confirm(cx, &f, f.secret));
    uint64_t before = password_load().hashes;
    EXPECT_OK(try_it(cx, &f, li, &again));
    EXPECT(again == state && password_load().hashes == before + 1);
    EXPECT(f.sent == 2 && f.occasion == ACCOUNT_KNOWN_MAIL && f.secret[0] == '\0');
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM account") == 1);
    // A user name must be found that is free: it is told.
    const AccountRegistration wang = {.login = SLICE("wang"), .password = GOOD};
    EXPECT_OK(try_it(cx, &f, wang, &state));
    EXPECT(try_it(cx, &f, wang, &state) == ERR_CONFLICT);
    EXPECT(strcmp(cx->err_text, "login: is taken") == 0);
    account_fixture_close(cx, &f);
}

TEST("account register: what nobody confirmed keeps no name for good")
{
    AccountFixture f;
    PermissionActor actor;
    AccountState state;
    char first[64];
    account_fixture_open(cx, &f);
    const AccountRegistration li = {
        .login = SLICE("li"), .mail = SLICE("li@example.org"), .password = GOOD};
    EXPECT_OK(try_it(cx, &f, li, &state));
    memcpy(first, f.secret, sizeof first);
    // The same address again: the newer link counts, and the password that came with it.
    const AccountRegistration again = {.mail = SLICE("li@example.org"),
                                       .password = SLICE("another good one")};
    EXPECT(try_it(cx, &f, li, &state) == ERR_CONFLICT); // the user name is kept for a day
    EXPECT_OK(try_it(cx, &f, again, &state));
    EXPECT(state == ACCOUNT_PENDING && f.sent == 2 && f.occasion == ACCOUNT_CONFIRM_MAIL);
    EXPECT(confirm(cx, &f, first) == ERR_MISSING);
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM account") == 1);
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM member") == 1);
    EXPECT_OK(confirm(cx, &f, f.secret));
    const AccountRegistration zhao = {
        .login = SLICE("zhao"), .mail = SLICE("zhao@example.org"), .password = GOOD};
    const AccountRegistration other = {.login = SLICE("zhao"), .password = GOOD};
    EXPECT_OK(try_it(cx, &f, zhao, &state));
    EXPECT(try_it(cx, &f, other, &state) == ERR_CONFLICT);
    f.world.ms += UINT64_C(86'400'000);
    EXPECT_OK(try_it(cx, &f, other, &state));
    (void)account_fixture_login(cx, &f, "zhao", &actor);
    account_fixture_close(cx, &f);
}

TEST("account register: a phone is confirmed by the code that was sent to it")
{
    AccountFixture f;
    PermissionActor actor;
    AccountState state;
    account_fixture_open(cx, &f);
    const AccountRegistration wang = {
        .login = SLICE("wang"), .phone = SLICE("13912345678"), .password = GOOD};
    EXPECT_OK(try_it(cx, &f, wang, &state));
    EXPECT(state == ACCOUNT_PENDING && f.channel == ACCOUNT_SMS && strlen(f.secret) == 6);
    Slice wrong = f.secret[0] == '0' ? SLICE("100000") : SLICE("000000");
    Slice none = SLICE(""), login = SLICE("wang");
    EXPECT(account_register_confirm(cx, f.accounts, &f.stranger, none, login, wrong) ==
           ERR_MISSING);
    EXPECT_OK(
        account_register_confirm(cx, f.accounts, &f.stranger, none, login, slice_of(f.secret)));
    (void)account_fixture_login(cx, &f, "wang", &actor);
    account_fixture_close(cx, &f);
}

TEST("account register: says which field is wrong, and whether it may be at all")
{
    AccountFixture f;
    AccountState state;
    account_fixture_open(cx, &f);
    EXPECT(try_it(cx, &f, (AccountRegistration){.password = GOOD}, &state) == ERR_INPUT);
    EXPECT(strcmp(cx->err_text, "login: is required") == 0);
    EXPECT(try_it(cx, &f, (AccountRegistration){.login = SLICE("wang"), .password = SLICE("x")},
                  &state) == ERR_INPUT);
    EXPECT(strncmp(cx->err_text, "password: is too short", 22) == 0);
    EXPECT(try_it(cx, &f, (AccountRegistration){.mail = SLICE("x"), .password = GOOD}, &state) ==
           ERR_INPUT);
    EXPECT(strcmp(cx->err_text, "mail: is no mail address") == 0);
    const AccountSetting closed = {SLICE("registration.open"), SLICE("0")};
    EXPECT_OK(account_policy_set(cx, f.accounts, &f.local, &closed, 1));
    EXPECT(try_it(cx, &f, (AccountRegistration){.login = SLICE("wang"), .password = GOOD},
                  &state) == ERR_DENIED);
    account_fixture_close(cx, &f);
}
