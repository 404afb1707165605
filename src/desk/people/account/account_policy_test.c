#include "desk/people/account/account_policy.h"

#include <stdio.h>

#include "base/limits.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_fixture.h"

static Err set(Cx *cx, AccountFixture *f, const char *name, const char *value)
{
    const AccountSetting setting = {slice_of(name), slice_of(value)};
    return account_policy_set(cx, f->accounts, &f->local, &setting, 1);
}

static Err check(Cx *cx, AccountFixture *f, const char *password)
{
    const Slice name = SLICE("WangXiaoMing");
    return account_policy_password(cx, f->accounts, slice_of(password), &name, 1);
}

TEST("account policy: length and not composition, until the other profile is on")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    EXPECT_OK(check(cx, &f, "aaaaaaaa"));
    EXPECT_OK(check(cx, &f, "发票管理平台密码"));
    EXPECT(check(cx, &f, "发票管理平台密") == ERR_INPUT); // seven characters
    EXPECT(check(cx, &f, "wangxiaoming") == ERR_INPUT);   // the account's name
    EXPECT(check(cx, &f, "tab\x01tab tab") == ERR_INPUT);
    EXPECT_OK(set(cx, &f, "password.profile", "dengbao"));
    EXPECT(check(cx, &f, "aaaaaaaaaaaa") == ERR_INPUT);
    EXPECT_OK(check(cx, &f, "Aaaaaaaaaaa1"));
    EXPECT(account_policy_now(cx, f.accounts).rotation_days == 90);
    EXPECT_OK(set(cx, &f, "password.profile", "standard"));
    EXPECT_OK(check(cx, &f, "aaaaaaaaaaaa"));
    EXPECT_OK(set(cx, &f, "password.length", "15"));
    EXPECT(check(cx, &f, "aaaaaaaaaaaa") == ERR_INPUT);
    EXPECT_OK(check(cx, &f, "aaaaaaaaaaaaaaa"));
    account_fixture_close(cx, &f);
}

TEST("account policy: a password may be long, but not endless")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    char text[LIMIT_PASSWORD_BYTES + 2];
    memset(text, 'x', sizeof text);
    text[LIMIT_PASSWORD_BYTES + 1] = '\0';
    EXPECT(check(cx, &f, text) == ERR_INPUT);
    text[LIMIT_PASSWORD_BYTES] = '\0';
    EXPECT_OK(check(cx, &f, text));
    account_fixture_close(cx, &f);
}

TEST("account policy: a list of breached passwords is asked once it is named, and must be there")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    const char *path = cx_printf(cx, "%s/list", test_folder()).data;
    EXPECT(set(cx, &f, "password.breached_file", path) == ERR_MISSING);
    FILE *file = fopen(path, "w");
    EXPECT(file != NULL && fputs("12345678\npassword\nqwertyuiop\n", file) >= 0);
    EXPECT(fclose(file) == 0);
    EXPECT_OK(set(cx, &f, "password.breached_file", path));
    EXPECT(check(cx, &f, "password") == ERR_INPUT);
    EXPECT(check(cx, &f, "12345678") == ERR_INPUT);
    EXPECT_OK(check(cx, &f, "passwords"));
    // One that has gone since refuses every password, rather than letting all through.
    EXPECT(remove(path) == 0);
    EXPECT(check(cx, &f, "passwords") == ERR_MISSING);
    account_fixture_close(cx, &f);
}

TEST("account policy: only values that can be, only by who sees to security, and they stay")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    static const char *const wrong[][2] = {
        {"password.length", "7"},        {"password.length", "x"}, {"password.composition", "2"},
        {"session.idle_minutes", "0"},   {"factor.roles", "king"}, {"site.url", "ftp://x"},
        {"site.url", "https://x/"},      {"no.such", "1"},         {"password.profile", "other"},
        {"password.rotation_days", "-1"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        EXPECT(set(cx, &f, wrong[i][0], wrong[i][1]) == ERR_INPUT);
    const AccountSetting setting = {SLICE("site.url"), SLICE("https://fapiao.example")};
    EXPECT(account_policy_set(cx, f.accounts, &f.stranger, &setting, 1) == ERR_DENIED);
    EXPECT_OK(account_policy_set(cx, f.accounts, &f.local, &setting, 1));
    EXPECT_OK(set(cx, &f, "factor.roles", "issuer, person"));
    AccountPolicy policy = account_policy_now(cx, f.accounts);
    EXPECT(strcmp(policy.site_url, "https://fapiao.example") == 0);
    EXPECT(policy.factor_roles == (ROLE_BIT(ROLE_ISSUER) | ROLE_BIT(ROLE_PERSON)));
    account_close(f.accounts);
    const AccountsOptions again = {.store = f.store, .committer = f.committer};
    EXPECT_OK(account_open(cx, &again, &f.accounts));
    AccountSetting settings[ACCOUNT_SETTINGS];
    policy = account_policy_now(cx, f.accounts);
    account_policy_settings(cx, &policy, settings);
    EXPECT(slice_equal(settings[7].value, SLICE("person,issuer")));
    EXPECT(slice_equal(settings[8].value, SLICE("https://fapiao.example")));
    account_fixture_close(cx, &f);
}

static Slice sealed_profile(Cx *cx, AccountFixture *f, const AccountRow *row)
{
    Db *db = NULL;
    Slice profile = SLICE("");
    EXPECT_OK(store_take(cx, f->store, &db));
    {
        AUTO_ROWS DbRows *rows = NULL;
        bool there = false;
        EXPECT_OK(db_query(cx, db, "SELECT profile FROM account WHERE tenant = '' AND id = $1",
                           DB_VALUES(db_blob(account_row_id(row))), &rows));
        EXPECT_OK(db_next(cx, rows, &there));
        EXPECT(there);
        EXPECT_OK(cx_copy(cx, db_col_blob(rows, 0), &profile));
    }
    store_give(f->store, db);
    EXPECT(profile.size > 0);
    return profile;
}

TEST("account policy: fields by SM say so, by AES too, and both open whichever is set")
{
    AccountFixture f;
    PermissionActor actor;
    account_fixture_open(cx, &f);
    AccountRow wang = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT(sealed_profile(cx, &f, &wang).data[0] == PROVIDER_AES);
    EXPECT(set(cx, &f, "fields.crypto", "des") == ERR_INPUT);
    EXPECT_OK(set(cx, &f, "fields.crypto", "sm"));
    AccountRow li = account_fixture_add(cx, &f, "li", "local", ROLE_BIT(ROLE_ISSUER), 0);
    EXPECT(sealed_profile(cx, &f, &li).data[0] == PROVIDER_SM);
    // Both are found by their names and opened, now and after the way back.
    for (int i = 0; i < 2; i++) {
        AccountView view = {};
        (void)account_fixture_login(cx, &f, "wang", &actor);
        (void)account_fixture_login(cx, &f, "li@example.org", &actor);
        EXPECT_OK(account_admin_find(cx, f.accounts, &f.local, SLICE("li"), &view));
        EXPECT(slice_equal(view.row.mail, SLICE("li@example.org")));
        EXPECT_OK(set(cx, &f, "fields.crypto", "aes"));
    }
    EXPECT(store_field_policy(f.store) == PROVIDER_AES);
    account_fixture_close(cx, &f);
}
