#include "desk/people/account/account_code.h"

#include "commit/commit_wait.h"
#include "desk/people/account/account_fixture.h"

static Err use(Cx *cx, Db *db, void *self)
{
    return account_code_use(cx, db, self);
}

static AccountRow row_of(Cx *cx, AccountFixture *f, const PermissionActor *actor)
{
    AccountRow row = {};
    Db *db = NULL;
    EXPECT_OK(store_take(cx, f->store, &db));
    EXPECT_OK(account_row_get(cx, f->store, db,
                              (Slice){(const char *)actor->account, ACCOUNT_ID_SIZE}, &row));
    store_give(f->store, db);
    return row;
}

TEST("account code: of two that were checked at once with the same step one is used")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    AccountCode a, b;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_strong(cx, &f, "wang", &actor, seed);
    f.world.ms += 60'000;
    AccountRow row = row_of(cx, &f, &actor);
    Slice code = account_fixture_code(cx, seed);
    EXPECT_OK(account_code_check(cx, f.accounts, &row, NULL, code, &a));
    EXPECT_OK(account_code_check(cx, f.accounts, &row, NULL, code, &b));
    EXPECT_OK(commit_wait_work(cx, f.committer, use, &a));
    EXPECT(commit_wait_work(cx, f.committer, use, &b) == ERR_INPUT);
    account_fixture_close(cx, &f);
}

TEST("account code: wrong ones are counted with the account, and a right one forgets them")
{
    AccountFixture f;
    PermissionActor actor;
    uint8_t seed[20];
    AccountCode code;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_strong(cx, &f, "wang", &actor, seed);
    f.world.ms += 60'000;
    AccountRow row = row_of(cx, &f, &actor);
    EXPECT(row.failures == 0);
    for (int i = 0; i < 5; i++)
        EXPECT(account_code_check(cx, f.accounts, &row, NULL, SLICE("000000"), &code) == ERR_INPUT);
    row = row_of(cx, &f, &actor);
    EXPECT(row.failures == 5 && account_code_delay(&row, f.world.ms) == 2'000);
    EXPECT(account_code_delay(&row, f.world.ms + 2'000) == 0);
    EXPECT_OK(
        account_code_check(cx, f.accounts, &row, NULL, account_fixture_code(cx, seed), &code));
    EXPECT_OK(commit_wait_work(cx, f.committer, use, &code));
    EXPECT(row_of(cx, &f, &actor).failures == 0);
    account_fixture_close(cx, &f);
}

TEST("account code: a recovery code is kept for its account alone")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    Digest a = account_code_tag(f.store, SLICE("0123456789abcdef"), SLICE("aaaa-bbbb-cccc"));
    Digest b = account_code_tag(f.store, SLICE("0123456789abcdeF"), SLICE("aaaa-bbbb-cccc"));
    Digest c = account_code_tag(f.store, SLICE("0123456789abcdef"), SLICE("AAAA BBBB CCCC"));
    EXPECT(!digest_equal(&a, &b) && digest_equal(&a, &c));
    account_fixture_close(cx, &f);
}
