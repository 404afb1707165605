#include "desk/people/account/account.h"

#include "desk/people/account/account_fixture.h"

TEST("account: a folder has the platform and its first organisation from the first opening on")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    const char *sql = "SELECT COUNT(*) FROM organisation WHERE tenant IN ('', 'local')";
    EXPECT(account_fixture_number(cx, &f, sql) == 2);
    account_close(f.accounts);
    const AccountsOptions again = {.store = f.store, .committer = f.committer};
    EXPECT_OK(account_open(cx, &again, &f.accounts));
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM organisation") == 2);
    account_fixture_close(cx, &f);
}

TEST("account: what happens to accounts stands in the audit log")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    const char *sql = "SELECT COUNT(*) FROM event WHERE type = 19";
    int64_t before = account_fixture_number(cx, &f, sql);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT(account_fixture_number(cx, &f, sql) == before + 1);
    PermissionActor actor;
    (void)account_fixture_login(cx, &f, "wang", &actor);
    EXPECT(account_fixture_number(cx, &f, sql) == before + 2);
    account_fixture_close(cx, &f);
}

TEST("account: one may sign in while the committer is halted, and change nothing")
{
    AccountFixture f;
    PermissionActor actor;
    AccountRow row = {};
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    commit_halt(f.committer, "halted");
    (void)account_fixture_login(cx, &f, "wang", &actor);
    Slice password = SLICE(ACCOUNT_FIXTURE_PASSWORD);
    const AccountRegistration other = {.login = SLICE("li"), .password = password};
    AccountState state;
    EXPECT(account_register(cx, f.accounts, &f.stranger, &other, &state) == ERR_DENIED);
    (void)row;
    commit_halt(f.committer, NULL);
    account_fixture_close(cx, &f);
}
