#include "desk/people/account/account_session.h"

#include "base/limits.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_fixture.h"

static Err ask(Cx *cx, AccountFixture *f, const Token *token, PermissionActor *actor)
{
    return account_session_actor(cx, f->accounts, slice_of(token->text), f->origin.address, actor);
}

TEST("account session: says who asks, in which organisation, as what")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local",
                                         ROLE_BIT(ROLE_ISSUER) | ROLE_BIT(ROLE_ACCOUNTANT), 0);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    EXPECT(actor.kind == PERMISSION_ACCOUNT && !actor.strong && actor.acts == ACTS_ALL);
    EXPECT(slice_equal(actor.tenant, SLICE("local")));
    EXPECT(actor.roles == (ROLE_BIT(ROLE_ISSUER) | ROLE_BIT(ROLE_ACCOUNTANT)));
    EXPECT(memcmp(actor.account, row.id, ACCOUNT_ID_SIZE) == 0);
    EXPECT(slice_starts(actor.name, SLICE("u-")) && actor.name.size == 34);
    EXPECT(slice_equal(actor.address, SLICE("192.0.2.7")));
    EXPECT(account_session_actor(cx, f.accounts, SLICE("x"), SLICE(""), &actor) == ERR_DENIED);
    Token other = token_new(cx);
    EXPECT(ask(cx, &f, &other, &actor) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account session: over after 30 minutes without a request and 12 hours in any case")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token idle = account_fixture_login(cx, &f, "wang", &actor);
    f.world.ms += 30 * 60'000 - 1;
    EXPECT_OK(ask(cx, &f, &idle, &actor));
    f.world.ms += 30 * 60'000;
    EXPECT(ask(cx, &f, &idle, &actor) == ERR_DENIED);
    Token busy = account_fixture_login(cx, &f, "wang", &actor);
    for (int i = 0; i < 12 * 3 - 1; i++) {
        f.world.ms += 20 * 60'000;
        EXPECT_OK(ask(cx, &f, &busy, &actor));
    }
    f.world.ms += 20 * 60'000;
    EXPECT(ask(cx, &f, &busy, &actor) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account session: when it was last seen is written once a minute, and survives the process")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token token = account_fixture_login(cx, &f, "wang", &actor);
    const char *sql = "SELECT seen_ms FROM session";
    int64_t first = account_fixture_number(cx, &f, sql);
    f.world.ms += 59'000;
    EXPECT_OK(ask(cx, &f, &token, &actor));
    f.world.ms += 1'000;
    EXPECT_OK(ask(cx, &f, &token, &actor));
    account_close(f.accounts); // waits for what is written late
    EXPECT(account_fixture_number(cx, &f, sql) == first + 60'000);
    const AccountsOptions again = {.store = f.store, .committer = f.committer};
    EXPECT_OK(account_open(cx, &again, &f.accounts));
    EXPECT_OK(ask(cx, &f, &token, &actor));
    account_fixture_close(cx, &f);
}

TEST("account session: who asks costs no reading while nothing has changed")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token token = account_fixture_login(cx, &f, "wang", &actor);
    // All connections are out: whoever needs one would be refused.
    Db *taken[LIMIT_STORE_CONNECTIONS];
    for (size_t i = 0; i < LIMIT_STORE_CONNECTIONS; i++)
        EXPECT_OK(store_take(cx, f.store, &taken[i]));
    Err err = ask(cx, &f, &token, &actor);
    for (size_t i = 0; i < LIMIT_STORE_CONNECTIONS; i++)
        store_give(f.store, taken[i]);
    EXPECT_OK(err);
    account_fixture_close(cx, &f);
}

TEST("account session: is gone the moment it is revoked, ended, or its account disabled")
{
    AccountFixture f;
    PermissionActor actor, other;
    AccountSessionRow *rows = NULL;
    size_t count = 0;
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token a = account_fixture_login(cx, &f, "wang", &actor);
    Token b = account_fixture_login(cx, &f, "wang", &other);
    Token c = account_fixture_login(cx, &f, "wang", &other);
    EXPECT_OK(account_session_list(cx, f.accounts, &actor, slice_of(a.text), &rows, &count));
    EXPECT(count == 3 && rows[2].current && !rows[0].current);
    EXPECT(slice_equal(rows[0].address, SLICE("192.0.2.7")));
    EXPECT(slice_equal(rows[0].agent, SLICE("Mozilla/5.0")) && rows[0].factors == 1);
    EXPECT_OK(account_session_revoke(cx, f.accounts, &actor, rows[1].id));
    EXPECT(account_session_revoke(cx, f.accounts, &actor, rows[1].id) == ERR_MISSING);
    EXPECT(ask(cx, &f, &b, &other) == ERR_DENIED);
    EXPECT_OK(account_session_revoke_others(cx, f.accounts, &actor, slice_of(a.text)));
    EXPECT(ask(cx, &f, &c, &other) == ERR_DENIED);
    EXPECT_OK(ask(cx, &f, &a, &other));
    EXPECT_OK(account_session_end(cx, f.accounts, &actor, slice_of(a.text)));
    EXPECT(ask(cx, &f, &a, &other) == ERR_DENIED);
    Token d = account_fixture_login(cx, &f, "wang", &actor);
    EXPECT_OK(
        account_admin_state(cx, f.accounts, &f.local, account_row_id(&row), ACCOUNT_DISABLED));
    EXPECT(ask(cx, &f, &d, &other) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account session: one account's is not another's to revoke")
{
    AccountFixture f;
    PermissionActor wang, li;
    AccountSessionRow *rows = NULL;
    size_t count = 0;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &f, "li", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    Token a = account_fixture_login(cx, &f, "wang", &wang);
    (void)account_fixture_login(cx, &f, "li", &li);
    EXPECT_OK(account_session_list(cx, f.accounts, &wang, slice_of(a.text), &rows, &count));
    EXPECT(count == 1);
    EXPECT(account_session_revoke(cx, f.accounts, &li, rows[0].id) == ERR_MISSING);
    EXPECT(account_session_list(cx, f.accounts, &f.local, SLICE(""), &rows, &count) == ERR_DENIED);
    EXPECT(account_session_list(cx, f.accounts, &f.stranger, SLICE(""), &rows, &count) ==
           ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account session: an account has fifty; the one that was seen longest ago goes first")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token first = account_fixture_login(cx, &f, "wang", &actor);
    account_fixture_run(
        cx, &f,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        "49) INSERT INTO session SELECT '', randomblob(32), randomblob(16), "
        "account, organisation, 1, created_ms, seen_ms + i, x'', 0 FROM session, n");
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM session") == LIMIT_SESSIONS);
    (void)account_fixture_login(cx, &f, "wang", &actor);
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM session") == LIMIT_SESSIONS);
    EXPECT(ask(cx, &f, &first, &actor) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account session: works in another organisation under another token, if it may")
{
    AccountFixture f;
    PermissionActor wang, officer, actor;
    Token new;
    account_fixture_open(cx, &f);
    account_fixture_run(cx, &f,
                        "INSERT INTO organisation VALUES ('b', 'enterprise', x'', x'', x'', "
                        "'active', 1), ('c', 'enterprise', x'', x'', x'', 'active', 1), ('d', "
                        "'enterprise', x'', x'', x'', 'disabled', 1)");
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    account_fixture_run(cx, &f,
                        "INSERT INTO member SELECT 'b', id, 32, 1800000000000 FROM account");
    (void)account_fixture_add(cx, &f, "tax", "", 0, ROLE_BIT(ROLE_TAX_AUDITOR));
    Token a = account_fixture_login(cx, &f, "wang", &wang);
    EXPECT_OK(account_session_choose(cx, f.accounts, &wang, slice_of(a.text), SLICE("b"), &new));
    EXPECT(ask(cx, &f, &a, &actor) == ERR_DENIED);
    EXPECT_OK(ask(cx, &f, &new, &actor));
    EXPECT(slice_equal(actor.tenant, SLICE("b")) && actor.roles == ROLE_BIT(ROLE_READER));
    EXPECT(account_session_choose(cx, f.accounts, &actor, slice_of(new.text), SLICE("c"), &a) ==
           ERR_DENIED);
    EXPECT(account_session_choose(cx, f.accounts, &actor, slice_of(new.text), SLICE("x"), &a) ==
           ERR_DENIED);
    uint8_t seed[20];
    Token t = account_fixture_strong(cx, &f, "tax", &officer, seed);
    EXPECT_OK(account_session_choose(cx, f.accounts, &officer, slice_of(t.text), SLICE("c"), &new));
    EXPECT_OK(ask(cx, &f, &new, &officer));
    EXPECT(slice_equal(officer.tenant, SLICE("c")) && officer.roles == ROLE_BIT(ROLE_TAX_AUDITOR) &&
           officer.strong);
    EXPECT(account_session_choose(cx, f.accounts, &officer, slice_of(new.text), SLICE("d"), &t) ==
           ERR_DENIED);
    (void)row;
    account_fixture_close(cx, &f);
}
