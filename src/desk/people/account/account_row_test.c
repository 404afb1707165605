#include "desk/people/account/account_row.h"

#include "commit/commit_wait.h"
#include "desk/people/account/account_fixture.h"

TEST("account row: is found by each of its names, and reads as it was written")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    AccountRow made = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0), row;
    Db *db = NULL;
    EXPECT_OK(store_take(cx, f.store, &db));
    EXPECT_OK(account_row_find(cx, f.store, db, ACCOUNT_NAME_LOGIN, SLICE("wang"), &row));
    EXPECT(memcmp(row.id, made.id, ACCOUNT_ID_SIZE) == 0);
    EXPECT_OK(
        account_row_find(cx, f.store, db, ACCOUNT_NAME_MAIL, SLICE("wang@example.org"), &row));
    EXPECT(memcmp(row.id, made.id, ACCOUNT_ID_SIZE) == 0);
    EXPECT(slice_equal(row.name, SLICE("王小明")) && slice_equal(row.language, SLICE("zh")));
    EXPECT(slice_equal(row.password, made.password) && row.state == ACCOUNT_ACTIVE);
    EXPECT(row.mail_ms == ACCOUNT_FIXTURE_MS && row.phone_ms == 0 && row.seed_ms == 0);
    EXPECT(account_row_find(cx, f.store, db, ACCOUNT_NAME_LOGIN, SLICE("li"), &row) == ERR_MISSING);
    EXPECT(account_row_find(cx, f.store, db, ACCOUNT_NAME_PHONE, SLICE(""), &row) == ERR_MISSING);
    store_give(f.store, db);
    account_fixture_close(cx, &f);
}

TEST("account row: one name is one account's alone")
{
    AccountFixture f;
    AccountRow row = {};
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "", 0, 0);
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM account") == 1);
    Store *store = f.store;
    AccountSealed sealed;
    row = (AccountRow){.id = {1},
                       .login = SLICE("wang"),
                       .name = SLICE(""),
                       .mail = SLICE(""),
                       .phone = SLICE(""),
                       .language = SLICE("zh"),
                       .password = SLICE(""),
                       .seed = SLICE("")};
    EXPECT_OK(account_row_seal(cx, store, &row, &sealed));
    Db *db = NULL;
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT(account_row_add(cx, db, &sealed) == ERR_CONFLICT);
    EXPECT(strcmp(cx->err_text, "login: is taken") == 0);
    store_give(store, db);
    account_fixture_close(cx, &f);
}

TEST("account row: no field of a row shows who it is")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wangxiaoming", "local", ROLE_BIT(ROLE_ISSUER), 0);
    static const char *const columns[] = {"login_tag", "mail_tag", "phone_tag",
                                          "profile",   "password", "seed"};
    static const char *const words[] = {"wangxiaoming", "example.org", "王小明", "correct horse"};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 4; j++)
            EXPECT(account_fixture_number(
                       cx, &f,
                       cx_printf(cx,
                                 "SELECT COUNT(*) FROM account WHERE instr(CAST(%s AS BLOB), "
                                 "CAST('%s' AS BLOB)) > 0",
                                 columns[i], words[j])
                           .data) == 0);
    account_fixture_close(cx, &f);
}

TEST("account row: states have names")
{
    AccountState state;
    for (int i = 0; i < ACCOUNT_STATE_COUNT; i++)
        EXPECT(account_row_state_of(slice_of(account_row_state((AccountState)i)), &state) &&
               (int)state == i);
    EXPECT(!account_row_state_of(SLICE("gone"), &state));
}

static Err change_it(Cx *cx, Db *db, void *self)
{
    return account_row_change(cx, db, self);
}

TEST("account row: who was disabled while they changed their profile stays so")
{
    AccountFixture f;
    AccountSealed sealed = {};
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT_OK(account_row_seal(cx, f.store, &row, &sealed)); // as it was read: active
    account_fixture_run(cx, &f, "UPDATE account SET state = 'disabled'");
    EXPECT(commit_wait_work(cx, f.committer, change_it, &sealed) == ERR_MISSING);
    EXPECT(account_fixture_number(cx, &f,
                                  "SELECT COUNT(*) FROM account WHERE state = 'disabled'") == 1);
    account_fixture_close(cx, &f);
}
