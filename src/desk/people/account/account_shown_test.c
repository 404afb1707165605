#include "desk/people/account/account_shown.h"

#include "desk/people/account/account_fixture.h"
#include "desk/people/account/account_row.h"
#include "desk/people/account/account_self.h"

TEST("account shown: whoever audits is told who somebody is, others of their own members alone")
{
    AccountFixture f;
    PermissionActor boss, audit, reader;
    uint8_t seed[20];
    Slice shown[5], called = SLICE("王小明"); // as the fixture calls everybody
    account_fixture_open(cx, &f);
    AccountRow wang = account_fixture_add(cx, &f, "wang", "local", ROLE_BIT(ROLE_ISSUER), 0);
    AccountRow sys = account_fixture_add(cx, &f, "sys", "", 0, ROLE_BIT(ROLE_SYSTEM_ADMIN));
    (void)account_fixture_add(cx, &f, "boss", "local", ROLE_BIT(ROLE_ORG_ADMIN), 0);
    (void)account_fixture_add(cx, &f, "shen", "", 0, ROLE_BIT(ROLE_AUDIT_ADMIN));
    (void)account_fixture_strong(cx, &f, "boss", &boss, seed);
    (void)account_fixture_strong(cx, &f, "shen", &audit, seed);
    reader = audit;
    reader.strong = false; // who may not read the log is told no name
    const Slice names[5] = {account_row_actor_name(cx, account_row_id(&wang)),
                            account_row_actor_name(cx, account_row_id(&sys)),
                            account_row_hex(cx, account_row_id(&wang)), SLICE("local"),
                            SLICE("u-00000000000000000000000000000000")};
    EXPECT_OK(account_shown(cx, f.accounts, &audit, names, 5, shown));
    EXPECT(slice_equal(shown[0], called) && slice_equal(shown[1], called));
    EXPECT(slice_equal(shown[2], called) && shown[3].size == 0 && shown[4].size == 0);
    EXPECT_OK(account_shown(cx, f.accounts, &boss, names, 5, shown));
    EXPECT(slice_equal(shown[0], called) && shown[1].size == 0);
    EXPECT_OK(account_shown(cx, f.accounts, &reader, names, 5, shown));
    EXPECT(shown[0].size == 0 && shown[1].size == 0);
    EXPECT_OK(account_self_delete_for(cx, f.accounts, &f.local, account_row_id(&wang)));
    EXPECT_OK(account_shown(cx, f.accounts, &audit, names, 5, shown));
    EXPECT(shown[0].size == 0);
    account_fixture_close(cx, &f);
}
