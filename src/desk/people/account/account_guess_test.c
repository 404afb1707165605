#include "desk/people/account/account_guess.h"

#include "desk/people/account/account_fixture.h"

TEST(
    "account guess: the owner and who sees to security are told, once each, and it is written down")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    (void)account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    (void)account_fixture_add(cx, &f, "keeper", "local", 0, ROLE_BIT(ROLE_SECURITY_ADMIN));
    int64_t before = account_fixture_number(cx, &f, "SELECT COUNT(*) FROM notify_outbox");
    EXPECT_OK(account_guess_alert(cx, f.accounts, &f.stranger, SLICE("wang"), 20));
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM notify_outbox") == before + 2);
    EXPECT_OK(account_guess_alert(cx, f.accounts, &f.stranger, SLICE("KEEPER@example.org"), 20));
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM notify_outbox") == before + 3);
    // Nobody's name: the keeper alone.
    EXPECT_OK(account_guess_alert(cx, f.accounts, &f.stranger, SLICE("no such one"), 20));
    EXPECT(account_fixture_number(cx, &f, "SELECT COUNT(*) FROM notify_outbox") == before + 4);
    EXPECT(account_fixture_number(
               cx, &f, "SELECT COUNT(*) FROM event WHERE type = 19 AND tenant = ''") >= 3);
    account_fixture_close(cx, &f);
}
