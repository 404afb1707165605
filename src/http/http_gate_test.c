#include "http/http_gate.h"

#include <unistd.h>

#include "base/test.h"
#include "http/http_fixture.h"

TEST("http_gate: an address that is kept out is told so, and the folder's socket lets it in again")
{
    HttpSite site = http_fixture_open(cx, NULL);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/address-rules").status == 403);
    const char *deny = "{\"block\":\"127.0.0.0/8\",\"effect\":\"deny\",\"note\":\"test\"}";
    HttpReply reply = http_fixture_local(cx, &site, "POST /api/v1/address-rules", deny);
    EXPECT(reply.status == 201);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.block"), SLICE("127.0.0.0/8")));
    EXPECT(http_fixture_local(cx, &site, "POST /api/v1/address-rules", deny).status == 409);
    reply = http_fixture_get(cx, &site, "/api/v1/health");
    EXPECT(reply.status == 403);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("kept_out")));
    EXPECT(
        http_fixture_local(cx, &site, "POST /api/v1/address-rules", "{\"block\":\"x\"}").status ==
        400);
    EXPECT(http_fixture_local(cx, &site, "DELETE /api/v1/address-rules/127.0.0.0%2F8", "").status ==
           204);
    EXPECT(http_fixture_local(cx, &site, "DELETE /api/v1/address-rules/127.0.0.0%2F8", "").status ==
           404);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/health").status == 200);
    http_fixture_close(&site);
}
