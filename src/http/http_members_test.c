#include "http/http_members.h"

#include <unistd.h>

#include "base/base64.h"
#include "base/test.h"
#include "commit/commit_wait.h"
#include "desk/people/account/account_policy.h"
#include "desk/people/account/account_session.h"
#include "desk/people/notify/notify.h"
#include "http/http.h"
#include "http/http_fixture.h"
#include "http/http_parts.h"

static HttpReply ask(Cx *cx, const HttpSite *site, Slice tenant, const char *line, const char *json)
{
    int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site->folder).data);
    http_fixture_send(fd,
                      cx_printf(cx,
                                "%s HTTP/1.1\r\nHost: localhost\r\nFapiao-Organisation: " SLICE_FMT
                                "\r\nContent-Type: application/json\r\n"
                                "Content-Length: %zu\r\n\r\n%s",
                                line, SLICE_ARG(tenant), strlen(json), json));
    HttpReply reply = http_fixture_read(cx, fd, false, 20'000);
    (void)close(fd);
    return reply;
}

TEST("http_members: an invitation is made, shown, withdrawn; another organisation sees none of it")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        ask(cx, &site, SLICE("local"), "POST /api/v1/organisations", "{\"name\":\"东\"}");
    Slice east = http_fixture_json(cx, reply.body, "id");
    reply = ask(cx, &site, SLICE("local"), "POST /api/v1/organisations", "{\"name\":\"西\"}");
    Slice west = http_fixture_json(cx, reply.body, "id");
    const char *line = "POST /api/v1/organisation/invitations";
    reply = ask(cx, &site, east, line, "{\"mail\":\"li@b.example\",\"roles\":[\"reader\"]}");
    EXPECT(reply.status == 201);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.roles.0"), SLICE("reader")));
    Slice id = http_fixture_json(cx, reply.body, "items.0.id");
    static const char *const bad[] = {"{\"mail\":\"li\",\"roles\":[\"reader\"]}",
                                      "{\"mail\":\"li@b.example\",\"roles\":[]}",
                                      "{\"mail\":\"li@b.example\",\"roles\":[\"system_admin\"]}",
                                      "{\"roles\":[\"reader\"]}", "{"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(ask(cx, &site, east, line, bad[i]).status == 400);
    reply = ask(cx, &site, west, "GET /api/v1/organisation/invitations", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items"), SLICE("[]")));
    const char *gone =
        cx_printf(cx, "DELETE /api/v1/organisation/invitations/" SLICE_FMT, SLICE_ARG(id)).data;
    EXPECT(ask(cx, &site, west, gone, "").status == 404);
    EXPECT(ask(cx, &site, east, gone, "").status == 204);
    EXPECT(ask(cx, &site, east, gone, "").status == 404);
    // Only somebody with an account can accept one.
    EXPECT(ask(cx, &site, east, "POST /api/v1/invitations/acceptances", "{\"token\":\"a.b\"}")
               .status == 403);
    http_fixture_close(&site);
}

TEST("http_members: who is no member is neither changed nor put out")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        ask(cx, &site, SLICE("local"), "POST /api/v1/organisations", "{\"name\":\"东\"}");
    Slice east = http_fixture_json(cx, reply.body, "id");
    const char *id = "0193a0000000700080000000000000ff";
    reply = ask(cx, &site, east, "GET /api/v1/organisation/members", "");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items"), SLICE("[]")));
    EXPECT(
        ask(cx, &site, east, cx_printf(cx, "DELETE /api/v1/organisation/members/%s", id).data, "")
            .status == 404);
    const char *line = cx_printf(cx, "PATCH /api/v1/organisation/members/%s", id).data;
    EXPECT(ask(cx, &site, east, line, "{\"roles\":[\"reader\"]}").status == 404);
    EXPECT(ask(cx, &site, east, line, "{\"roles\":[\"king\"]}").status == 400);
    EXPECT(ask(cx, &site, east, "DELETE /api/v1/organisation/members/zz", "").status == 404);
    http_fixture_close(&site);
}

static Err session_work(Cx *cx, Db *db, void *self)
{
    return account_session_put(cx, db, self);
}

static Slice session_of(Cx *cx, const HttpSite *site, Slice hex)
{
    const AccountOrigin origin = {SLICE("127.0.0.1"), SLICE("test"), false};
    AccountSessionNew new;
    uint8_t id[ACCOUNT_ID_SIZE];
    EXPECT_OK(base64_unhex(cx, hex, id, sizeof id));
    EXPECT_OK(account_session_make(cx, site->http->accounts, (Slice){(const char *)id, sizeof id},
                                   2, &origin, &new));
    EXPECT_OK(commit_wait_work(cx, flow_committer(site->flow), session_work, &new));
    return cx_printf(cx, "%s", new.token.text);
}

static Slice newest_text(Cx *cx, const HttpSite *site)
{
    Db *db = NULL;
    NotifyRow *rows = NULL, row = {};
    size_t count = 0;
    Store *store = flow_store(site->flow);
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(notify_list(cx, store, db, NULL, SLICE(""), SLICE(""), 1, &rows, &count));
    EXPECT(count == 1);
    Slice id = base64_hex(cx, (Slice){(const char *)rows[0].id, COMMIT_ID_SIZE});
    EXPECT_OK(notify_find(cx, store, db, id, &row));
    store_give(store, db);
    return row.text;
}

TEST("http_members: an invitation names who invites, and leads to where the policy says")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        ask(cx, &site, SLICE("local"), "POST /api/v1/accounts/new",
            "{\"login\":\"wang\",\"name\":\"王小明\",\"password\":\"correct horse battery\","
            "\"roles\":\"org_admin\",\"organisation\":\"local\"}");
    EXPECT(reply.status == 201);
    Slice session = session_of(cx, &site, http_fixture_json(cx, reply.body, "id"));
    Slice headers =
        cx_printf(cx, "Content-Type: application/json\r\nCookie: __Host-fapiao=" SLICE_FMT "\r\n",
                  SLICE_ARG(session));
    Slice body = SLICE("{\"mail\":\"li@b.example\",\"roles\":[\"reader\"]}");
    const char *line = "POST /api/v1/organisation/invitations";
    reply = http_fixture_ask(cx, site.port, line, headers.data, body);
    EXPECT(reply.status == 201);
    Slice text = newest_text(cx, &site);
    EXPECT(slice_find(text, SLICE("王小明 邀请您")) != SLICE_NONE);
    EXPECT(slice_find(text, SLICE("http://127.0.0.1:")) != SLICE_NONE ||
           slice_find(text, SLICE("http://localhost")) != SLICE_NONE);
    const AccountSetting setting = {SLICE("site.url"), SLICE("https://f.example")};
    const PermissionActor local = permission_actor(PERMISSION_LOCAL);
    EXPECT_OK(account_policy_set(cx, site.http->accounts, &local, &setting, 1));
    reply = http_fixture_ask(cx, site.port, line, headers.data, body);
    EXPECT(reply.status == 201);
    text = newest_text(cx, &site);
    EXPECT(slice_find(text, SLICE("https://f.example/invitation#")) != SLICE_NONE);
    // The local administrator is nobody by name.
    reply = ask(cx, &site, SLICE("local"), line, body.data);
    EXPECT(reply.status == 201 &&
           slice_find(newest_text(cx, &site), SLICE("邀请您。")) == SLICE_NONE);
    http_fixture_close(&site);
}
