#include "desk/people/account/account_oidc_setting.h"

#include "desk/people/account/account_fixture.h"

TEST("account oidc setting: https, or plain http to this machine itself, and nothing like it")
{
    static const char *const good[] = {"https://id.example", "https://id.example:8443/a?b=c",
                                       "http://localhost",   "http://localhost:80/x",
                                       "http://127.0.0.1:1", "http://[::1]:80/"};
    static const char *const bad[] = {"",
                                      "https://",
                                      "http://id.example",
                                      "http://localhost.example/",
                                      "http://127.0.0.1.example",
                                      "http://localhost:80@id.example/",
                                      "http://localhost@id.example/",
                                      "https://a b",
                                      "https://a#b",
                                      "https://a\\b",
                                      "ftp://localhost/",
                                      "file:///etc/passwd"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        EXPECT(account_oidc_setting_is_safe(slice_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(!account_oidc_setting_is_safe(slice_of(bad[i])));
}

static Err set(Cx *cx, AccountFixture *f, const PermissionActor *actor, const char *name,
               const char *value)
{
    const AccountSetting setting = {slice_of(name), slice_of(value)};
    return account_oidc_setting_set(cx, f->accounts, actor, &setting, 1);
}

TEST("account oidc setting: whole with issuer, client and site; the secret lies sealed")
{
    AccountFixture f;
    AccountOidcSettings settings;
    AccountSetting rows[ACCOUNT_OIDC_SETTINGS];
    account_fixture_open(cx, &f);
    EXPECT_OK(account_oidc_setting_read(cx, f.accounts, &settings));
    EXPECT(!account_oidc_setting_whole(cx, f.accounts, &settings));
    EXPECT_OK(set(cx, &f, &f.local, "issuer", "https://id.example"));
    EXPECT_OK(set(cx, &f, &f.local, "client_id", "fapiao"));
    EXPECT_OK(set(cx, &f, &f.local, "client_secret", "hush-hush"));
    EXPECT_OK(set(cx, &f, &f.local, "link_mail", "1"));
    EXPECT_OK(account_oidc_setting_read(cx, f.accounts, &settings));
    EXPECT(!account_oidc_setting_whole(cx, f.accounts, &settings));
    const AccountSetting site = {SLICE("site.url"), SLICE("https://fapiao.example")};
    EXPECT_OK(account_policy_set(cx, f.accounts, &f.local, &site, 1));
    EXPECT(account_oidc_setting_whole(cx, f.accounts, &settings));
    EXPECT(slice_equal(settings.secret, SLICE("hush-hush")) && settings.by_mail);
    EXPECT(!settings.registration && !settings.trust_mfa);
    EXPECT(account_fixture_number(cx, &f,
                                  "SELECT count(*) FROM policy WHERE instr(value, "
                                  "CAST('hush-hush' AS BLOB)) > 0") == 0);
    account_oidc_setting_show(cx, &settings, rows);
    EXPECT(slice_equal(rows[2].name, SLICE("client_secret")));
    EXPECT(slice_equal(rows[2].value, SLICE("set")));
    EXPECT_OK(set(cx, &f, &f.local, "client_secret", ""));
    EXPECT_OK(account_oidc_setting_read(cx, f.accounts, &settings));
    EXPECT(settings.secret.size == 0);
    account_fixture_close(cx, &f);
}

TEST("account oidc setting: what can't be is refused, and so is who may not")
{
    AccountFixture f;
    PermissionActor wang;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    (void)account_fixture_login(cx, &f, "wang", &wang);
    EXPECT(set(cx, &f, &wang, "register", "1") == ERR_DENIED);
    EXPECT(set(cx, &f, &f.stranger, "register", "1") == ERR_DENIED);
    EXPECT(set(cx, &f, &f.local, "issuer", "http://id.example") == ERR_INPUT);
    EXPECT(set(cx, &f, &f.local, "register", "yes") == ERR_INPUT);
    EXPECT(set(cx, &f, &f.local, "scopes", "a\nb") == ERR_INPUT);
    EXPECT(set(cx, &f, &f.local, "registration.open", "1") == ERR_INPUT);
    account_fixture_close(cx, &f);
}
