#include "http/http_sync.h"

#include <unistd.h>

#include "base/test.h"
#include "desk/running/sync/sync.h"
#include "flow/flow_fixture.h"
#include "http/http.h"
#include "http/http_fixture.h"

// A site that synchronises.
typedef struct Synced {
    HttpSite site;
    Sync *sync;
} Synced;

static Synced synced_open(Cx *cx)
{
    Synced synced = {.site.folder = cx_printf(cx, "%s/data", test_folder()).data};
    synced.site.flow = flow_fixture_open(cx, synced.site.folder);
    const SyncOptions sync = {.flow = synced.site.flow, .folder = synced.site.folder, .hour = -1};
    EXPECT_OK(sync_open(cx, &sync, &synced.sync));
    const HttpOptions options = {.flow = synced.site.flow,
                                 .folder = synced.site.folder,
                                 .address = "127.0.0.1",
                                 .threads = 1,
                                 .trust_loopback = true,
                                 .sync = synced.sync};
    EXPECT_OK(http_open(cx, &options, &synced.site.http));
    synced.site.port = http_port(synced.site.http);
    return synced;
}

static void synced_close(Synced *synced)
{
    http_stop(synced->site.http);
    sync_stop(synced->sync);
    flow_close(synced->site.flow);
    http_close(synced->site.http);
    sync_close(synced->sync);
}

static Slice json_at(Cx *cx, const HttpSite *site, const char *target, const char *path)
{
    HttpReply reply = http_fixture_get(cx, site, target);
    EXPECT(reply.status == 200);
    return http_fixture_json(cx, reply.body, path);
}

TEST("http_sync: sync now, by the button, and what it found")
{
    Synced synced = synced_open(cx);
    HttpSite *site = &synced.site;
    (void)flow_fixture_keep(cx, site->flow, "fapiao\nnumber 24112000000000000001\n");
    EXPECT(slice_equal(json_at(cx, site, "/api/v1/sync/runs", "next_cursor"), SLICE("")));
    HttpReply reply = http_fixture_post(cx, site, "/api/v1/sync", "");
    EXPECT(reply.status == 202);
    for (int i = 0; i < 1500 && sync_is_running(synced.sync); i++)
        (void)usleep(20'000);
    EXPECT(slice_equal(json_at(cx, site, "/api/v1/sync", "running"), SLICE("false")));
    // The audit log's entry of the button may be younger than the run's checkpoint.
    for (int i = 0; i < 500; i++) {
        if (slice_equal(json_at(cx, site, "/api/v1/sync", "ledger.behind"), SLICE("0"))) break;
        (void)usleep(20'000);
    }
    EXPECT(slice_equal(json_at(cx, site, "/api/v1/sync", "ledger.behind"), SLICE("0")));
    EXPECT(slice_equal(json_at(cx, site, "/api/v1/sync/runs", "items.0.cause"), SLICE("now")));
    EXPECT(slice_equal(json_at(cx, site, "/api/v1/sync/runs", "items.0.result.ok"), SLICE("true")));
    EXPECT(http_fixture_get(cx, site, "/api/v1/sync/runs?cursor=x").status == 400);
    synced_close(&synced);
}

TEST("http_sync: today's equation counts what was refused; days are listed once signed")
{
    Synced synced = synced_open(cx);
    HttpSite *site = &synced.site;
    (void)flow_fixture_keep(cx, site->flow, "fapiao\nnumber 24112000000000000001\n");
    EXPECT(http_fixture_hand_in(cx, site, "/api/v1/documents", "", SLICE("")).status == 422);
    Slice day = json_at(cx, site, "/api/v1/today", "day");
    // The refusal is written behind the answer.
    for (int i = 0; i < 500; i++) {
        if (slice_equal(json_at(cx, site, "/api/v1/today", "rejected"), SLICE("1"))) break;
        (void)usleep(20'000);
    }
    EXPECT(slice_equal(json_at(cx, site, "/api/v1/today", "received"), SLICE("2")));
    EXPECT(slice_equal(json_at(cx, site, "/api/v1/today", "accepted"), SLICE("1")));
    const char *target = cx_printf(cx, "/api/v1/days/" SLICE_FMT, SLICE_ARG(day)).data;
    EXPECT(slice_equal(json_at(cx, site, target, "sources.0.source"), SLICE("http")));
    EXPECT(slice_equal(json_at(cx, site, target, "sources.0.rejected"), SLICE("1")));
    EXPECT(slice_equal(json_at(cx, site, target, "note"), SLICE("")));
    EXPECT(http_fixture_get(cx, site, "/api/v1/days/yesterday").status == 400);
    EXPECT(slice_equal(json_at(cx, site, "/api/v1/days", "items"), SLICE("[]")));
    synced_close(&synced);
}
