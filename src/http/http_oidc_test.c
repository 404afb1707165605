#include "http/http_oidc.h"

#include "base/test.h"
#include "http/http_fixture.h"

// The whole way, through a real provider and a browser's cookies: test/e2e/oidc_test.py.
TEST("http_oidc: without a provider nothing is offered, and every way leads back to signing in")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply = http_fixture_get(cx, &site, "/api/v1/oidc");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "offered"), SLICE("false")));
    reply = http_fixture_get(cx, &site, "/api/v1/oidc/begin?to=/documents");
    EXPECT(reply.status == 303);
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Location")),
                       SLICE("/sign-in?problem=oidc_off")));
    reply = http_fixture_get(cx, &site, "/api/v1/oidc/return?code=a&state=b");
    EXPECT(reply.status == 303);
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Location")),
                       SLICE("/sign-in?problem=oidc_state")));
    EXPECT(http_fixture_header(&reply, SLICE("Set-Cookie")).size == 0);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/oidc/begin?to=//evil.example").status == 400);
    http_fixture_close(&site);
}

TEST("http_oidc: settings and links are nobody's who is not signed in")
{
    HttpSite site = http_fixture_open(cx, NULL);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/oidc/settings").status == 403);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/account/identity").status == 401);
    http_fixture_close(&site);
}
