#include "desk/people/account/account_admin.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_session.h"

TEST("account admin: lists all, newest first, in pages, for whoever sees to accounts")
{
    AccountFixture f;
    PermissionActor wang, system;
    AccountAdminPage page = {};
    AccountAdminQuery query = {};
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    (void)account_fixture_add(cx, &f, "sys", "", 0, ROLE_BIT(ROLE_SYSTEM_ADMIN));
    (void)account_fixture_strong(cx, &f, "wang", &wang, seed);
    (void)account_fixture_strong(cx, &f, "sys", &system, seed);
    EXPECT(account_admin_list(cx, f.accounts, &wang, &query, &page) == ERR_DENIED);
    EXPECT_OK(account_admin_list(cx, f.accounts, &system, &query, &page));
    EXPECT(page.count == 2 && slice_equal(page.views[0].row.login, SLICE("sys")) &&
           page.views[0].factor);
    EXPECT(page.views[0].platform == ROLE_BIT(ROLE_SYSTEM_ADMIN) &&
           page.views[0].member_count == 0);
    EXPECT(page.views[1].member_count == 1 &&
           page.views[1].members[0].roles == ROLE_BIT(ROLE_ORG_ADMIN));
    EXPECT(page.views[1].row.password.size == 0 && page.views[1].row.seed.size == 0);
    EXPECT(page.next.size == 0);
    query.cursor = account_row_hex(cx, account_row_id(&page.views[0].row));
    EXPECT_OK(account_admin_list(cx, f.accounts, &system, &query, &page));
    EXPECT(page.count == 1 && slice_equal(page.views[0].row.login, SLICE("wang")));
    query.cursor = SLICE("no id");
    EXPECT(account_admin_list(cx, f.accounts, &system, &query, &page) == ERR_INPUT);
    account_fixture_close(cx, &f);
}

TEST("account admin: searches by part of a name, by state, and goes on behind a full page")
{
    AccountFixture f;
    AccountAdminPage page = {};
    account_fixture_open(cx, &f);
    for (int i = 0; i < ACCOUNT_ADMIN_PAGE + 2; i++)
        (void)account_fixture_add(cx, &f, cx_printf(cx, "many%d", i).data, "", 0, 0);
    AccountRow wang = account_fixture_add(cx, &f, "WangLi", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT_OK(
        account_admin_state(cx, f.accounts, &f.local, account_row_id(&wang), ACCOUNT_DISABLED));
    const struct {
        AccountAdminQuery query;
        size_t count;
        bool more;
    } cases[] = {
        {{.text = SLICE("angl")}, 1, false},
        {{.text = SLICE(" WANGLI@EX ")}, 1, false},
        {{.text = SLICE("nobody")}, 0, false},
        {{.state = SLICE("disabled")}, 1, false},
        {{.text = SLICE("many51")}, 1, false},
        {{.state = SLICE("pending")}, 0, false},
        {{.text = SLICE("many")}, ACCOUNT_ADMIN_PAGE, true},
        {{}, ACCOUNT_ADMIN_PAGE, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT_OK(account_admin_list(cx, f.accounts, &f.local, &cases[i].query, &page));
        EXPECT(page.count == cases[i].count && (page.next.size > 0) == cases[i].more);
    }
    const AccountAdminQuery rest = {.cursor = page.next};
    EXPECT_OK(account_admin_list(cx, f.accounts, &f.local, &rest, &page));
    EXPECT(page.count == 3 && page.next.size == 0);
    const AccountAdminQuery odd = {.state = SLICE("asleep")};
    EXPECT(account_admin_list(cx, f.accounts, &f.local, &odd, &page) == ERR_INPUT);
    account_fixture_close(cx, &f);
}

TEST("account admin: the administrator of the system touches no administrator and gives no role")
{
    AccountFixture f;
    PermissionActor system, security;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    AccountRow wang = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &f, "sys", "", 0, ROLE_BIT(ROLE_SYSTEM_ADMIN));
    AccountRow sec = account_fixture_add(cx, &f, "sec", "", 0, ROLE_BIT(ROLE_SECURITY_ADMIN));
    (void)account_fixture_strong(cx, &f, "sys", &system, seed);
    (void)account_fixture_strong(cx, &f, "sec", &security, seed);
    Slice id = account_row_id(&wang), sec_id = account_row_id(&sec);
    EXPECT_OK(account_admin_state(cx, f.accounts, &system, id, ACCOUNT_DISABLED));
    EXPECT(account_admin_state(cx, f.accounts, &system, sec_id, ACCOUNT_DISABLED) == ERR_DENIED);
    EXPECT(account_admin_roles(cx, f.accounts, &system, id, ROLE_BIT(ROLE_AUDIT_ADMIN)) ==
           ERR_DENIED);
    EXPECT_OK(account_admin_roles(cx, f.accounts, &security, id, ROLE_BIT(ROLE_TAX_REVIEWER)));
    EXPECT(account_admin_roles(cx, f.accounts, &security, id,
                               ROLE_BIT(ROLE_SYSTEM_ADMIN) | ROLE_BIT(ROLE_AUDIT_ADMIN)) ==
           ERR_CONFLICT);
    EXPECT(account_admin_roles(cx, f.accounts, &security, id, ROLE_BIT(ROLE_ISSUER)) == ERR_INPUT);
    account_fixture_close(cx, &f);
}

TEST("account admin: whose roles change signs in anew")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "tax", "", 0, ROLE_BIT(ROLE_TAX_REVIEWER));
    Token token = account_fixture_login(cx, &f, "tax", &actor);
    EXPECT(actor.roles == ROLE_BIT(ROLE_TAX_REVIEWER));
    EXPECT_OK(account_admin_roles(cx, f.accounts, &f.local, account_row_id(&row), 0));
    EXPECT(account_session_actor(cx, f.accounts, slice_of(token.text), SLICE(""), &actor) ==
           ERR_DENIED);
    (void)account_fixture_login(cx, &f, "tax", &actor);
    EXPECT((actor.roles & ROLES_PLATFORM) == 0);
    account_fixture_close(cx, &f);
}

TEST("account admin: finds by id, user name or mail address")
{
    AccountFixture f;
    AccountView view = {};
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    const Slice names[] = {SLICE("wang"), SLICE("wang@example.org"),
                           account_row_hex(cx, account_row_id(&row))};
    for (size_t i = 0; i < 3; i++) {
        EXPECT_OK(account_admin_find(cx, f.accounts, &f.local, names[i], &view));
        EXPECT(memcmp(view.row.id, row.id, ACCOUNT_ID_SIZE) == 0);
    }
    EXPECT(account_admin_find(cx, f.accounts, &f.local, SLICE("li"), &view) == ERR_MISSING);
    EXPECT(account_admin_find(cx, f.accounts, &f.stranger, SLICE("wang"), &view) == ERR_DENIED);
    account_fixture_close(cx, &f);
}

TEST("account admin: makes accounts; into an organisation only the local administrator puts one")
{
    AccountFixture f;
    PermissionActor system;
    AccountRow row = {};
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "sys", "", 0, ROLE_BIT(ROLE_SYSTEM_ADMIN));
    (void)account_fixture_strong(cx, &f, "sys", &system, seed);
    const AccountRegistration li = {.login = SLICE("li"),
                                    .password = SLICE(ACCOUNT_FIXTURE_PASSWORD)};
    const uint32_t issuer = ROLE_BIT(ROLE_ISSUER), audit = ROLE_BIT(ROLE_AUDIT_ADMIN);
    Slice local = SLICE("local"), none = SLICE("");
    EXPECT(account_admin_add(cx, f.accounts, &system, &li, local, issuer, 0, &row) == ERR_DENIED);
    EXPECT(account_admin_add(cx, f.accounts, &system, &li, none, 0, audit, &row) == ERR_DENIED);
    EXPECT(account_admin_add(cx, f.accounts, &f.local, &li, SLICE("x"), issuer, 0, &row) ==
           ERR_MISSING);
    EXPECT(account_admin_add(cx, f.accounts, &f.local, &li, none, 0,
                             audit | ROLE_BIT(ROLE_SECURITY_ADMIN), &row) == ERR_CONFLICT);
    EXPECT_OK(account_admin_add(cx, f.accounts, &system, &li, none, 0, 0, &row));
    EXPECT(account_admin_add(cx, f.accounts, &f.local, &li, local, issuer, 0, &row) ==
           ERR_CONFLICT);
    account_fixture_close(cx, &f);
}

TEST("account admin: nobody gives roles to themselves, or lays theirs down")
{
    AccountFixture f;
    PermissionActor security;
    uint8_t seed[20];
    account_fixture_open(cx, &f);
    AccountRow sec = account_fixture_add(cx, &f, "sec", "", 0, ROLE_BIT(ROLE_SECURITY_ADMIN));
    (void)account_fixture_strong(cx, &f, "sec", &security, seed);
    Slice id = account_row_id(&sec);
    const uint32_t wanted[] = {ROLE_BIT(ROLE_TAX_AUDITOR), ROLE_BIT(ROLE_SYSTEM_ADMIN),
                               ROLE_BIT(ROLE_SECURITY_ADMIN), 0};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        EXPECT(account_admin_roles(cx, f.accounts, &security, id, wanted[i]) == ERR_DENIED);
    EXPECT_OK(account_admin_roles(cx, f.accounts, &f.local, id, ROLE_BIT(ROLE_TAX_AUDITOR)));
    account_fixture_close(cx, &f);
}
