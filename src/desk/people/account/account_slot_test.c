#include "desk/people/account/account_slot.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_session.h"

TEST("account slot: a role of the platform in an organisation's row counts nothing, nor the other "
     "way round")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token token = account_fixture_login(cx, &f, "wang", &actor);
    account_fixture_run(cx, &f, "UPDATE member SET roles = 2047");
    account_fixture_run(cx, &f, "INSERT INTO member SELECT '', id, 63, 1 FROM account");
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(token.text), SLICE(""), &actor));
    EXPECT(actor.roles == ROLES_ORGANISATION);
    account_fixture_close(cx, &f);
}

TEST("account slot: who is in no organisation that is active has their account and no more")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token token = account_fixture_login(cx, &f, "wang", &actor);
    account_fixture_run(cx, &f, "UPDATE organisation SET state = 'disabled'");
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(token.text), SLICE(""), &actor));
    EXPECT(permission_may(&actor, PERMISSION_OWN_ACCOUNT));
    EXPECT(!permission_may(&actor, PERMISSION_READ_INVOICES));
    EXPECT(!permission_may(&actor, PERMISSION_HAND_IN));
    account_fixture_close(cx, &f);
}

TEST("account slot: roles that the policy names want a second factor, an old password a new one")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token token = account_fixture_login(cx, &f, "wang", &actor);
    EXPECT(permission_may(&actor, PERMISSION_HAND_IN));
    const AccountSetting weak = {SLICE("factor.roles"), SLICE("issuer,reviewer")};
    EXPECT_OK(account_policy_set(cx, f.accounts, &f.local, &weak, 1));
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(token.text), SLICE(""), &actor));
    EXPECT(!permission_may(&actor, PERMISSION_HAND_IN));
    EXPECT(permission_may(&actor, PERMISSION_OWN_ACCOUNT));
    const AccountSetting none = {SLICE("factor.roles"), SLICE("")};
    const AccountSetting days[] = {none, {SLICE("password.rotation_days"), SLICE("30")}};
    EXPECT_OK(account_policy_set(cx, f.accounts, &f.local, days, 2));
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(token.text), SLICE(""), &actor));
    EXPECT(permission_may(&actor, PERMISSION_HAND_IN));
    f.world.ms += UINT64_C(30) * 86'400'000;
    token = account_fixture_login(cx, &f, "wang", &actor);
    EXPECT(!permission_may(&actor, PERMISSION_HAND_IN));
    EXPECT(permission_may(&actor, PERMISSION_OWN_ACCOUNT));
    account_fixture_close(cx, &f);
}
