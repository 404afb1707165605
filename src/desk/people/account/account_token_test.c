#include "desk/people/account/account_token.h"

#include "base/limits.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_fixture.h"

static Err ask(Cx *cx, AccountFixture *f, const char *token, PermissionActor *actor)
{
    return account_token_actor(cx, f->accounts, slice_of(token), SLICE("192.0.2.9"), actor);
}

TEST("account token: does the acts it was given, in its organisation, until its time is over")
{
    AccountFixture f;
    PermissionActor wang, actor;
    AccountTokenNew new = {};
    AccountTokenRow *rows = NULL;
    size_t count = 0;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &wang);
    EXPECT_OK(account_token_make(cx, f.accounts, &wang, SLICE("ERP 接口"),
                                 SLICE("hand_in, read_documents"), 30, &new));
    EXPECT(strlen(new.text) == ACCOUNT_TOKEN_SIZE && strncmp(new.text, "fp_", 3) == 0);
    EXPECT_OK(ask(cx, &f, new.text, &actor));
    EXPECT(permission_may(&actor, PERMISSION_HAND_IN) && slice_equal(actor.tenant, SLICE("local")));
    EXPECT(!permission_may(&actor, PERMISSION_READ_INVOICES));
    EXPECT(!permission_may(&actor, PERMISSION_OWN_ACCOUNT));
    f.world.ms += 60'000;
    EXPECT_OK(ask(cx, &f, new.text, &actor));
    account_close(f.accounts);
    const AccountsOptions again = {.store = f.store, .committer = f.committer};
    EXPECT_OK(account_open(cx, &again, &f.accounts));
    EXPECT_OK(account_token_list(cx, f.accounts, &wang, &rows, &count));
    EXPECT(count == 1 && rows[0].used_ms == f.world.ms);
    EXPECT(slice_equal(rows[0].acts, SLICE("read_documents,hand_in")));
    EXPECT(slice_equal(rows[0].name, SLICE("ERP 接口")));
    f.world.ms = new.expires_ms - 1;
    EXPECT_OK(ask(cx, &f, new.text, &actor));
    f.world.ms = new.expires_ms;
    EXPECT(ask(cx, &f, new.text, &actor) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account token: is kept as a digest, and a session's token is none")
{
    AccountFixture f;
    PermissionActor wang, actor;
    AccountTokenNew new = {};
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Token session = account_fixture_login(cx, &f, "wang", &wang);
    EXPECT_OK(account_token_make(cx, f.accounts, &wang, SLICE("ERP"), SLICE("hand_in"), 1, &new));
    Slice sql = cx_printf(cx,
                          "SELECT COUNT(*) FROM api_token WHERE instr(hash, CAST('%s' AS BLOB)) > "
                          "0 OR instr(name, CAST('ERP' AS BLOB)) > 0",
                          new.text + 3);
    EXPECT(account_fixture_number(cx, &f, sql.data) == 0);
    EXPECT(ask(cx, &f, cx_printf(cx, "fp_%s", session.text).data, &actor) == ERR_DENIED);
    EXPECT(ask(cx, &f, session.text, &actor) == ERR_DENIED);
    EXPECT(account_session_actor(cx, f.accounts, slice_of(new.text + 3), SLICE(""), &actor) ==
           ERR_DENIED);
    EXPECT(ask(cx, &f, "fp_", &actor) == ERR_DENIED && ask(cx, &f, "", &actor) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account token: gives nobody more than its maker may")
{
    AccountFixture f;
    PermissionActor wang;
    AccountTokenNew new = {};
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_READER), 0);
    (void)account_fixture_login(cx, &f, "wang", &wang);
    Slice name = SLICE("x");
    EXPECT(account_token_make(cx, f.accounts, &wang, name, SLICE("hand_in"), 1, &new) ==
           ERR_DENIED);
    EXPECT(account_token_make(cx, f.accounts, &wang, name, SLICE("own_account"), 1, &new) ==
           ERR_INPUT);
    EXPECT(account_token_make(cx, f.accounts, &wang, name, SLICE("fly"), 1, &new) == ERR_INPUT);
    EXPECT(account_token_make(cx, f.accounts, &wang, name, SLICE(""), 1, &new) == ERR_INPUT);
    EXPECT(account_token_make(cx, f.accounts, &wang, name, SLICE("verify"), 0, &new) == ERR_INPUT);
    EXPECT(account_token_make(cx, f.accounts, &wang, name, SLICE("verify"), 367, &new) ==
           ERR_INPUT);
    EXPECT(account_token_make(cx, f.accounts, &wang, SLICE(" "), SLICE("verify"), 1, &new) ==
           ERR_INPUT);
    EXPECT_OK(account_token_make(cx, f.accounts, &wang, name, SLICE("read_invoices"), 1, &new));
    account_fixture_close(cx, &f);
}

TEST("account token: is gone when revoked, when its account is, and weak without a second factor")
{
    AccountFixture f;
    PermissionActor wang, li, actor;
    AccountTokenNew a = {}, b = {};
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    (void)account_fixture_add(cx, &f, "li", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_strong(cx, &f, "wang", &wang, seed);
    (void)account_fixture_login(cx, &f, "li", &li);
    Slice acts = SLICE("read_invoices");
    EXPECT_OK(account_token_make(cx, f.accounts, &wang, SLICE("a"), acts, 9, &a));
    EXPECT_OK(account_token_make(cx, f.accounts, &wang, SLICE("b"), acts, 9, &b));
    EXPECT_OK(ask(cx, &f, b.text, &actor));
    EXPECT(permission_may(&actor, PERMISSION_READ_INVOICES));
    EXPECT(account_token_revoke(cx, f.accounts, &li, a.id) == ERR_MISSING);
    EXPECT_OK(ask(cx, &f, a.text, &actor));
    EXPECT_OK(account_token_revoke(cx, f.accounts, &wang, a.id));
    EXPECT(ask(cx, &f, a.text, &actor) == ERR_DENIED);
    account_fixture_run(cx, &f, "UPDATE account SET seed_ms = 0");
    EXPECT_OK(ask(cx, &f, b.text, &actor));
    EXPECT(!permission_may(&actor, PERMISSION_READ_INVOICES));
    EXPECT_OK(
        account_admin_state(cx, f.accounts, &f.local, account_row_id(&row), ACCOUNT_DISABLED));
    EXPECT(ask(cx, &f, b.text, &actor) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account token: the local administrator makes one for somebody, up to fifty")
{
    AccountFixture f;
    PermissionActor actor;
    AccountTokenNew new = {};
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    Slice id = account_row_id(&row), acts = SLICE("hand_in");
    for (int i = 0; i < LIMIT_TOKENS; i++)
        EXPECT_OK(account_token_make_for(cx, f.accounts, &f.local, id, SLICE("x"), acts, 9, &new));
    EXPECT(account_token_make_for(cx, f.accounts, &f.local, id, SLICE("x"), acts, 9, &new) ==
           ERR_LIMIT);
    EXPECT_OK(ask(cx, &f, new.text, &actor));
    EXPECT(permission_may(&actor, PERMISSION_HAND_IN));
    (void)account_fixture_login(cx, &f, "wang", &actor);
    EXPECT(account_token_make_for(cx, f.accounts, &actor, id, SLICE("x"), acts, 9, &new) ==
           ERR_DENIED);
    account_fixture_close(cx, &f);
}
