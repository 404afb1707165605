#include "http/http_device.h"

#include "base/test.h"
#include "http/http_access.h"
#include "http/http_fixture.h"

static HttpReply sign_in(Cx *cx, const HttpSite *site, const char *cookie)
{
    Slice headers = cx_printf(cx, "Content-Type: application/json\r\n%s", cookie);
    return http_fixture_ask(cx, site->port, "POST /api/v1/session", headers.data,
                            SLICE("{\"login\":\"nobody\",\"password\":\"wrong one\"}"));
}

TEST("http_device: a cookie that this folder did not make is as none")
{
    HttpSite site = http_fixture_open(cx, NULL);
    EXPECT(sign_in(cx, &site, "").status == 401);
    const char *const cookies[] = {"", "short", "zz", NULL};
    for (size_t i = 0; cookies[i] != NULL; i++) {
        HttpReply reply = sign_in(
            cx, &site, cx_printf(cx, "Cookie: " HTTP_DEVICE_COOKIE "=%s\r\n", cookies[i]).data);
        EXPECT(reply.status == 401 || reply.status == 429);
        EXPECT(slice_find(reply.headers, SLICE(HTTP_DEVICE_COOKIE)) == SLICE_NONE);
    }
    http_fixture_close(&site);
}
