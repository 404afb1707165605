#include "desk/people/account/account_factor.h"

#include "desk/people/account/account_fixture.h"

#define GOOD SLICE(ACCOUNT_FIXTURE_PASSWORD)

TEST("account factor: a role that wants one may nothing but its own account until it was shown")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    Token weak = account_fixture_login(cx, &f, "wang", &actor);
    EXPECT(!permission_may(&actor, PERMISSION_READ_INVOICES));
    EXPECT(permission_wants_factor(&actor, PERMISSION_READ_INVOICES));
    EXPECT(permission_may(&actor, PERMISSION_OWN_ACCOUNT));
    Token strong = account_fixture_strong(cx, &f, "wang", &actor, seed);
    EXPECT(actor.strong && permission_may(&actor, PERMISSION_READ_INVOICES));
    // The session that was there before is another now.
    EXPECT(account_session_actor(cx, f.accounts, slice_of(weak.text), SLICE(""), &actor) ==
           ERR_DENIED);
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(strong.text), SLICE(""), &actor));
    account_fixture_close(cx, &f);
}

TEST("account factor: begins freshly confirmed, and counts from the first code on")
{
    AccountFixture f;
    PermissionActor actor;
    AccountFactorBegun begun = {}, again = {};
    AccountFactorDone done = {};
    AccountLoginAnswer answer = {};
    size_t left = 0;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token token = account_fixture_login(cx, &f, "wang", &actor);
    Slice text = slice_of(token.text);
    EXPECT(account_factor_confirm(cx, f.accounts, &actor, text, SLICE("000000"), &done) ==
           ERR_CONFLICT);
    actor.fresh = false;
    EXPECT(account_factor_begin(cx, f.accounts, &actor, &begun) == ERR_DENIED);
    actor.fresh = true;
    EXPECT_OK(account_factor_begin(cx, f.accounts, &actor, &begun));
    EXPECT(begun.secret.size == 32 && slice_starts(begun.svg, SLICE("<svg ")));
    EXPECT(slice_starts(begun.uri, SLICE("otpauth://totp/fapiao:wang?secret=")));
    // Not confirmed: it is not asked for, and may be begun anew.
    EXPECT_OK(account_login(cx, f.accounts, SLICE("wang"), GOOD, &f.origin, &answer));
    EXPECT(answer.result == ACCOUNT_LOGIN_DONE);
    EXPECT_OK(account_factor_begin(cx, f.accounts, &actor, &again));
    EXPECT(!slice_equal(begun.secret, again.secret));
    EXPECT(account_factor_confirm(cx, f.accounts, &actor, text, SLICE("000000"), &done) ==
           ERR_INPUT);
    uint8_t seed[20];
    (void)account_fixture_strong(cx, &f, "wang", &actor, seed);
    EXPECT(account_factor_begin(cx, f.accounts, &actor, &begun) == ERR_CONFLICT);
    EXPECT_OK(account_factor_left(cx, f.accounts, &actor, &left));
    EXPECT(left == TOKEN_RECOVERY_COUNT);
    account_fixture_close(cx, &f);
}

TEST("account factor: ends freshly confirmed, and takes the recovery codes along")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    Token new;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    Token token = account_fixture_strong(cx, &f, "wang", &actor, seed);
    Slice text = slice_of(token.text);
    actor.fresh = false;
    EXPECT(account_factor_end(cx, f.accounts, &actor, text, &new) == ERR_DENIED);
    actor.fresh = true;
    EXPECT_OK(account_factor_end(cx, f.accounts, &actor, text, &new));
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM recovery_code") == 0);
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(new.text), SLICE(""), &actor));
    EXPECT(!actor.strong && !permission_may(&actor, PERMISSION_READ_INVOICES));
    account_fixture_close(cx, &f);
}

TEST("account factor: the administrator of security takes one away, nobody else")
{
    AccountFixture f;
    PermissionActor wang, system, security;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &f, "sys", "", 0, ROLE_BIT(ROLE_SYSTEM_ADMIN));
    (void)account_fixture_add(cx, &f, "sec", "", 0, ROLE_BIT(ROLE_SECURITY_ADMIN));
    Token token = account_fixture_strong(cx, &f, "wang", &wang, seed);
    (void)account_fixture_strong(cx, &f, "sys", &system, seed);
    (void)account_fixture_strong(cx, &f, "sec", &security, seed);
    Slice id = account_row_id(&row);
    EXPECT(account_factor_reset(cx, f.accounts, &system, id) == ERR_DENIED);
    EXPECT(account_factor_reset(cx, f.accounts, &wang, id) == ERR_DENIED);
    EXPECT_OK(account_factor_reset(cx, f.accounts, &security, id));
    EXPECT(account_session_actor(cx, f.accounts, slice_of(token.text), SLICE(""), &wang) ==
           ERR_DENIED);
    (void)account_fixture_login(cx, &f, "wang", &wang);
    account_fixture_close(cx, &f);
}
