#include "desk/people/account/account_delay.h"

#include "base/limits.h"
#include "desk/people/account/account_fixture.h"

TEST("account delay: grows with the failures, up to a minute and no more")
{
    static const uint64_t ms[] = {0, 0, 0, 0, 1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 60'000};
    for (uint64_t i = 0; i < sizeof ms / sizeof ms[0]; i++)
        EXPECT(account_delay_of(i) == ms[i]);
    EXPECT(account_delay_of(UINT64_MAX) == LIMIT_LOGIN_DELAY_MS);
}

TEST("account delay: by name and block of addresses, and over with the right password")
{
    AccountFixture f;
    account_fixture_open(cx, &f);
    Slice wang = SLICE("wang"), here = SLICE("192.0.2.7");
    for (int i = 0; i < 5; i++)
        account_delay_note(cx, f.accounts, wang, here, false);
    EXPECT(account_delay_left(cx, f.accounts, wang, here) == 2'000);
    EXPECT(account_delay_left(cx, f.accounts, wang, SLICE("192.0.2.200")) == 2'000);
    EXPECT(account_delay_left(cx, f.accounts, wang, SLICE("192.0.3.7")) == 0);
    EXPECT(account_delay_left(cx, f.accounts, SLICE("li"), here) == 0);
    f.world.ms += 1'500;
    EXPECT(account_delay_left(cx, f.accounts, wang, here) == 500);
    account_delay_note(cx, f.accounts, wang, here, true);
    EXPECT(account_delay_left(cx, f.accounts, wang, here) == 0);
    for (int i = 0; i < 5; i++)
        account_delay_note(cx, f.accounts, wang, SLICE("2001:db8:1:2::3"), false);
    EXPECT(account_delay_left(cx, f.accounts, wang, SLICE("2001:db8:1:9::9")) == 2'000);
    EXPECT(account_delay_left(cx, f.accounts, wang, SLICE("2001:db8:2:2::3")) == 0);
    account_fixture_close(cx, &f);
}
