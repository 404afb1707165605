#include "http/http_static.h"

#include "base/test.h"
#include "http/http_fixture.h"
#include "webui/webui.h"

TEST("http_static: the page, its addresses, and no more than once")
{
    HttpSite site = http_fixture_open(cx, NULL);
    WebuiFile index;
    EXPECT(webui_find(SLICE("/"), &index));
    HttpReply reply = http_fixture_get(cx, &site, "/");
    EXPECT(reply.status == 200 && slice_equal(reply.body, index.plain));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("ETag")), index.etag));
    Slice policy = http_fixture_header(&reply, SLICE("Content-Security-Policy"));
    EXPECT(slice_find(policy, SLICE("default-src 'self'")) != SLICE_NONE);
    EXPECT(slice_find(policy, SLICE("worker-src 'self';")) != SLICE_NONE);
    reply = http_fixture_get(cx, &site, "/invoices/a%20b?x=1");
    EXPECT(reply.status == 200 && slice_equal(reply.body, index.plain));
    Slice known = cx_printf(cx, "If-None-Match: " SLICE_FMT "\r\n", SLICE_ARG(index.etag));
    reply = http_fixture_ask(cx, site.port, "GET /", known.data, SLICE(""));
    EXPECT(reply.status == 304 && reply.body.size == 0);
    reply =
        http_fixture_ask(cx, site.port, "GET /", "Accept-Encoding: br, gzip;q=0.5\r\n", SLICE(""));
    bool gzip = slice_equal(http_fixture_header(&reply, SLICE("Content-Encoding")), SLICE("gzip"));
    EXPECT(gzip == index.gzip);
    EXPECT(slice_equal(reply.body, index.gzip ? index.bytes : index.plain));
    reply = http_fixture_ask(cx, site.port, "GET /", "Accept-Encoding: gzip;q=0\r\n", SLICE(""));
    EXPECT(slice_equal(reply.body, index.plain));
    EXPECT(http_fixture_get(cx, &site, "/assets/none.js").status == 404);
    http_fixture_close(&site);
}
