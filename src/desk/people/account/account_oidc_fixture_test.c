#include "desk/people/account/account_oidc_fixture.h"

#include "desk/people/account/account_oidc_setting.h"

TEST("account oidc fixture: is whole once it is set")
{
    AccountFixture f;
    AccountOidcFixture p;
    AccountOidcSettings settings;
    account_fixture_open(cx, &f);
    account_oidc_fixture_open(&p);
    account_oidc_fixture_set(cx, &f, &p);
    EXPECT_OK(account_oidc_setting_read(cx, f.accounts, &settings));
    EXPECT(account_oidc_setting_whole(cx, f.accounts, &settings));
    account_oidc_fixture_close(&p);
    account_fixture_close(cx, &f);
}
