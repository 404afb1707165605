#include "desk/people/account/account_link.h"

#include "desk/people/account/account_oidc_fixture.h"

TEST("account link: of one subject to one account, and of that of the provider alone")
{
    AccountFixture f;
    AccountOidcFixture p;
    AccountLink link, again;
    PermissionActor wang = {};
    bool mine = true;
    account_fixture_open(cx, &f);
    account_oidc_fixture_open(&p);
    account_oidc_fixture_set(cx, &f, &p);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_login(cx, &f, "wang", &wang);
    EXPECT_OK(account_link_find(cx, f.accounts, p.issuer, SLICE("7"), &link));
    EXPECT(link.account.size == 0 && link.tag.size > 0);
    link.account = account_row_id(&row);
    EXPECT_OK(account_link_put(cx, f.accounts, &link, &f.origin, "account.link"));
    EXPECT(account_link_put(cx, f.accounts, &link, &f.origin, "account.link") == ERR_CONFLICT);
    EXPECT_OK(account_link_find(cx, f.accounts, p.issuer, SLICE("7"), &again));
    EXPECT(slice_equal(again.account, account_row_id(&row)) && slice_equal(again.tag, link.tag));
    EXPECT_OK(account_link_find(cx, f.accounts, p.issuer, SLICE("8"), &again));
    EXPECT(again.account.size == 0);
    EXPECT_OK(
        account_link_find(cx, f.accounts, SLICE("https://other.example"), SLICE("7"), &again));
    EXPECT(again.account.size == 0);
    EXPECT_OK(account_link_mine(cx, f.accounts, &wang, &mine));
    EXPECT(mine);
    EXPECT_OK(account_link_drop(cx, f.accounts, &wang));
    EXPECT_OK(account_link_mine(cx, f.accounts, &wang, &mine));
    EXPECT(!mine && account_fixture_number(cx, &f, "SELECT COUNT(*) FROM identity_link") == 0);
    account_oidc_fixture_close(&p);
    account_fixture_close(cx, &f);
}
