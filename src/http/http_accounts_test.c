#include "http/http_accounts.h"

#include "base/test.h"
#include "http/http_fixture.h"

#define PASSWORD "correct horse battery"

TEST("http_accounts: shows, changes and deletes one's own")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    HttpReply reply =
        http_fixture_as(cx, &site, "POST /api/v1/accounts", none,
                        "{\"login\":\"wang\",\"password\":\"" PASSWORD "\",\"name\":\"王小明\"}");
    EXPECT(reply.status == 202);
    Slice cookie = http_fixture_sign_in(cx, &site, "wang", PASSWORD);
    EXPECT(cookie.size == 43);
    reply = http_fixture_as(cx, &site, "GET /api/v1/account", cookie, "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "name"), SLICE("王小明")));
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "organisations.0.roles.0"), SLICE("person")));
    reply = http_fixture_as(cx, &site, "PATCH /api/v1/account", cookie, "{\"name\":\"王大明\"}");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "name"), SLICE("王大明")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "login"), SLICE("wang")));
    EXPECT(http_fixture_as(cx, &site, "DELETE /api/v1/account", cookie, "").status == 204);
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", cookie, "").status == 401);
    EXPECT(http_fixture_sign_in(cx, &site, "wang", PASSWORD).size == 0);
    http_fixture_close(&site);
}

TEST("http_accounts: the local administrator lists, makes, disables, and sets roles")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply = http_fixture_local(cx, &site, "POST /api/v1/accounts/new",
                                         "{\"login\":\"tax\",\"password\":\"" PASSWORD
                                         "\",\"roles\":\"tax_reviewer\"}");
    EXPECT(reply.status == 201);
    EXPECT(http_fixture_local(cx, &site, "POST /api/v1/accounts/new",
                              "{\"login\":\"bad\",\"password\":\"" PASSWORD
                              "\",\"roles\":\"king\"}")
               .status == 400);
    reply = http_fixture_local(cx, &site, "GET /api/v1/accounts", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.login"), SLICE("tax")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.platform_roles.0"),
                       SLICE("tax_reviewer")));
    EXPECT(slice_find(reply.body, SLICE("argon2")) == SLICE_NONE);
    reply = http_fixture_local(cx, &site, "GET /api/v1/accounts?q=TA&state=active", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.login"), SLICE("tax")));
    reply = http_fixture_local(cx, &site, "GET /api/v1/accounts?q=nobody", "");
    EXPECT(reply.status == 200 && slice_starts(reply.body, SLICE("{\"items\":[],")));
    EXPECT(http_fixture_local(cx, &site, "GET /api/v1/accounts?state=asleep", "").status == 400);
    EXPECT(http_fixture_local(cx, &site, "GET /api/v1/accounts?cursor=x", "").status == 400);
    reply = http_fixture_local(cx, &site, "GET /api/v1/audit?act=account.add", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "entries.0.object_name"), SLICE("tax")));
    reply = http_fixture_local(cx, &site, "POST /api/v1/accounts/tax/roles",
                               "{\"roles\":\"tax_auditor\"}");
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "platform_roles.0"), SLICE("tax_auditor")));
    EXPECT(http_fixture_local(cx, &site, "POST /api/v1/accounts/tax/roles",
                              "{\"roles\":\"system_admin,audit_admin\"}")
               .status == 409);
    reply = http_fixture_local(cx, &site, "PATCH /api/v1/accounts/tax", "{\"state\":\"disabled\"}");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("disabled")));
    EXPECT(http_fixture_sign_in(cx, &site, "tax", PASSWORD).size == 0);
    EXPECT(
        http_fixture_local(cx, &site, "PATCH /api/v1/accounts/nobody", "{\"state\":\"disabled\"}")
            .status == 404);
    EXPECT(http_fixture_local(cx, &site, "DELETE /api/v1/accounts/tax/factor", "").status == 200);
    reply = http_fixture_local(cx, &site, "GET /api/v1/accounts/tax", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "login"), SLICE("tax")));
    // Nobody else, not even at this machine.
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/accounts", SLICE(""), "").status >= 401);
    http_fixture_close(&site);
}
