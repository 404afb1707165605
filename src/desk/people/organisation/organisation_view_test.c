#include "desk/people/organisation/organisation_view.h"

#include "base/test.h"

TEST("organisation_view: every member of the JSON, and a cursor only while there may be more")
{
    Organisation rows[ORGANISATION_PAGE] = {};
    for (size_t i = 0; i < ORGANISATION_PAGE; i++)
        rows[i] = (Organisation){.tenant = cx_printf(cx, "t%zu", i),
                                 .kind = SLICE("enterprise"),
                                 .state = SLICE("active"),
                                 .name = SLICE("东\"方"),
                                 .tax_id = SLICE(""),
                                 .created_ms = 1000,
                                 .roles = ROLE_BIT(ROLE_ORG_ADMIN) | ROLE_BIT(ROLE_READER)};
    Slice json;
    EXPECT_OK(organisation_view_print(cx, &rows[0], &json));
    EXPECT(slice_equal(json, SLICE("{\"id\":\"t0\",\"kind\":\"enterprise\",\"state\":\"active\","
                                   "\"name\":\"东\\\"方\",\"tax_id\":\"\",\"created_at\":"
                                   "\"1970-01-01T00:00:01.000Z\",\"roles\":[\"org_admin\","
                                   "\"reader\"]}")));
    EXPECT_OK(organisation_view_page(cx, rows, ORGANISATION_PAGE, &json));
    EXPECT(slice_ends(json, SLICE("\"next_cursor\":\"t49\"}")));
    EXPECT_OK(organisation_view_page(cx, rows, 0, &json));
    EXPECT(slice_equal(json, SLICE("{\"items\":[],\"next_cursor\":\"\"}")));
    const OrganisationMember member = {.id = SLICE("01"), .self = true};
    EXPECT_OK(organisation_view_members(cx, &member, 1, &json));
    EXPECT(slice_find(json, SLICE("\"self\":true,\"roles\":[]")) != SLICE_NONE);
    const OrganisationInvitation invitation = {.id = SLICE("02"), .mail = SLICE("a@b.example")};
    EXPECT_OK(organisation_view_invitations(cx, &invitation, 1, &json));
    EXPECT(slice_find(json, SLICE("\"mail\":\"a@b.example\"")) != SLICE_NONE);
}
