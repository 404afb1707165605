#include "http/http_factors.h"

#include "base/test.h"
#include "http/http_access.h"
#include "http/http_fixture.h"

#define PASSWORD "correct horse battery"

static Slice cookie_of(const HttpReply *reply)
{
    return http_access_cookie(http_fixture_header(reply, SLICE("Set-Cookie")),
                              SLICE(HTTP_ACCESS_COOKIE));
}

TEST("http_factors: begins with a secret and its picture, and refuses a code that is none")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/accounts", none,
                           "{\"login\":\"wang\",\"password\":\"" PASSWORD "\"}")
               .status == 202);
    HttpReply reply = http_fixture_as(cx, &site, "POST /api/v1/session", none,
                                      "{\"login\":\"wang\",\"password\":\"" PASSWORD "\"}");
    Slice cookie = cookie_of(&reply);
    reply = http_fixture_as(cx, &site, "POST /api/v1/account/factor", cookie, "");
    EXPECT(reply.status == 201);
    EXPECT(http_fixture_json(cx, reply.body, "secret").size == 32);
    EXPECT(slice_starts(http_fixture_json(cx, reply.body, "uri"), SLICE("otpauth://totp/")));
    EXPECT(slice_starts(http_fixture_json(cx, reply.body, "svg"), SLICE("<svg ")));
    reply = http_fixture_as(cx, &site, "POST /api/v1/account/factor/confirmation", cookie,
                            "{\"code\":\"abcdef\"}");
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("code")));
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/account/recovery-codes", cookie, "").status ==
           409);
    EXPECT(http_fixture_as(cx, &site, "DELETE /api/v1/account/factor", cookie, "").status == 409);
    http_fixture_close(&site);
}
