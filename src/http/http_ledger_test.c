#include "http/http_ledger.h"

#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"

TEST("http_ledger: its head, its checkpoint and its tiles are of one tree")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply = http_fixture_get(cx, &site, "/api/v1/ledger");
    EXPECT(reply.status == 200);
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "origin"), log_origin(flow_log(site.flow))));
    (void)http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=outcome", "", SLICE("none"));
    EXPECT_OK(sealer_flush(cx, flow_sealer(site.flow)));
    reply = http_fixture_get(cx, &site, "/api/v1/ledger");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "size"), SLICE("2")));
    Slice note = http_fixture_json(cx, reply.body, "checkpoint");
    reply = http_fixture_get(cx, &site, "/api/v1/ledger/checkpoint");
    EXPECT(reply.status == 200 && slice_equal(reply.body, note));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Cache-Control")), SLICE("no-store")));
    reply = http_fixture_get(cx, &site, "/api/v1/ledger/tile/0/000.p/2");
    EXPECT(reply.status == 200 && reply.body.size == 64);
    EXPECT(slice_find(http_fixture_header(&reply, SLICE("Cache-Control")), SLICE("immutable")) !=
           SLICE_NONE);
    reply = http_fixture_get(cx, &site, "/api/v1/ledger/tile/entries/000.p/2");
    EXPECT(reply.status == 200 && reply.body.size == 2 * 156);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/ledger/tile/0/000.p/3").status == 404);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/ledger/tile/entries/000").status == 404);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/ledger/tile/x/y/z").status == 404);
    http_fixture_close(&site);
}
