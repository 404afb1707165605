#include "desk/people/account/account_last.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_self.h"

TEST("account last: the last administrator of each kind neither goes nor is put out, and why")
{
    static const uint32_t kinds[] = {ROLE_BIT(ROLE_SYSTEM_ADMIN), ROLE_BIT(ROLE_SECURITY_ADMIN),
                                     ROLE_BIT(ROLE_AUDIT_ADMIN)};
    static const char *const logins[] = {"sys", "sec", "aud"};
    AccountFixture f;
    PermissionActor actors[3];
    uint8_t seed[20];
    AccountRow rows[3];
    account_fixture_open(cx, &f);
    for (int i = 0; i < 3; i++) {
        rows[i] = account_fixture_add(cx, &f, logins[i], "", 0, kinds[i]);
        (void)account_fixture_strong(cx, &f, logins[i], &actors[i], seed);
    }
    for (int i = 0; i < 3; i++) {
        Slice id = account_row_id(&rows[i]);
        EXPECT(account_self_delete(cx, f.accounts, &actors[i]) == ERR_CONFLICT);
        EXPECT(strncmp(cx->err_text, "role: nobody else", 17) == 0);
        EXPECT(account_admin_state(cx, f.accounts, &actors[1], id, ACCOUNT_DISABLED) ==
               ERR_CONFLICT);
        EXPECT(account_self_delete_for(cx, f.accounts, &actors[1], id) == ERR_CONFLICT);
        if (i != 1) EXPECT(account_admin_roles(cx, f.accounts, &actors[1], id, 0) == ERR_CONFLICT);
    }
    // A second one who can't sign in is none.
    AccountRow other = account_fixture_add(cx, &f, "sys2", "", 0, kinds[0]);
    EXPECT_OK(
        account_admin_state(cx, f.accounts, &f.local, account_row_id(&other), ACCOUNT_DISABLED));
    EXPECT(account_self_delete(cx, f.accounts, &actors[0]) == ERR_CONFLICT);
    EXPECT_OK(
        account_admin_state(cx, f.accounts, &f.local, account_row_id(&other), ACCOUNT_ACTIVE));
    EXPECT_OK(account_self_delete(cx, f.accounts, &actors[0]));
    // Who stands at the server gives roles without anybody.
    EXPECT_OK(
        account_admin_state(cx, f.accounts, &f.local, account_row_id(&rows[2]), ACCOUNT_DISABLED));
    account_fixture_close(cx, &f);
}

TEST("account last: the only administrator of an organisation with members stays, alone may go")
{
    AccountFixture f;
    PermissionActor boss, system;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "boss", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    AccountRow clerk = account_fixture_add(cx, &f, "clerk", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &f, "sys", "", 0, ROLE_BIT(ROLE_SYSTEM_ADMIN));
    (void)account_fixture_strong(cx, &f, "boss", &boss, seed);
    (void)account_fixture_strong(cx, &f, "sys", &system, seed);
    EXPECT(account_self_delete(cx, f.accounts, &boss) == ERR_CONFLICT);
    EXPECT(account_admin_state(cx, f.accounts, &system, account_row_id(&row), ACCOUNT_DISABLED) ==
           ERR_CONFLICT);
    EXPECT(strncmp(cx->err_text, "organisation: ", 14) == 0);
    EXPECT_OK(account_self_delete_for(cx, f.accounts, &system, account_row_id(&clerk)));
    EXPECT_OK(account_self_delete(cx, f.accounts, &boss));
    account_fixture_close(cx, &f);
}
