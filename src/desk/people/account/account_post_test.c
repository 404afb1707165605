#include "desk/people/account/account_post.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_policy.h"

TEST("account post: goes to the row's mail or phone, in its language, with a link's beginning")
{
    AccountFixture f;
    AccountPost post = {};
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    const AccountSetting site = {SLICE("site.url"), SLICE("https://fapiao.example")};
    EXPECT_OK(account_policy_set(cx, f.accounts, &f.local, &site, 1));
    EXPECT_OK(account_post_make(cx, f.accounts, &row, ACCOUNT_RESET_LINK, &post));
    EXPECT(slice_equal(post.message.to, SLICE("wang@example.org")));
    EXPECT(slice_equal(post.message.site, SLICE("https://fapiao.example")));
    EXPECT(slice_equal(post.message.language, SLICE("zh")));
    EXPECT(slice_equal(post.message.name, SLICE("王小明")));
    EXPECT(post.ticket.expires_ms == f.world.ms + 30 * 60'000);
    EXPECT(token_fits(&post.ticket.hash, post.message.secret));
    account_fixture_close(cx, &f);
}

TEST("account post: is refused when there is nobody to send by")
{
    AccountFixture f;
    AccountPost post = {};
    account_fixture_open(cx, &f);
    AccountRow row = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    account_close(f.accounts);
    const AccountsOptions mute = {.store = f.store, .committer = f.committer};
    EXPECT_OK(account_open(cx, &mute, &f.accounts));
    EXPECT(account_post_make(cx, f.accounts, &row, ACCOUNT_RESET_LINK, &post) == ERR_STORE);
    account_fixture_close(cx, &f);
}
