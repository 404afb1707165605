#include "http/http_registration.h"

#include "base/test.h"
#include "desk/people/organisation/organisation_invite.h"
#include "http/http_fixture.h"

#define PASSWORD "correct horse battery"

TEST("http_registration: with a login it is an account at once, and its name is taken")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    HttpReply reply = http_fixture_as(cx, &site, "POST /api/v1/accounts", none,
                                      "{\"login\":\"wang\",\"password\":\"short\"}");
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("password")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.zh"), SLICE("太短了")));
    const char *wang = "{\"login\":\"wang\",\"password\":\"" PASSWORD "\",\"name\":\"王小明\"}";
    reply = http_fixture_as(cx, &site, "POST /api/v1/accounts", none, wang);
    EXPECT(reply.status == 202);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("active")));
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/accounts", none, wang).status == 409);
    EXPECT(http_fixture_sign_in(cx, &site, "wang", PASSWORD).size == 43);
    http_fixture_close(&site);
}

TEST("http_registration: a mail address gets a link, whoever it is; one that is wrong is 404")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    const char *li = "{\"mail\":\"li@example.org\",\"password\":\"" PASSWORD "\"}";
    HttpReply first = http_fixture_as(cx, &site, "POST /api/v1/accounts", none, li);
    HttpReply again = http_fixture_as(cx, &site, "POST /api/v1/accounts", none, li);
    EXPECT(first.status == 202 && again.status == 202 && slice_equal(first.body, again.body));
    Slice body = cx_printf(cx, "{\"login\":\"li@example.org\",\"password\":\"%s\"}", PASSWORD);
    HttpReply reply = http_fixture_as(cx, &site, "POST /api/v1/session", none, body.data);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("not_confirmed")));
    EXPECT(
        http_fixture_as(cx, &site, "POST /api/v1/accounts/confirmations", none, "{\"token\":\"x\"}")
            .status == 404);
    http_fixture_close(&site);
}

TEST(
    "http_registration: by an invitation its mail address is confirmed, and its reader a member at "
    "once")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const OrganisationDesk desk = {flow_store(site.flow), flow_committer(site.flow)};
    const PermissionActor local = permission_actor(PERMISSION_LOCAL);
    const OrganisationInvite invite = {.mail = SLICE("li@example.org"),
                                       .roles = ROLE_BIT(ROLE_READER),
                                       .language = SLICE("zh"),
                                       .site = SLICE("https://f.example"),
                                       .inviter = SLICE("")};
    Slice token = SLICE(""), none = SLICE("");
    EXPECT_OK(organisation_invite(cx, &desk, &local, &invite, &token));
    EXPECT(http_fixture_local(cx, &site, "PATCH /api/v1/policy", "{\"registration.open\":\"0\"}")
               .status == 200);
    const char *line = "POST /api/v1/accounts";
    Slice other = cx_printf(cx,
                            "{\"password\":\"" PASSWORD "\",\"mail\":\"wang@example.org\","
                            "\"invitation\":\"" SLICE_FMT "\"}",
                            SLICE_ARG(token));
    EXPECT(http_fixture_as(cx, &site, line, none, other.data).status == 400);
    Slice good = cx_printf(
        cx, "{\"password\":\"" PASSWORD "\",\"name\":\"李四\",\"invitation\":\"" SLICE_FMT "\"}",
        SLICE_ARG(token));
    HttpReply reply = http_fixture_as(cx, &site, line, none, good.data);
    EXPECT(reply.status == 202);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "login"), SLICE("li@example.org")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "organisation"), SLICE("local")));
    EXPECT(http_fixture_as(cx, &site, line, none, good.data).status == 404); // once
    Slice cookie = http_fixture_sign_in(cx, &site, "li@example.org", PASSWORD);
    reply = http_fixture_as(cx, &site, "GET /api/v1/account", cookie, "");
    EXPECT(reply.status == 200);
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "organisations.1.roles.0"), SLICE("reader")));
    EXPECT(!slice_equal(http_fixture_json(cx, reply.body, "mail_confirmed_at"), SLICE("null")));
    // Without one it is closed.
    EXPECT(
        http_fixture_as(cx, &site, line, none, "{\"login\":\"x1\",\"password\":\"" PASSWORD "\"}")
            .status == 403);
    http_fixture_close(&site);
}
