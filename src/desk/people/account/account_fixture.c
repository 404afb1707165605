#include "desk/people/account/account_fixture.h"

#include "commit/commit_fixture.h"
#include "commit/commit_wait.h"
#include "crypto/totp.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_factor.h"

static Err keep(Cx *cx, Db *db, void *self, const AccountMessage *message)
{
    (void)cx, (void)db;
    AccountFixture *fixture = self;
    fixture->occasion = message->occasion;
    fixture->channel = message->channel;
    (void)snprintf(fixture->to, sizeof fixture->to, SLICE_FMT, SLICE_ARG(message->to));
    (void)snprintf(fixture->secret, sizeof fixture->secret, SLICE_FMT, SLICE_ARG(message->secret));
    fixture->sent++;
    return ERR_OK;
}

void account_fixture_open(Cx *cx, AccountFixture *fixture)
{
    *fixture = (AccountFixture){.stranger = permission_actor(PERMISSION_STRANGER),
                                .local = permission_actor(PERMISSION_LOCAL),
                                .origin = {SLICE("192.0.2.7"), SLICE("Mozilla/5.0"), false}};
    fixture->store = fixture_store(cx, "people");
    const CommitOptions options = {};
    EXPECT_OK(commit_open(cx, fixture->store, &options, &fixture->committer));
    world_fake_init(&fixture->world, 7, ACCOUNT_FIXTURE_MS);
    cx->world = &fixture->world.world;
    const AccountsOptions accounts = {fixture->store, fixture->committer, keep, fixture};
    EXPECT_OK(account_open(cx, &accounts, &fixture->accounts));
}

void account_fixture_close(Cx *cx, AccountFixture *fixture)
{
    account_close(fixture->accounts);
    commit_close(fixture->committer);
    store_close(fixture->store);
    cx->world = world_real();
}

AccountRow account_fixture_add(Cx *cx, AccountFixture *fixture, const char *login,
                               const char *tenant, uint32_t roles, uint32_t platform)
{
    AccountRow row = {};
    const AccountRegistration registration = {
        .login = slice_of(login),
        .mail = cx_printf(cx, "%s@example.org", login),
        .name = SLICE("王小明"),
        .password = SLICE(ACCOUNT_FIXTURE_PASSWORD),
    };
    EXPECT_OK(account_admin_add(cx, fixture->accounts, &fixture->local, &registration,
                                slice_of(tenant), roles, platform, &row));
    return row;
}

Token account_fixture_login(Cx *cx, AccountFixture *fixture, const char *login,
                            PermissionActor *ret_actor)
{
    AccountLoginAnswer answer = {};
    EXPECT_OK(account_login(cx, fixture->accounts, slice_of(login), SLICE(ACCOUNT_FIXTURE_PASSWORD),
                            &fixture->origin, &answer));
    EXPECT(answer.result == ACCOUNT_LOGIN_DONE);
    EXPECT_OK(account_session_actor(cx, fixture->accounts, slice_of(answer.token.text),
                                    fixture->origin.address, ret_actor));
    return answer.token;
}

Slice account_fixture_code(Cx *cx, const uint8_t *seed)
{
    TotpSeed totp;
    char code[TOTP_DIGITS + 1];
    memcpy(totp.bytes, seed, TOTP_SEED_SIZE);
    totp_code(&totp, cx_now_ms(cx) / 1000 / TOTP_STEP_S, code);
    return cx_printf(cx, "%s", code);
}

Token account_fixture_strong(Cx *cx, AccountFixture *fixture, const char *login,
                             PermissionActor *ret_actor, uint8_t *ret_seed)
{
    AccountFactorBegun begun = {};
    AccountFactorDone done = {};
    Token token = account_fixture_login(cx, fixture, login, ret_actor);
    EXPECT_OK(account_factor_begin(cx, fixture->accounts, ret_actor, &begun));
    AccountRow row = {};
    Db *db = NULL;
    EXPECT_OK(store_take(cx, fixture->store, &db));
    EXPECT_OK(account_row_get(cx, fixture->store, db,
                              (Slice){(const char *)ret_actor->account, ACCOUNT_ID_SIZE}, &row));
    store_give(fixture->store, db);
    memcpy(ret_seed, row.seed.data, TOTP_SEED_SIZE);
    EXPECT_OK(account_factor_confirm(cx, fixture->accounts, ret_actor, slice_of(token.text),
                                     account_fixture_code(cx, ret_seed), &done));
    EXPECT_OK(account_session_actor(cx, fixture->accounts, slice_of(done.token.text),
                                    fixture->origin.address, ret_actor));
    return done.token;
}

int64_t account_fixture_number(Cx *cx, AccountFixture *fixture, const char *sql)
{
    return fixture_count(cx, fixture->store, sql);
}

static Err run(Cx *cx, Db *db, void *self)
{
    db_touch_all(db);
    return db_script(cx, db, self);
}

void account_fixture_run(Cx *cx, AccountFixture *fixture, const char *sql)
{
    EXPECT_OK(commit_wait_work(cx, fixture->committer, run, (void *)(uintptr_t)sql));
}
