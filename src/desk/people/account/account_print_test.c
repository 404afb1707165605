#include "desk/people/account/account_print.h"

#include "base/test.h"

TEST("account_print: roles by name, organisations with the roles in each")
{
    AccountView view = {.member_count = 2};
    view.members = arena_alloc(&cx->arena, 2 * sizeof *view.members);
    view.members[0].tenant = SLICE("east");
    view.members[0].roles = ROLE_BIT(ROLE_READER);
    view.members[1].tenant = SLICE("west");
    view.members[1].roles = 0;
    JsonOut out = json_out_open(cx, 1000);
    json_out_object(&out);
    account_print_roles(&out, "platform_roles",
                        ROLE_BIT(ROLE_SYSTEM_ADMIN) | ROLE_BIT(ROLE_AUDIT_ADMIN));
    account_print_organisations(&out, &view);
    json_out_end_object(&out);
    Slice json = {};
    EXPECT_OK(json_out_done(cx, &out, &json));
    EXPECT(slice_equal(json, SLICE("{\"platform_roles\":[\"system_admin\",\"audit_admin\"],"
                                   "\"organisations\":[{\"id\":\"east\",\"roles\":[\"reader\"]},"
                                   "{\"id\":\"west\",\"roles\":[]}]}")));
}
