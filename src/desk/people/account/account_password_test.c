#include "desk/people/account/account_password.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_session.h"
#include "desk/people/account/account_token.h"

#define NEW "another good one"

static AccountLoginResult try_in(Cx *cx, AccountFixture *f, const char *password)
{
    AccountLoginAnswer answer = {};
    EXPECT_OK(
        account_login(cx, f->accounts, SLICE("wang"), slice_of(password), &f->origin, &answer));
    return answer.result;
}

static Err reset(Cx *cx, AccountFixture *f, const char *token, const char *password)
{
    return account_password_reset(cx, f->accounts, &f->stranger, slice_of(token), SLICE(""),
                                  SLICE(""), slice_of(password));
}

static Err forget(Cx *cx, AccountFixture *f, const char *login)
{
    return account_password_forgot(cx, f->accounts, &f->stranger, slice_of(login), ACCOUNT_MAIL);
}

TEST("account password: a reset link works once, ends every session, and the old password with it")
{
    AccountFixture f;
    PermissionActor actor;
    char link[64];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token session = account_fixture_login(cx, &f, "wang", &actor);
    EXPECT_OK(forget(cx, &f, "wang"));
    EXPECT(f.sent == 1 && f.occasion == ACCOUNT_RESET_LINK && f.channel == ACCOUNT_MAIL);
    EXPECT(strcmp(f.to, "wang@example.org") == 0);
    memcpy(link, f.secret, sizeof link);
    EXPECT(reset(cx, &f, link, "short") == ERR_INPUT); // and the link is not used up by it
    EXPECT_OK(reset(cx, &f, link, NEW));
    EXPECT(reset(cx, &f, link, "yet another one") == ERR_MISSING);
    EXPECT(account_session_actor(cx, f.accounts, slice_of(session.text), SLICE(""), &actor) ==
           ERR_DENIED);
    EXPECT(try_in(cx, &f, ACCOUNT_FIXTURE_PASSWORD) == ACCOUNT_LOGIN_REFUSED);
    EXPECT(try_in(cx, &f, NEW) == ACCOUNT_LOGIN_DONE);
    account_fixture_close(cx, &f);
}

TEST("account password: a reset link is dead after 30 minutes, and when there is a newer one")
{
    AccountFixture f;
    char link[64];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT_OK(forget(cx, &f, "wang"));
    memcpy(link, f.secret, sizeof link);
    f.world.ms += 30 * 60'000;
    EXPECT(reset(cx, &f, link, NEW) == ERR_MISSING);
    EXPECT_OK(forget(cx, &f, "wang@example.org"));
    memcpy(link, f.secret, sizeof link);
    f.world.ms += 30 * 60'000 - 1;
    EXPECT_OK(forget(cx, &f, "wang"));
    EXPECT(reset(cx, &f, link, NEW) == ERR_MISSING);
    EXPECT_OK(reset(cx, &f, f.secret, NEW));
    account_fixture_close(cx, &f);
}

TEST("account password: whom nobody knows is answered alike, and one message goes out a minute")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT_OK(forget(cx, &f, "nobody"));
    EXPECT_OK(forget(cx, &f, "nobody@example.org"));
    EXPECT_OK(forget(cx, &f, "\x01"));
    EXPECT(f.sent == 0);
    EXPECT_OK(forget(cx, &f, "wang"));
    EXPECT_OK(forget(cx, &f, "wang"));
    EXPECT(f.sent == 1);
    f.world.ms += 60'000;
    EXPECT_OK(forget(cx, &f, "wang"));
    EXPECT(f.sent == 2);
    account_fixture_close(cx, &f);
}

TEST("account password: by a code to a phone that was confirmed, with five tries")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    AccountState state;
    const AccountRegistration li = {.login = SLICE("wang"),
                                    .phone = SLICE("139 1234 5678"),
                                    .password = SLICE(ACCOUNT_FIXTURE_PASSWORD)};
    EXPECT_OK(account_register(cx, f.accounts, &f.stranger, &li, &state));
    Slice none = SLICE(""), login = SLICE("wang");
    // Not confirmed yet: nothing is sent.
    EXPECT_OK(account_password_forgot(cx, f.accounts, &f.stranger, login, ACCOUNT_SMS));
    EXPECT(f.sent == 1);
    EXPECT_OK(
        account_register_confirm(cx, f.accounts, &f.stranger, none, login, slice_of(f.secret)));
    EXPECT_OK(account_password_forgot(cx, f.accounts, &f.stranger, login, ACCOUNT_SMS));
    EXPECT(f.sent == 2 && f.channel == ACCOUNT_SMS && strlen(f.secret) == 6);
    EXPECT(strcmp(f.to, "+8613912345678") == 0);
    Slice wrong = f.secret[0] == '0' ? SLICE("100000") : SLICE("000000");
    EXPECT(account_password_reset(cx, f.accounts, &f.stranger, none, login, wrong, SLICE(NEW)) ==
           ERR_MISSING);
    EXPECT_OK(account_password_reset(cx, f.accounts, &f.stranger, none, SLICE("13912345678"),
                                     slice_of(f.secret), SLICE(NEW)));
    EXPECT(try_in(cx, &f, NEW) == ACCOUNT_LOGIN_DONE);
    f.world.ms += 60'000;
    EXPECT_OK(account_password_forgot(cx, f.accounts, &f.stranger, login, ACCOUNT_SMS));
    wrong = f.secret[0] == '0' ? SLICE("100000") : SLICE("000000");
    for (int i = 0; i < 5; i++)
        EXPECT(account_password_reset(cx, f.accounts, &f.stranger, none, login, wrong,
                                      SLICE(NEW)) == ERR_MISSING);
    EXPECT(account_password_reset(cx, f.accounts, &f.stranger, none, login, slice_of(f.secret),
                                  SLICE(NEW)) == ERR_MISSING);
    account_fixture_close(cx, &f);
}

TEST("account password: who changes it goes on under another token, all others are out")
{
    AccountFixture f;
    PermissionActor actor, other;
    Token new;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token a = account_fixture_login(cx, &f, "wang", &actor);
    Token b = account_fixture_login(cx, &f, "wang", &other);
    Slice old = SLICE(ACCOUNT_FIXTURE_PASSWORD), token = slice_of(a.text);
    EXPECT(account_password_change(cx, f.accounts, &actor, token, SLICE("wrong"), SLICE(NEW),
                                   &new) == ERR_INPUT);
    EXPECT(account_password_change(cx, f.accounts, &actor, token, old, old, &new) == ERR_INPUT);
    EXPECT_OK(account_password_change(cx, f.accounts, &actor, token, old, SLICE(NEW), &new));
    EXPECT(account_session_actor(cx, f.accounts, token, SLICE(""), &other) == ERR_DENIED);
    EXPECT(account_session_actor(cx, f.accounts, slice_of(b.text), SLICE(""), &other) ==
           ERR_DENIED);
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(new.text), SLICE(""), &other));
    EXPECT(try_in(cx, &f, NEW) == ACCOUNT_LOGIN_DONE);
    account_fixture_close(cx, &f);
}

TEST("account password: nobody sets another's without being an administrator of accounts")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    AccountRow wang = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &f, "li", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    uint8_t seed[20];
    (void)account_fixture_strong(cx, &f, "li", &actor, seed);
    Slice id = account_row_id(&wang);
    EXPECT(account_password_set(cx, f.accounts, &actor, id, SLICE(NEW)) == ERR_DENIED);
    EXPECT_OK(account_password_set(cx, f.accounts, &f.local, id, SLICE(NEW)));
    EXPECT(try_in(cx, &f, NEW) == ACCOUNT_LOGIN_DONE);
    account_fixture_close(cx, &f);
}

TEST("account password: the administrator of the system sets no officer's, so as to be nobody else")
{
    AccountFixture f;
    PermissionActor system;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    AccountRow wang = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    AccountRow tax = account_fixture_add(cx, &f, "tax", "", 0, ROLE_BIT(ROLE_TAX_AUDITOR));
    (void)account_fixture_add(cx, &f, "sys", "", 0, ROLE_BIT(ROLE_SYSTEM_ADMIN));
    (void)account_fixture_strong(cx, &f, "sys", &system, seed);
    Slice new = SLICE(NEW);
    EXPECT(account_password_set(cx, f.accounts, &system, account_row_id(&tax), new) == ERR_DENIED);
    EXPECT_OK(account_password_set(cx, f.accounts, &system, account_row_id(&wang), new));
    EXPECT_OK(account_password_set(cx, f.accounts, &f.local, account_row_id(&tax), new));
    account_fixture_close(cx, &f);
}

TEST("account password: what a thief made with the old one is gone with a reset")
{
    AccountFixture f;
    PermissionActor actor;
    AccountTokenNew made = {};
    account_fixture_open(cx, &f);
    AccountRow wang = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token session = account_fixture_login(cx, &f, "wang", &actor);
    Slice at = SLICE("192.0.2.9"), made_text;
    EXPECT_OK(account_token_make(cx, f.accounts, &actor, SLICE("x"), SLICE("hand_in"), 9, &made));
    made_text = slice_of(made.text);
    EXPECT_OK(account_token_actor(cx, f.accounts, made_text, at, &actor));
    // A token is no session, as whatever it is shown.
    Slice bare = slice_sub(made_text, 3, made_text.size);
    EXPECT(account_session_actor(cx, f.accounts, bare, at, &actor) == ERR_DENIED);
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(session.text), at, &actor));
    EXPECT_OK(account_password_set(cx, f.accounts, &f.local, account_row_id(&wang), SLICE(NEW)));
    EXPECT(account_token_actor(cx, f.accounts, made_text, at, &actor) == ERR_DENIED);
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM api_token") == 0);
    account_fixture_close(cx, &f);
}
