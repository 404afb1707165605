#include "desk/people/account/account_confirm.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_token.h"

#define GOOD SLICE(ACCOUNT_FIXTURE_PASSWORD)

static bool is_fresh(Cx *cx, AccountFixture *f, const Token *token)
{
    PermissionActor actor = {};
    EXPECT_OK(account_session_actor(cx, f->accounts, slice_of(token->text), SLICE(""), &actor));
    return actor.fresh;
}

TEST("account confirm: signing in counts for five minutes, then the password shown again does")
{
    AccountFixture f;
    PermissionActor actor;
    Token fresh;
    AccountTokenNew token = {};
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token old = account_fixture_login(cx, &f, "wang", &actor);
    f.world.ms += 5 * 60'000 - 1;
    EXPECT(is_fresh(cx, &f, &old));
    f.world.ms += 1;
    EXPECT(!is_fresh(cx, &f, &old));
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(old.text), SLICE(""), &actor));
    EXPECT(account_token_make(cx, f.accounts, &actor, SLICE("x"), SLICE("hand_in"), 9, &token) ==
           ERR_DENIED);
    EXPECT(account_confirm(cx, f.accounts, &actor, slice_of(old.text), SLICE("wrong"), SLICE(""),
                           &fresh) == ERR_INPUT);
    EXPECT(!is_fresh(cx, &f, &old));
    EXPECT_OK(account_confirm(cx, f.accounts, &actor, slice_of(old.text), GOOD, SLICE(""), &fresh));
    EXPECT(is_fresh(cx, &f, &fresh));
    // Whoever has the old token has nothing.
    EXPECT(account_session_actor(cx, f.accounts, slice_of(old.text), SLICE(""), &actor) ==
           ERR_DENIED);
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(fresh.text), SLICE(""), &actor));
    EXPECT_OK(account_token_make(cx, f.accounts, &actor, SLICE("x"), SLICE("hand_in"), 9, &token));
    f.world.ms += 5 * 60'000;
    EXPECT(!is_fresh(cx, &f, &fresh));
    account_fixture_close(cx, &f);
}

TEST("account confirm: with a second factor its code is wanted, too, and each works once")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    Token new = {}, again;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token token = account_fixture_strong(cx, &f, "wang", &actor, seed);
    f.world.ms += 10 * 60'000;
    Slice text = slice_of(token.text), code = account_fixture_code(cx, seed);
    EXPECT(account_confirm(cx, f.accounts, &actor, text, GOOD, SLICE(""), &new) == ERR_INPUT);
    EXPECT(account_confirm(cx, f.accounts, &actor, text, SLICE(""), code, &new) == ERR_INPUT);
    EXPECT_OK(account_confirm(cx, f.accounts, &actor, text, GOOD, code, &new));
    EXPECT(is_fresh(cx, &f, &new));
    EXPECT(account_confirm(cx, f.accounts, &actor, slice_of(new.text), GOOD, code, &again) ==
           ERR_INPUT);
    account_fixture_close(cx, &f);
}

TEST("account confirm: another session of theirs is not confirmed along, nor is an API token ever")
{
    AccountFixture f;
    PermissionActor actor, program;
    Token new;
    AccountTokenNew made = {};
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token here = account_fixture_login(cx, &f, "wang", &actor);
    Token there = account_fixture_login(cx, &f, "wang", &actor);
    EXPECT_OK(account_token_make(cx, f.accounts, &actor, SLICE("x"), SLICE("hand_in"), 9, &made));
    EXPECT_OK(account_token_actor(cx, f.accounts, slice_of(made.text), SLICE(""), &program));
    EXPECT(!program.fresh);
    f.world.ms += 6 * 60'000;
    EXPECT_OK(account_confirm(cx, f.accounts, &actor, slice_of(here.text), GOOD, SLICE(""), &new));
    EXPECT(is_fresh(cx, &f, &new) && !is_fresh(cx, &f, &there));
    EXPECT(account_confirm(cx, f.accounts, &f.local, slice_of(new.text), GOOD, SLICE(""), &new) ==
           ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account confirm: who has neither password nor second factor is told to sign in again")
{
    AccountFixture f;
    PermissionActor actor;
    Token new;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token token = account_fixture_login(cx, &f, "wang", &actor);
    account_fixture_run(cx, &f, "UPDATE account SET password = ''");
    EXPECT(account_confirm(cx, f.accounts, &actor, slice_of(token.text), SLICE(""), SLICE(""),
                           &new) == ERR_CONFLICT);
    account_fixture_close(cx, &f);
}
