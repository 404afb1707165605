#include "http/http_accounts.h"

#include "base/test.h"
#include "desk/people/organisation/organisation_invite.h"
#include "http/http_access.h"
#include "http/http_fixture.h"

#define PASSWORD "correct horse battery"

static HttpReply local_ask(Cx *cx, const HttpSite *site, const char *what, const char *json)
{
    int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site->folder).data);
    http_fixture_send(fd, cx_printf(cx,
                                    "%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                    "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                    what, strlen(json), json));
    return http_fixture_read(cx, fd, false, 20'000);
}

static HttpReply ask(Cx *cx, const HttpSite *site, const char *what, Slice cookie, const char *json)
{
    Slice headers = cx_printf(cx, "Content-Type: application/json\r\n%s" SLICE_FMT "%s",
                              cookie.size > 0 ? "Cookie: __Host-fapiao=" : "", SLICE_ARG(cookie),
                              cookie.size > 0 ? "\r\n" : "");
    return http_fixture_ask(cx, site->port, what, headers.data, slice_of(json));
}

static Slice sign_in(Cx *cx, const HttpSite *site, const char *login, const char *password)
{
    Slice body = cx_printf(cx, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
    HttpReply reply = ask(cx, site, "POST /api/v1/session", SLICE(""), body.data);
    return http_access_cookie(http_fixture_header(&reply, SLICE("Set-Cookie")),
                              SLICE(HTTP_ACCESS_COOKIE));
}

TEST("http_accounts: registers, shows, changes and deletes one's own")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    HttpReply reply = ask(cx, &site, "POST /api/v1/accounts", none,
                          "{\"login\":\"wang\",\"password\":\"short\"}");
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("password")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.zh"), SLICE("太短了")));
    const char *wang = "{\"login\":\"wang\",\"password\":\"" PASSWORD "\",\"name\":\"王小明\"}";
    reply = ask(cx, &site, "POST /api/v1/accounts", none, wang);
    EXPECT(reply.status == 202);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("active")));
    EXPECT(ask(cx, &site, "POST /api/v1/accounts", none, wang).status == 409);
    Slice cookie = sign_in(cx, &site, "wang", PASSWORD);
    EXPECT(cookie.size == 43);
    reply = ask(cx, &site, "GET /api/v1/account", cookie, "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "name"), SLICE("王小明")));
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "organisations.0.roles.0"), SLICE("person")));
    reply = ask(cx, &site, "PATCH /api/v1/account", cookie, "{\"name\":\"王大明\"}");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "name"), SLICE("王大明")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "login"), SLICE("wang")));
    reply = ask(cx, &site, "POST /api/v1/account/password", cookie,
                "{\"old\":\"" PASSWORD "\",\"password\":\"another good one\"}");
    EXPECT(reply.status == 204);
    EXPECT(ask(cx, &site, "GET /api/v1/session", cookie, "").status == 401);
    cookie = http_access_cookie(http_fixture_header(&reply, SLICE("Set-Cookie")),
                                SLICE(HTTP_ACCESS_COOKIE));
    EXPECT(ask(cx, &site, "DELETE /api/v1/account", cookie, "").status == 204);
    EXPECT(ask(cx, &site, "GET /api/v1/session", cookie, "").status == 401);
    EXPECT(sign_in(cx, &site, "wang", "another good one").size == 0);
    http_fixture_close(&site);
}

TEST("http_accounts: a mail address gets a link, whoever it is; what is wrong or over is 404")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    const char *li = "{\"mail\":\"li@example.org\",\"password\":\"" PASSWORD "\"}";
    HttpReply first = ask(cx, &site, "POST /api/v1/accounts", none, li);
    HttpReply again = ask(cx, &site, "POST /api/v1/accounts", none, li);
    EXPECT(first.status == 202 && again.status == 202 && slice_equal(first.body, again.body));
    Slice body = cx_printf(cx, "{\"login\":\"li@example.org\",\"password\":\"%s\"}", PASSWORD);
    HttpReply reply = ask(cx, &site, "POST /api/v1/session", none, body.data);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("not_confirmed")));
    EXPECT(
        ask(cx, &site, "POST /api/v1/accounts/confirmations", none, "{\"token\":\"x\"}").status ==
        404);
    EXPECT(ask(cx, &site, "POST /api/v1/passwords/forgot", none, "{\"login\":\"nobody\"}").status ==
           202);
    EXPECT(ask(cx, &site, "POST /api/v1/passwords/forgot", none, "{\"login\":\"li@example.org\"}")
               .status == 202);
    EXPECT(ask(cx, &site, "POST /api/v1/passwords/forgot", none,
               "{\"login\":\"li\",\"channel\":\"dove\"}")
               .status == 400);
    EXPECT(ask(cx, &site, "POST /api/v1/passwords/reset", none,
               "{\"token\":\"x\",\"password\":\"another good one\"}")
               .status == 404);
    http_fixture_close(&site);
}

TEST("http_accounts: the setup code makes the first ones, once")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    HttpReply reply = ask(cx, &site, "GET /api/v1/setup", none, "");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "wanted"), SLICE("true")));
    reply = local_ask(cx, &site, "POST /api/v1/setup/code", "{}");
    EXPECT(reply.status == 201);
    Slice code = http_fixture_json(cx, reply.body, "code");
    EXPECT(ask(cx, &site, "POST /api/v1/setup/code", none, "{}").status >= 401);
    Slice wrong =
        cx_printf(cx, "{\"code\":\"x\",\"accounts\":[{\"role\":\"system_admin\",\"login\":"
                      "\"root\",\"password\":\"" PASSWORD "\"}]}");
    Slice right = cx_printf(cx,
                            "{\"code\":\"" SLICE_FMT "\",\"accounts\":[{\"role\":\"system_admin\","
                            "\"login\":\"root\",\"password\":\"" PASSWORD "\"}]}",
                            SLICE_ARG(code));
    EXPECT(ask(cx, &site, "POST /api/v1/setup", none, wrong.data).status == 404);
    EXPECT(ask(cx, &site, "POST /api/v1/setup", none, "{\"code\":\"x\"}").status == 400);
    EXPECT(ask(cx, &site, "POST /api/v1/setup", none, right.data).status == 201);
    EXPECT(ask(cx, &site, "POST /api/v1/setup", none, right.data).status == 409);
    Slice cookie = sign_in(cx, &site, "root", PASSWORD);
    reply = ask(cx, &site, "GET /api/v1/session", cookie, "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "factor_wanted"), SLICE("true")));
    // A role that wants a second factor may nothing but its own account before.
    reply = ask(cx, &site, "GET /api/v1/accounts", cookie, "");
    EXPECT(reply.status == 403);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("factor_wanted")));
    http_fixture_close(&site);
}

TEST("http_accounts: the local administrator lists, makes, disables, and sets roles and policy")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        local_ask(cx, &site, "POST /api/v1/accounts/new",
                  "{\"login\":\"tax\",\"password\":\"" PASSWORD "\",\"roles\":\"tax_reviewer\"}");
    EXPECT(reply.status == 201);
    EXPECT(local_ask(cx, &site, "POST /api/v1/accounts/new",
                     "{\"login\":\"bad\",\"password\":\"" PASSWORD "\",\"roles\":\"king\"}")
               .status == 400);
    reply = local_ask(cx, &site, "GET /api/v1/accounts", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.login"), SLICE("tax")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.platform_roles.0"),
                       SLICE("tax_reviewer")));
    EXPECT(slice_find(reply.body, SLICE("argon2")) == SLICE_NONE);
    reply = local_ask(cx, &site, "GET /api/v1/accounts?q=TA&state=active", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.login"), SLICE("tax")));
    reply = local_ask(cx, &site, "GET /api/v1/accounts?q=nobody", "");
    EXPECT(reply.status == 200 && slice_starts(reply.body, SLICE("{\"items\":[],")));
    EXPECT(local_ask(cx, &site, "GET /api/v1/accounts?state=asleep", "").status == 400);
    EXPECT(local_ask(cx, &site, "GET /api/v1/accounts?cursor=x", "").status == 400);
    reply = local_ask(cx, &site, "GET /api/v1/audit?act=account.add", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "entries.0.object_name"), SLICE("tax")));
    reply = local_ask(cx, &site, "POST /api/v1/accounts/tax/roles", "{\"roles\":\"tax_auditor\"}");
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "platform_roles.0"), SLICE("tax_auditor")));
    EXPECT(local_ask(cx, &site, "POST /api/v1/accounts/tax/roles",
                     "{\"roles\":\"system_admin,audit_admin\"}")
               .status == 409);
    reply = local_ask(cx, &site, "PATCH /api/v1/accounts/tax", "{\"state\":\"disabled\"}");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("disabled")));
    EXPECT(sign_in(cx, &site, "tax", PASSWORD).size == 0);
    EXPECT(
        local_ask(cx, &site, "PATCH /api/v1/accounts/nobody", "{\"state\":\"disabled\"}").status ==
        404);
    EXPECT(local_ask(cx, &site, "DELETE /api/v1/accounts/tax/factor", "").status == 200);
    reply = local_ask(cx, &site, "PATCH /api/v1/policy", "{\"password.length\":\"12\"}");
    EXPECT(reply.status == 200);
    EXPECT(slice_find(reply.body, SLICE("\"password.length\":\"12\"")) != SLICE_NONE);
    EXPECT(local_ask(cx, &site, "PATCH /api/v1/policy", "{\"password.length\":\"1\"}").status ==
           400);
    reply = local_ask(cx, &site, "GET /api/v1/accounts/tax", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "login"), SLICE("tax")));
    // Nobody else, not even at this machine.
    EXPECT(ask(cx, &site, "GET /api/v1/accounts", SLICE(""), "").status >= 401);
    EXPECT(ask(cx, &site, "GET /api/v1/policy", SLICE(""), "").status >= 401);
    http_fixture_close(&site);
}

TEST("http_accounts: by an invitation its mail address is confirmed, and its reader a member at "
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
    EXPECT(local_ask(cx, &site, "PATCH /api/v1/policy", "{\"registration.open\":\"0\"}").status ==
           200);
    const char *line = "POST /api/v1/accounts";
    Slice other = cx_printf(cx,
                            "{\"password\":\"" PASSWORD "\",\"mail\":\"wang@example.org\","
                            "\"invitation\":\"" SLICE_FMT "\"}",
                            SLICE_ARG(token));
    EXPECT(ask(cx, &site, line, none, other.data).status == 400);
    Slice good = cx_printf(
        cx, "{\"password\":\"" PASSWORD "\",\"name\":\"李四\",\"invitation\":\"" SLICE_FMT "\"}",
        SLICE_ARG(token));
    HttpReply reply = ask(cx, &site, line, none, good.data);
    EXPECT(reply.status == 202);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "login"), SLICE("li@example.org")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "organisation"), SLICE("local")));
    EXPECT(ask(cx, &site, line, none, good.data).status == 404); // once
    Slice cookie = sign_in(cx, &site, "li@example.org", PASSWORD);
    reply = ask(cx, &site, "GET /api/v1/account", cookie, "");
    EXPECT(reply.status == 200);
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "organisations.1.roles.0"), SLICE("reader")));
    EXPECT(!slice_equal(http_fixture_json(cx, reply.body, "mail_confirmed_at"), SLICE("null")));
    // Without one it is closed.
    EXPECT(ask(cx, &site, line, none, "{\"login\":\"x1\",\"password\":\"" PASSWORD "\"}").status ==
           403);
    http_fixture_close(&site);
}
