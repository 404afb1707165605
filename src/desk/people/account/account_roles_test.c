#include "desk/people/account/account_roles.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_password.h"

#define SYSTEM   ROLE_BIT(ROLE_SYSTEM_ADMIN)
#define SECURITY ROLE_BIT(ROLE_SECURITY_ADMIN)
#define AUDIT    ROLE_BIT(ROLE_AUDIT_ADMIN)

static int64_t told(Cx *cx, AccountFixture *f)
{
    return account_fixture_number(
        cx, f, "SELECT COUNT(*) FROM notify_outbox WHERE template = 'roles_changed'");
}

TEST("account roles: the owner and all other administrators are told, the giver is not")
{
    AccountFixture f;
    PermissionActor security;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "sys", "", 0, SYSTEM);
    (void)account_fixture_add(cx, &f, "sec", "", 0, SECURITY);
    (void)account_fixture_add(cx, &f, "aud", "", 0, AUDIT);
    (void)account_fixture_add(cx, &f, "tax", "", 0, ROLE_BIT(ROLE_TAX_AUDITOR));
    AccountRow wang = account_fixture_add(cx, &f, "wang", "", 0, 0);
    (void)account_fixture_strong(cx, &f, "sec", &security, seed);
    EXPECT_OK(account_admin_roles(cx, f.accounts, &security, account_row_id(&wang), SYSTEM));
    EXPECT(told(cx, &f) == 3); // wang, sys, aud
    EXPECT_OK(account_admin_roles(cx, f.accounts, &f.local, account_row_id(&wang), 0));
    EXPECT(told(cx, &f) == 7); // and sec
    account_fixture_close(cx, &f);
}

TEST("account roles: who registered themselves gets no administrator's role from one alone")
{
    AccountFixture f;
    PermissionActor security;
    AccountState state;
    AccountView view = {};
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "sec", "", 0, SECURITY);
    (void)account_fixture_strong(cx, &f, "sec", &security, seed);
    const AccountRegistration second = {.login = SLICE("sec2"),
                                        .password = SLICE(ACCOUNT_FIXTURE_PASSWORD)};
    EXPECT_OK(account_register(cx, f.accounts, &f.stranger, &second, &state));
    EXPECT_OK(account_admin_find(cx, f.accounts, &f.local, SLICE("sec2"), &view));
    Slice id = account_row_id(&view.row);
    const uint32_t administrators[] = {SYSTEM, SECURITY, AUDIT};
    for (size_t i = 0; i < 3; i++)
        EXPECT(account_admin_roles(cx, f.accounts, &security, id, administrators[i]) ==
               ERR_CONFLICT);
    EXPECT(strncmp(cx->err_text, "role: the account registered itself", 35) == 0);
    EXPECT(told(cx, &f) == 0);
    // A tax officer handles no accounts; who stands at the server makes whom they like.
    EXPECT_OK(account_admin_roles(cx, f.accounts, &security, id, ROLE_BIT(ROLE_TAX_AUDITOR)));
    EXPECT_OK(account_admin_roles(cx, f.accounts, &f.local, id, AUDIT));
    account_fixture_close(cx, &f);
}

TEST("account roles: nobody but its owner and the server sets an administrator's password")
{
    AccountFixture f;
    PermissionActor security;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    AccountRow sys = account_fixture_add(cx, &f, "sys", "", 0, SYSTEM);
    AccountRow tax = account_fixture_add(cx, &f, "tax", "", 0, ROLE_BIT(ROLE_TAX_AUDITOR));
    (void)account_fixture_add(cx, &f, "sec", "", 0, SECURITY);
    (void)account_fixture_strong(cx, &f, "sec", &security, seed);
    Slice new = SLICE("another good one");
    EXPECT(account_password_set(cx, f.accounts, &security, account_row_id(&sys), new) ==
           ERR_DENIED);
    EXPECT_OK(account_password_set(cx, f.accounts, &security, account_row_id(&tax), new));
    EXPECT_OK(account_password_set(cx, f.accounts, &f.local, account_row_id(&sys), new));
    account_fixture_close(cx, &f);
}

TEST("account roles: whoever works in an enterprise is no administrator of the platform")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    AccountRow wang = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_READER), 0);
    EXPECT(account_admin_roles(cx, f.accounts, &f.local, account_row_id(&wang), AUDIT) ==
           ERR_CONFLICT);
    EXPECT_OK(account_admin_roles(cx, f.accounts, &f.local, account_row_id(&wang),
                                  ROLE_BIT(ROLE_TAX_REVIEWER)));
    account_fixture_close(cx, &f);
}
