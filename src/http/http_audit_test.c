#include "http/http_audit.h"

#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"

static bool is(Cx *cx, const HttpReply *reply, const char *path, Slice value)
{
    return slice_equal(http_fixture_json(cx, reply->body, path), value);
}

TEST("http_audit: what was written and what was refused is read back, filtered and exported")
{
    HttpSite site = http_fixture_open(cx, NULL);
    // Refused: nobody but those who audit reads it, and that stands in it.
    EXPECT(http_fixture_get(cx, &site, "/api/v1/audit").status == 403);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/audit").status == 403);
    const char *mirror = "{\"name\":\"east\"}";
    EXPECT(http_fixture_post(cx, &site, "/api/v1/mirrors", mirror).status == 403);
    EXPECT(http_fixture_local(cx, &site, "POST /api/v1/mirrors", mirror).status == 201);
    EXPECT(http_fixture_local(cx, &site, "POST /api/v1/mirrors", mirror).status == 409);

    HttpReply reply = http_fixture_local(cx, &site, "GET /api/v1/audit?act=mirror.add", "");
    EXPECT(reply.status == 200);
    EXPECT(is(cx, &reply, "entries.0.result", SLICE("refused")));
    EXPECT(is(cx, &reply, "entries.1.result", SLICE("done")));
    EXPECT(is(cx, &reply, "entries.1.object", SLICE("east")));
    EXPECT(is(cx, &reply, "entries.1.actor", SLICE("local")));
    EXPECT(is(cx, &reply, "entries.2.act", SLICE("")));
    EXPECT(slice_find(reply.body, SLICE("token")) == SLICE_NONE);

    reply = http_fixture_local(cx, &site, "GET /api/v1/audit?result=refused&object_kind=route", "");
    EXPECT(is(cx, &reply, "entries.0.act", SLICE("manage_nodes")));
    EXPECT(is(cx, &reply, "entries.0.object", SLICE("POST /api/v1/mirrors")));
    EXPECT(is(cx, &reply, "entries.1.act", SLICE("read_audit")));
    EXPECT(is(cx, &reply, "entries.1.address", SLICE("127.0.0.1")));
    EXPECT(is(cx, &reply, "entries.1.actor", SLICE("loopback")));
    EXPECT(is(cx, &reply, "entries.2.act", SLICE(""))); // the second one is only counted

    reply = http_fixture_local(cx, &site, "GET /api/v1/audit.csv?act=mirror.add", "");
    EXPECT(reply.status == 200 && slice_starts(reply.body, SLICE("\xEF\xBB\xBF")));
    EXPECT(slice_find(reply.body, SLICE("\"mirror.add\",\"mirror\",\"east\",\"done\"")) !=
           SLICE_NONE);
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Link")), SLICE("")));
    reply = http_fixture_local(cx, &site, "GET /api/v1/audit.ndjson?act=mirror.add", "");
    EXPECT(reply.status == 200 && slice_starts(reply.body, SLICE("{\"organisation\":\"local\"")));
    http_fixture_close(&site);
}

TEST("http_audit: wrong questions are refused, documents' own events stand among the entries")
{
    HttpSite site = http_fixture_open(cx, NULL);
    EXPECT(http_fixture_hand_in(cx, &site, "/api/v1/documents", "", SLICE("none")).status == 201);
    HttpReply reply = http_fixture_local(cx, &site, "GET /api/v1/audit?act=document.received", "");
    EXPECT(is(cx, &reply, "entries.0.act", SLICE("")));
    reply =
        http_fixture_local(cx, &site, "GET /api/v1/audit?documents=true&act=document.received", "");
    EXPECT(is(cx, &reply, "entries.0.act", SLICE("document.received")));
    EXPECT(is(cx, &reply, "entries.0.source", SLICE("http")));
    static const char *const wrong[] = {"from=x", "to=2026-13-01", "cursor=x", "limit=x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *line = cx_printf(cx, "GET /api/v1/audit?%s", wrong[i]).data;
        EXPECT(http_fixture_local(cx, &site, line, "").status == 400);
    }
    http_fixture_close(&site);
}
