#include "http/http_setup.h"

#include "base/test.h"
#include "http/http_fixture.h"

#define PASSWORD "correct horse battery"

TEST("http_setup: the setup code makes the first ones, once")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    HttpReply reply = http_fixture_as(cx, &site, "GET /api/v1/setup", none, "");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "wanted"), SLICE("true")));
    reply = http_fixture_local(cx, &site, "POST /api/v1/setup/code", "{}");
    EXPECT(reply.status == 201);
    Slice code = http_fixture_json(cx, reply.body, "code");
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/setup/code", none, "{}").status >= 401);
    Slice wrong =
        cx_printf(cx, "{\"code\":\"x\",\"accounts\":[{\"role\":\"system_admin\",\"login\":"
                      "\"root\",\"password\":\"" PASSWORD "\"}]}");
    Slice right = cx_printf(cx,
                            "{\"code\":\"" SLICE_FMT "\",\"accounts\":[{\"role\":\"system_admin\","
                            "\"login\":\"root\",\"password\":\"" PASSWORD "\"}]}",
                            SLICE_ARG(code));
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/setup", none, wrong.data).status == 404);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/setup", none, "{\"code\":\"x\"}").status ==
           400);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/setup", none, right.data).status == 201);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/setup", none, right.data).status == 409);
    Slice cookie = http_fixture_sign_in(cx, &site, "root", PASSWORD);
    reply = http_fixture_as(cx, &site, "GET /api/v1/session", cookie, "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "factor_wanted"), SLICE("true")));
    // A role that wants a second factor may nothing but its own account before.
    reply = http_fixture_as(cx, &site, "GET /api/v1/accounts", cookie, "");
    EXPECT(reply.status == 403);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("factor_wanted")));
    http_fixture_close(&site);
}
