#include "desk/people/account/account_login.h"

#include "crypto/password.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_factor.h"
#include "desk/people/account/account_fixture.h"

static AccountLoginAnswer try_in(Cx *cx, AccountFixture *f, const char *login, const char *password)
{
    AccountLoginAnswer answer = {};
    EXPECT_OK(
        account_login(cx, f->accounts, slice_of(login), slice_of(password), &f->origin, &answer));
    return answer;
}

static AccountLoginAnswer show_code(Cx *cx, AccountFixture *f, const Token *ticket, Slice code)
{
    AccountLoginAnswer answer = {};
    EXPECT_OK(
        account_login_factor(cx, f->accounts, slice_of(ticket->text), code, &f->origin, &answer));
    return answer;
}

TEST("account login: by user name or mail address, and each time with another token")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    AccountLoginAnswer a = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    AccountLoginAnswer b = try_in(cx, &f, "Wang@Example.org", ACCOUNT_FIXTURE_PASSWORD);
    EXPECT(a.result == ACCOUNT_LOGIN_DONE && b.result == ACCOUNT_LOGIN_DONE);
    EXPECT(!digest_equal(&a.token.digest, &b.token.digest));
    account_fixture_close(cx, &f);
}

TEST("account login: nobody of that name and a wrong password say the same and cost one hash each")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    static const char *const names[] = {"wang", "nobody", "nobody@example.org", "+8613900000000",
                                        "\x01\x02"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint64_t before = password_load().hashes;
        EXPECT(try_in(cx, &f, names[i], "not the password").result == ACCOUNT_LOGIN_REFUSED);
        EXPECT(password_load().hashes == before + 1);
    }
    account_fixture_close(cx, &f);
}

TEST("account login: after a few wrong passwords the next must wait, before any hash, and not for "
     "good")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    for (int i = 0; i < 4; i++)
        EXPECT(try_in(cx, &f, "wang", "wrong").result == ACCOUNT_LOGIN_REFUSED);
    uint64_t before = password_load().hashes;
    AccountLoginAnswer later = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    EXPECT(later.result == ACCOUNT_LOGIN_LATER && later.wait_ms == 1'000);
    EXPECT(password_load().hashes == before);
    // From elsewhere the owner waits nowhere.
    f.origin.address = SLICE("198.51.100.1");
    EXPECT(try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD).result == ACCOUNT_LOGIN_DONE);
    f.origin.address = SLICE("192.0.2.7");
    f.world.ms += 1'000;
    EXPECT(try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD).result == ACCOUNT_LOGIN_DONE);
    // A name that nobody has waits the same.
    for (int i = 0; i < 4; i++)
        EXPECT(try_in(cx, &f, "nobody", "wrong").result == ACCOUNT_LOGIN_REFUSED);
    EXPECT(try_in(cx, &f, "nobody", "wrong").wait_ms == 1'000);
    account_fixture_close(cx, &f);
}

TEST("account login: whoever is disabled or not confirmed is told so, but only after the password")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT_OK(
        account_admin_state(cx, f.accounts, &f.local, account_row_id(&row), ACCOUNT_DISABLED));
    EXPECT(try_in(cx, &f, "wang", "wrong").result == ACCOUNT_LOGIN_REFUSED);
    EXPECT(try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD).result == ACCOUNT_LOGIN_DISABLED);
    AccountState state;
    const AccountRegistration li = {.mail = SLICE("li@example.org"),
                                    .password = SLICE(ACCOUNT_FIXTURE_PASSWORD)};
    EXPECT_OK(account_register(cx, f.accounts, &f.stranger, &li, &state));
    EXPECT(try_in(cx, &f, "li@example.org", ACCOUNT_FIXTURE_PASSWORD).result ==
           ACCOUNT_LOGIN_PENDING);
    account_fixture_close(cx, &f);
}

TEST("account login: without the second factor there is no session, and a step works once")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    (void)account_fixture_strong(cx, &f, "wang", &actor, seed);
    EXPECT(actor.strong);
    AccountLoginAnswer first = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    EXPECT(first.result == ACCOUNT_LOGIN_FACTOR);
    // The ticket is no session.
    EXPECT(account_session_actor(cx, f.accounts, slice_of(first.token.text), SLICE(""), &actor) ==
           ERR_DENIED);
    // The step that confirmed the factor was used.
    Slice used = account_fixture_code(cx, seed);
    EXPECT(show_code(cx, &f, &first.token, used).result == ACCOUNT_LOGIN_REFUSED);
    f.world.ms += 30'000;
    Slice code = account_fixture_code(cx, seed);
    EXPECT(show_code(cx, &f, &first.token, code).result == ACCOUNT_LOGIN_DONE);
    // Neither the ticket nor the step works again.
    EXPECT(show_code(cx, &f, &first.token, code).result == ACCOUNT_LOGIN_REFUSED);
    AccountLoginAnswer second = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    EXPECT(second.result == ACCOUNT_LOGIN_FACTOR);
    EXPECT(show_code(cx, &f, &second.token, code).result == ACCOUNT_LOGIN_REFUSED);
    account_fixture_close(cx, &f);
}

TEST("account login: a recovery code works once")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    TokenRecovery codes[TOKEN_RECOVERY_COUNT];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    (void)account_fixture_strong(cx, &f, "wang", &actor, seed);
    f.world.ms += 30'000;
    EXPECT_OK(account_factor_renew(cx, f.accounts, &actor, codes));
    Slice code = slice_of(codes[3].text);
    AccountLoginAnswer a = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    EXPECT(show_code(cx, &f, &a.token, code).result == ACCOUNT_LOGIN_DONE);
    AccountLoginAnswer b = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    EXPECT(show_code(cx, &f, &b.token, code).result == ACCOUNT_LOGIN_REFUSED);
    account_fixture_close(cx, &f);
}

TEST("account login: a ticket takes five codes and five minutes")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    (void)account_fixture_strong(cx, &f, "wang", &actor, seed);
    AccountLoginAnswer a = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    for (int i = 0; i < 5; i++) {
        EXPECT(show_code(cx, &f, &a.token, SLICE("000000")).result == ACCOUNT_LOGIN_REFUSED);
        f.world.ms += 30'000; // longer than the wait after each
    }
    EXPECT(show_code(cx, &f, &a.token, account_fixture_code(cx, seed)).result ==
           ACCOUNT_LOGIN_REFUSED);
    f.world.ms += 60'000;
    AccountLoginAnswer b = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    f.world.ms += 300'000;
    EXPECT(show_code(cx, &f, &b.token, account_fixture_code(cx, seed)).result ==
           ACCOUNT_LOGIN_REFUSED);
    AccountLoginAnswer c = try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD);
    EXPECT(show_code(cx, &f, &c.token, account_fixture_code(cx, seed)).result ==
           ACCOUNT_LOGIN_DONE);
    account_fixture_close(cx, &f);
}

TEST("account login: a password that was kept with less is hashed anew")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    // m=8 KiB, t=1, of ACCOUNT_FIXTURE_PASSWORD, by libargon2.
    account_fixture_run(
        cx, &f,
        "UPDATE account SET password = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "p15c/TOJ3ovY07sMZYG2VvFjxPpwKMT5GPQgPMRev2o'");
    const char *weak = "SELECT COUNT(*) FROM account WHERE password LIKE '%$m=8,%'";
    EXPECT(account_fixture_number(cx, &f, weak) == 1);
    EXPECT(try_in(cx, &f, "wang", "wrong").result == ACCOUNT_LOGIN_REFUSED);
    EXPECT(account_fixture_number(cx, &f, weak) == 1);
    EXPECT(try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD).result == ACCOUNT_LOGIN_DONE);
    EXPECT(account_fixture_number(cx, &f, weak) == 0);
    EXPECT(try_in(cx, &f, "wang", ACCOUNT_FIXTURE_PASSWORD).result == ACCOUNT_LOGIN_DONE);
    account_fixture_close(cx, &f);
}

TEST("account login: a name in other letters has no tries of its own")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    static const char *const names[] = {"wang", "Wang", " wANG", "WANG "};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        EXPECT(try_in(cx, &f, names[i], "wrong").result == ACCOUNT_LOGIN_REFUSED);
    EXPECT(try_in(cx, &f, "waNg", "wrong").result == ACCOUNT_LOGIN_LATER);
    account_fixture_close(cx, &f);
}
