#include "desk/running/demo/demo_people.h"

#include "base/test.h"
#include "desk/people/account/account_login.h"
#include "flow/flow_fixture.h"

TEST("demo_people: one account a role, once, and each may sign in")
{
    Flow *flow = flow_fixture_open(cx, cx_printf(cx, "%s/people", test_folder()).data);
    DemoPerson people[DEMO_PEOPLE_MAX];
    size_t count = 0;
    EXPECT_OK(demo_people_fill(cx, flow, people, &count));
    EXPECT(count == ROLE_COUNT);
    Accounts *accounts = NULL;
    const AccountsOptions options = {.store = flow_store(flow), .committer = flow_committer(flow)};
    const AccountOrigin origin = {SLICE("127.0.0.1"), SLICE("test"), false};
    EXPECT_OK(account_open(cx, &options, &accounts));
    for (size_t i = 0; i < count; i++) {
        AccountLoginAnswer answer = {};
        EXPECT_OK(account_login(cx, accounts, slice_of(people[i].login), SLICE(DEMO_PASSWORD),
                                &origin, &answer));
        bool strong = people[i].secret[0] != '\0';
        EXPECT(answer.result == (strong ? ACCOUNT_LOGIN_FACTOR : ACCOUNT_LOGIN_DONE));
    }
    account_close(accounts);
    EXPECT_OK(demo_people_fill(cx, flow, people, &count));
    EXPECT(count == 0);
    flow_close(flow);
}
