#include "desk/people/account/account_tell.h"

#include "base/base64.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_factor.h"
#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_password.h"
#include "desk/people/account/account_self.h"

#define GOOD SLICE(ACCOUNT_FIXTURE_PASSWORD)

static int64_t told(Cx *cx, AccountFixture *f, const char *template)
{
    return account_fixture_number(
        cx, f,
        cx_printf(cx, "SELECT COUNT(*) FROM notify_outbox WHERE template = '%s'", template).data);
}

static NotifyRow newest(Cx *cx, AccountFixture *f)
{
    Db *db = NULL;
    NotifyRow *rows = NULL, row = {};
    size_t count = 0;
    EXPECT_OK(store_take(cx, f->store, &db));
    EXPECT_OK(notify_list(cx, f->store, db, NULL, SLICE(""), SLICE(""), 1, &rows, &count));
    EXPECT(count == 1);
    Slice id = base64_hex(cx, (Slice){(const char *)rows[0].id, COMMIT_ID_SIZE});
    EXPECT_OK(notify_find(cx, f->store, db, id, &row));
    store_give(f->store, db);
    return row;
}

static bool says(Cx *cx, AccountFixture *f, const char *text)
{
    return slice_find(newest(cx, f).text, slice_of(text)) != SLICE_NONE;
}

static AccountLoginAnswer sign_in(Cx *cx, AccountFixture *f, bool strange)
{
    AccountLoginAnswer answer = {};
    const AccountOrigin origin = {SLICE("192.0.2.7"), SLICE("Mozilla/5.0"), strange};
    EXPECT_OK(account_login(cx, f->accounts, SLICE("wang"), GOOD, &origin, &answer));
    return answer;
}

TEST("account tell: a sign-in from a browser that is new, and none from one that is known")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT(sign_in(cx, &f, false).result == ACCOUNT_LOGIN_DONE);
    EXPECT(told(cx, &f, "new_sign_in") == 0);
    EXPECT(sign_in(cx, &f, true).result == ACCOUNT_LOGIN_DONE);
    EXPECT(told(cx, &f, "new_sign_in") == 1);
    EXPECT(slice_equal(newest(cx, &f).to, SLICE("wang@example.org")));
    EXPECT(says(cx, &f, "设备：Mozilla/5.0") && says(cx, &f, "来源地址：192.0.2.7"));
    account_fixture_close(cx, &f);
}

TEST("account tell: with two factors the second step tells, of what the first one saw")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    uint8_t seed[20];
    PermissionActor actor;
    (void)account_fixture_strong(cx, &f, "wang", &actor, seed);
    for (int strange = 0; strange < 2; strange++) {
        f.world.ms += 60'000; // another step of the code
        AccountLoginAnswer first = sign_in(cx, &f, strange), answer = {};
        EXPECT(first.result == ACCOUNT_LOGIN_FACTOR && told(cx, &f, "new_sign_in") == 0);
        EXPECT_OK(account_login_factor(cx, f.accounts, slice_of(first.token.text),
                                       account_fixture_code(cx, seed), &f.origin, &answer));
        EXPECT(answer.result == ACCOUNT_LOGIN_DONE);
        EXPECT(slice_equal(answer.login, SLICE("wang")));
        EXPECT(told(cx, &f, "new_sign_in") == strange);
    }
    account_fixture_close(cx, &f);
}

TEST("account tell: another password, by whomever; whence only where its owner did it")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    const Slice english = SLICE("en");
    const AccountProfile profile = {.language = &english};
    PermissionActor actor;
    Token token = account_fixture_login(cx, &f, "wang", &actor), new;
    EXPECT_OK(account_password_change(cx, f.accounts, &actor, slice_of(token.text), GOOD,
                                      SLICE("another fine battery"), &new));
    EXPECT(told(cx, &f, "password_changed") == 1 && says(cx, &f, "192.0.2.7"));
    EXPECT(account_password_change(cx, f.accounts, &actor, slice_of(new.text), GOOD,
                                   SLICE("a third fine battery"), &new) == ERR_INPUT);
    EXPECT(told(cx, &f, "password_changed") == 1);
    EXPECT_OK(account_session_actor(cx, f.accounts, slice_of(new.text), SLICE(""), &actor));
    EXPECT_OK(account_self_change(cx, f.accounts, &actor, &profile));
    PermissionActor administrator = f.local;
    administrator.address = SLICE("198.51.100.9");
    EXPECT_OK(account_password_set(cx, f.accounts, &administrator, account_row_id(&row), GOOD));
    EXPECT(told(cx, &f, "password_changed") == 2);
    EXPECT(says(cx, &f, "Hello") && !says(cx, &f, "198.51.100.9"));
    account_fixture_close(cx, &f);
}

TEST("account tell: a second factor that is on, whose codes are new, that is off or taken away")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    uint8_t seed[20];
    PermissionActor actor;
    TokenRecovery codes[TOKEN_RECOVERY_COUNT];
    Token token = account_fixture_strong(cx, &f, "wang", &actor, seed), new;
    EXPECT(told(cx, &f, "second_factor_changed") == 1 && says(cx, &f, "已启用"));
    f.world.ms += 60'000;
    EXPECT_OK(account_factor_renew(cx, f.accounts, &actor, codes));
    EXPECT(told(cx, &f, "second_factor_changed") == 2 && says(cx, &f, "恢复码"));
    f.world.ms += 60'000;
    EXPECT_OK(account_factor_end(cx, f.accounts, &actor, slice_of(token.text), &new));
    EXPECT(told(cx, &f, "second_factor_changed") == 3 && says(cx, &f, "已停用"));
    EXPECT_OK(account_factor_reset(cx, f.accounts, &f.local, account_row_id(&row)));
    EXPECT(told(cx, &f, "second_factor_changed") == 4 && says(cx, &f, "管理员"));
    account_fixture_close(cx, &f);
}

TEST("account tell: the end is the last message; an address that nobody confirmed gets none")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    AccountRow li = account_fixture_add(cx, &f, "li", "local", ROLE_BIT(ROLE_ISSUER), 0);
    PermissionActor actor;
    (void)account_fixture_login(cx, &f, "wang", &actor);
    account_fixture_run(cx, &f,
                        "UPDATE account SET mail_ms = 0 WHERE id IN (SELECT id FROM "
                        "account ORDER BY id DESC LIMIT 1)"); // li
    EXPECT_OK(account_password_set(cx, f.accounts, &f.local, account_row_id(&li), GOOD));
    EXPECT(told(cx, &f, "password_changed") == 0);
    actor.fresh = false;
    EXPECT(account_self_delete(cx, f.accounts, &actor) == ERR_DENIED);
    EXPECT(told(cx, &f, "account_deleted") == 0);
    actor.fresh = true;
    EXPECT_OK(account_self_delete(cx, f.accounts, &actor));
    EXPECT(told(cx, &f, "account_deleted") == 1);
    EXPECT(slice_equal(newest(cx, &f).to, SLICE("wang@example.org")));
    account_fixture_close(cx, &f);
}
