#include "http/http_policy.h"

#include "base/test.h"
#include "http/http_fixture.h"

TEST("http_policy: the local administrator sets what may be set, and nobody else reads it")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        http_fixture_local(cx, &site, "PATCH /api/v1/policy", "{\"password.length\":\"12\"}");
    EXPECT(reply.status == 200);
    EXPECT(slice_find(reply.body, SLICE("\"password.length\":\"12\"")) != SLICE_NONE);
    EXPECT(http_fixture_local(cx, &site, "PATCH /api/v1/policy", "{\"password.length\":\"1\"}")
               .status == 400);
    reply = http_fixture_local(cx, &site, "GET /api/v1/policy", "");
    EXPECT(slice_find(reply.body, SLICE("\"password.length\":\"12\"")) != SLICE_NONE);
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/policy", SLICE(""), "").status >= 401);
    http_fixture_close(&site);
}
