#include "http/http_organisations.h"

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

TEST("http_organisations: one is founded, shown, changed and listed, and nobody else's is touched")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const char *all = "POST /api/v1/organisations", *one = "GET /api/v1/organisation";
    HttpReply reply = ask(cx, &site, SLICE("local"), all,
                          "{\"name\":\"东方有限公司\",\"tax_id\":\"91110105MA00000012\"}");
    EXPECT(reply.status == 201);
    Slice east = http_fixture_json(cx, reply.body, "id");
    EXPECT(east.size == 16 &&
           slice_equal(http_fixture_json(cx, reply.body, "kind"), SLICE("enterprise")));
    reply = ask(cx, &site, SLICE("local"), all, "{\"name\":\"西方有限公司\"}");
    Slice west = http_fixture_json(cx, reply.body, "id");
    EXPECT(reply.status == 201 && !slice_equal(west, east));
    EXPECT(ask(cx, &site, SLICE("local"), all, "{}").status == 400);
    EXPECT(ask(cx, &site, SLICE("local"), all, "[").status == 400);
    EXPECT(ask(cx, &site, SLICE("local"), all, "{\"name\":\"a\",\"tax_id\":\"1\"}").status == 400);
    EXPECT(ask(cx, &site, east, "PATCH /api/v1/organisation", "{\"name\":\"东\"}").status == 200);
    reply = ask(cx, &site, east, one, "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "name"), SLICE("东")));
    reply = ask(cx, &site, west, one, "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "name"), SLICE("西方有限公司")));
    EXPECT(ask(cx, &site, SLICE("nowhere"), one, "").status == 404);
    reply = ask(cx, &site, west, "GET /api/v1/organisations", "");
    EXPECT(slice_find(reply.body, east) != SLICE_NONE &&
           slice_find(reply.body, west) != SLICE_NONE);
    reply = ask(cx, &site, west, "GET /api/v1/organisations?tax_id=91110105MA00000012", "");
    EXPECT(slice_find(reply.body, east) == SLICE_NONE); // it was changed to none
    http_fixture_close(&site);
}

TEST("http_organisations: who has not signed in is let at none of it")
{
    HttpSite site = http_fixture_open(cx, NULL);
    static const char *const targets[] = {"/api/v1/organisations", "/api/v1/organisation",
                                          "/api/v1/organisation/members",
                                          "/api/v1/organisation/invitations"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        int status = http_fixture_get(cx, &site, targets[i]).status;
        EXPECT(status == 401 || status == 403);
    }
    http_fixture_close(&site);
}
