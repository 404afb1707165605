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
    // Two events, behind the one that binds the rows of the first organisations.
    (void)http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=outcome", "", SLICE("none"));
    EXPECT_OK(sealer_flush(cx, flow_sealer(site.flow)));
    reply = http_fixture_get(cx, &site, "/api/v1/ledger");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "size"), SLICE("3")));
    Slice note = http_fixture_json(cx, reply.body, "checkpoint");
    reply = http_fixture_get(cx, &site, "/api/v1/ledger/checkpoint");
    EXPECT(reply.status == 200 && slice_equal(reply.body, note));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Cache-Control")), SLICE("no-store")));
    reply = http_fixture_get(cx, &site, "/api/v1/ledger/tile/0/000.p/3");
    EXPECT(reply.status == 200 && reply.body.size == 96);
    EXPECT(slice_find(http_fixture_header(&reply, SLICE("Cache-Control")), SLICE("immutable")) !=
           SLICE_NONE);
    reply = http_fixture_get(cx, &site, "/api/v1/ledger/tile/entries/000.p/3");
    EXPECT(reply.status == 200 && reply.body.size == 3 * 156);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/ledger/tile/0/000.p/4").status == 404);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/ledger/tile/entries/000").status == 404);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/ledger/tile/x/y/z").status == 404);
    http_fixture_close(&site);
}
