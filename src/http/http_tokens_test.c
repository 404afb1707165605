#include "http/http_tokens.h"

#include "base/test.h"
#include "http/http_access.h"
#include "http/http_fixture.h"

#define PASSWORD "correct horse battery"

static HttpReply bearer(Cx *cx, const HttpSite *site, const char *what, Slice token)
{
    Slice header = cx_printf(cx, "Authorization: Bearer " SLICE_FMT "\r\n", SLICE_ARG(token));
    return http_fixture_ask(cx, site->port, what, header.data, SLICE(""));
}

TEST("http_tokens: a program does what its token was given, and no more, until it is revoked")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice none = SLICE("");
    const char *wang = "{\"login\":\"wang\",\"password\":\"" PASSWORD "\"}";
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/accounts", none, wang).status == 202);
    HttpReply reply = http_fixture_as(cx, &site, "POST /api/v1/session", none, wang);
    Slice cookie = http_access_cookie(http_fixture_header(&reply, SLICE("Set-Cookie")),
                                      SLICE(HTTP_ACCESS_COOKIE));
    reply = http_fixture_as(cx, &site, "POST /api/v1/account/tokens", cookie,
                            "{\"name\":\"ERP\",\"acts\":\"read_invoices\",\"days\":30}");
    EXPECT(reply.status == 201);
    Slice token = http_fixture_json(cx, reply.body, "token");
    Slice id = http_fixture_json(cx, reply.body, "id");
    EXPECT(slice_starts(token, SLICE("fp_")) && token.size == 46);
    EXPECT(bearer(cx, &site, "GET /api/v1/invoices", token).status == 200);
    EXPECT(bearer(cx, &site, "GET /api/v1/documents", token).status == 403);
    EXPECT(bearer(cx, &site, "GET /api/v1/account", token).status == 403);
    EXPECT(bearer(cx, &site, "GET /api/v1/account/tokens", token).status == 403);
    reply = http_fixture_as(cx, &site, "GET /api/v1/account/tokens", cookie, "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.name"), SLICE("ERP")));
    EXPECT(slice_find(reply.body, token) == SLICE_NONE);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/account/tokens", cookie,
                           "{\"name\":\"x\",\"acts\":\"manage_nodes\",\"days\":30}")
               .status == 403);
    EXPECT(http_fixture_as(cx, &site, "POST /api/v1/account/tokens", cookie,
                           "{\"name\":\"x\",\"acts\":\"verify\",\"days\":\"many\"}")
               .status == 400);
    Slice what = cx_printf(cx, "DELETE /api/v1/account/tokens/" SLICE_FMT, SLICE_ARG(id));
    EXPECT(http_fixture_as(cx, &site, what.data, cookie, "").status == 204);
    EXPECT(bearer(cx, &site, "GET /api/v1/invoices", token).status == 401);
    http_fixture_close(&site);
}
