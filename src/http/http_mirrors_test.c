#include "http/http_mirrors.h"

#include "base/test.h"
#include "desk/running/mirror/node.h"
#include "http/http_fixture.h"

static HttpReply add(Cx *cx, const HttpSite *site, const char *json)
{
    int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site->folder).data);
    http_fixture_send(fd, cx_printf(cx,
                                    "POST /api/v1/mirrors HTTP/1.1\r\nHost: localhost\r\n"
                                    "Content-Type: application/json\r\nContent-Length: %zu\r\n"
                                    "\r\n%s",
                                    strlen(json), json));
    return http_fixture_read(cx, fd, false, 10'000);
}

TEST("http_mirrors: the local administrator adds one, and sees its token once; nobody else may")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply = add(cx, &site, "{\"name\":\"east\"}");
    EXPECT(reply.status == 201);
    EXPECT(http_fixture_json(cx, reply.body, "token").size == NODE_TOKEN_SIZE);
    EXPECT(add(cx, &site, "{\"name\":\"east\"}").status == 409);
    EXPECT(add(cx, &site, "{\"name\":\"\"}").status == 400);
    EXPECT(add(cx, &site, "{}").status == 400);
    EXPECT(add(cx, &site, "{\"name\":7}").status == 400);
    EXPECT(http_fixture_post(cx, &site, "/api/v1/mirrors", "{\"name\":\"west\"}").status == 403);
    http_fixture_close(&site);
}
