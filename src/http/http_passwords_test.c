#include "http/http_passwords.h"

#include "base/test.h"
#include "http/http_access.h"
#include "http/http_fixture.h"

#define PASSWORD "correct horse battery"

TEST("http_passwords: whoever asks is told the same; what is wrong or over is 404")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    const char *li = "{\"mail\":\"li@example.org\",\"password\":\"" PASSWORD "\"}";
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/accounts", none, li).status == 202);
    EXPECT(
        http_fixture_as(cx, &site, "POST /api/v1/passwords/forgot", none, "{\"login\":\"nobody\"}")
            .status == 202);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/passwords/forgot", none,
                           "{\"login\":\"li@example.org\"}")
               .status == 202);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/passwords/forgot", none,
                           "{\"login\":\"li\",\"channel\":\"dove\"}")
               .status == 400);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/passwords/reset", none,
                           "{\"token\":\"x\",\"password\":\"another good one\"}")
               .status == 404);
    http_fixture_close(&site);
}

TEST("http_passwords: another one ends every session, and begins one")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply = http_fixture_as(cx, &site, "POST /api/v1/accounts", SLICE(""),
                                      "{\"login\":\"wang\",\"password\":\"" PASSWORD "\"}");
    EXPECT(reply.status == 202);
    Slice cookie = http_fixture_sign_in(cx, &site, "wang", PASSWORD);
    reply = http_fixture_as(cx, &site, "POST /api/v1/account/password", cookie,
                            "{\"old\":\"" PASSWORD "\",\"password\":\"another good one\"}");
    EXPECT(reply.status == 204);
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", cookie, "").status == 401);
    cookie = http_access_cookie(http_fixture_header(&reply, SLICE("Set-Cookie")),
                                SLICE(HTTP_ACCESS_COOKIE));
    EXPECT(http_fixture_as(cx, &site, "GET /api/v1/session", cookie, "").status == 200);
    EXPECT(http_fixture_sign_in(cx, &site, "wang", PASSWORD).size == 0);
    EXPECT(http_fixture_sign_in(cx, &site, "wang", "another good one").size == 43);
    http_fixture_close(&site);
}
