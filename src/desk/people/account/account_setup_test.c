#include "desk/people/account/account_setup.h"

#include "desk/people/account/account_fixture.h"

#define GOOD SLICE(ACCOUNT_FIXTURE_PASSWORD)

static AccountSetup of(const char *login, PermissionRole role)
{
    return (AccountSetup){.account = {.login = slice_of(login), .password = GOOD}, .role = role};
}

TEST("account setup: the code makes the first accounts, once, while there is none")
{
    AccountFixture f;
    PermissionActor actor;
    Token old, code;
    bool wanted = false;
    account_fixture_open(cx, &f);
    EXPECT_OK(account_setup_wanted(cx, f.accounts, &wanted));
    EXPECT(wanted);
    EXPECT(account_setup_code(cx, f.accounts, &f.stranger, &code) == ERR_DENIED);
    EXPECT_OK(account_setup_code(cx, f.accounts, &f.local, &old));
    EXPECT_OK(account_setup_code(cx, f.accounts, &f.local, &code));
    const AccountSetup one = of("root", ROLE_SYSTEM_ADMIN);
    Slice text = slice_of(code.text);
    EXPECT(account_setup_run(cx, f.accounts, &f.stranger, slice_of(old.text), &one, 1) ==
           ERR_MISSING);
    EXPECT(account_setup_run(cx, f.accounts, &f.stranger, SLICE("x"), &one, 1) == ERR_MISSING);
    EXPECT_OK(account_setup_run(cx, f.accounts, &f.stranger, text, &one, 1));
    EXPECT(account_setup_run(cx, f.accounts, &f.stranger, text, &one, 1) == ERR_CONFLICT);
    EXPECT(account_setup_code(cx, f.accounts, &f.local, &code) == ERR_CONFLICT);
    EXPECT_OK(account_setup_wanted(cx, f.accounts, &wanted));
    EXPECT(!wanted);
    (void)account_fixture_login(cx, &f, "root", &actor);
    EXPECT(actor.roles == ROLE_BIT(ROLE_SYSTEM_ADMIN) && actor.tenant.size == 0);
    account_fixture_close(cx, &f);
}

TEST("account setup: may make the three administrators and the organisation's, all or none")
{
    AccountFixture f;
    PermissionActor actor;
    Token code;
    account_fixture_open(cx, &f);
    EXPECT_OK(account_setup_code(cx, f.accounts, &f.local, &code));
    AccountSetup all[] = {of("sys", ROLE_SYSTEM_ADMIN), of("sec", ROLE_SECURITY_ADMIN),
                          of("aud", ROLE_AUDIT_ADMIN), of("sys", ROLE_ORG_ADMIN)};
    Slice text = slice_of(code.text);
    EXPECT(account_setup_run(cx, f.accounts, &f.stranger, text, all, 4) == ERR_CONFLICT);
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM account") == 0);
    all[3].account.login = SLICE("boss");
    EXPECT_OK(account_setup_run(cx, f.accounts, &f.stranger, text, all, 4));
    (void)account_fixture_login(cx, &f, "boss", &actor);
    EXPECT(actor.roles == ROLE_BIT(ROLE_ORG_ADMIN) && slice_equal(actor.tenant, SLICE("local")));
    (void)account_fixture_login(cx, &f, "aud", &actor);
    EXPECT(actor.roles == ROLE_BIT(ROLE_AUDIT_ADMIN));
    account_fixture_close(cx, &f);
}

TEST("account setup: one of them administers the system, no role is there twice or is another")
{
    AccountFixture f;
    Token code;
    account_fixture_open(cx, &f);
    EXPECT_OK(account_setup_code(cx, f.accounts, &f.local, &code));
    Slice text = slice_of(code.text);
    const AccountSetup wrong[][2] = {{of("a", ROLE_SECURITY_ADMIN), of("b", ROLE_AUDIT_ADMIN)},
                                     {of("a", ROLE_SYSTEM_ADMIN), of("b", ROLE_SYSTEM_ADMIN)},
                                     {of("a", ROLE_SYSTEM_ADMIN), of("b", ROLE_TAX_AUDITOR)},
                                     {of("a", ROLE_SYSTEM_ADMIN), of("b", ROLE_ISSUER)}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        EXPECT(account_setup_run(cx, f.accounts, &f.stranger, text, wrong[i], 2) == ERR_INPUT);
    EXPECT(account_setup_run(cx, f.accounts, &f.stranger, text, wrong[0], 0) == ERR_INPUT);
    account_fixture_close(cx, &f);
}
