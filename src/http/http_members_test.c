#include "http/http_members.h"

#include <unistd.h>

#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"

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
