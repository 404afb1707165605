#include "http/proven.h"

#include <unistd.h>

#include "base/test.h"
#include "desk/running/watch/watch_fixture.h"
#include "flow/flow_fixture.h"
#include "http/http.h"
#include "http/http_fixture.h"

#define TUS "Tus-Resumable: 1.0.0\r\n"

// A site whose log one witness watches.
typedef struct Scene {
    HttpSite site;
    Watch *watch;
    WatchFixture witness;
} Scene;

static void open_scene(Cx *cx, Scene *scene, WatchMood mood)
{
    HttpSite *site = &scene->site;
    *site = (HttpSite){.folder = cx_printf(cx, "%s/data", test_folder()).data};
    site->flow = flow_fixture_open(cx, site->folder);
    Slice vkey;
    EXPECT_OK(note_key_vkey(cx, &log_keys(flow_log(site->flow))[0], &vkey));
    watch_fixture_open(cx, &scene->witness, test_folder(), SLICE("w.example"), &vkey, 1);
    scene->witness.mood = mood;
    EXPECT_OK(watch_list_add(cx, flow_committer(site->flow), scene->witness.vkey,
                             scene->witness.url, NULL));
    const WatchOptions watch = {
        .flow = site->flow, .try_ms = 5'000, .idle_ms = 3'600'000, .pause_ms = 20};
    EXPECT_OK(watch_open(cx, &watch, &scene->watch));
    const HttpOptions options = {.flow = site->flow,
                                 .folder = site->folder,
                                 .address = "127.0.0.1",
                                 .trust_loopback = true,
                                 .threads = 2,
                                 .watch = scene->watch};
    EXPECT_OK(http_open(cx, &options, &site->http));
    site->port = http_port(site->http);
}

static void close_flow(Scene *scene)
{
    watch_stop(scene->watch);
    flow_close(scene->site.flow);
    http_close(scene->site.http);
    watch_close(scene->watch);
    watch_fixture_close(&scene->witness);
}

static void close_scene(Scene *scene)
{
    http_stop(scene->site.http);
    close_flow(scene);
}

static Slice proof_of(const HttpReply *reply)
{
    return http_fixture_header(reply, SLICE("Fapiao-Proof"));
}

static bool witnessed(const HttpReply *reply)
{
    return slice_ends(proof_of(reply), SLICE(", witnesses=1, need=1"));
}

TEST("proven: who waits for a proof has the witnesses' signatures, too, and is told so")
{
    Scene scene;
    open_scene(cx, &scene, WATCH_MOOD_HONEST);
    const HttpSite *site = &scene.site;
    HttpReply reply =
        http_fixture_hand_in(cx, site, "/api/v1/documents?wait=proof", "", SLICE("none"));
    EXPECT(reply.status == 201 && witnessed(&reply));
    Slice path = http_fixture_json(cx, reply.body, "ledger.receipt");
    reply = http_fixture_get(cx, site, cx_printf(cx, SLICE_FMT, SLICE_ARG(path)).data);
    EXPECT(reply.status == 200 && witnessed(&reply));
    const NoteKey *own = log_keys(flow_log(site->flow));
    NoteKey keys[2] = {own[0]};
    EXPECT_OK(note_key_parse(cx, scene.witness.vkey, &keys[1]));
    const ProofTrust trust = {.keys = keys, .key_count = 2};
    ProofFacts facts;
    EXPECT_OK(proof_verify(cx, reply.body, &trust, &facts));
    EXPECT(facts.witnesses == 1);
    // Who does not wait is told nothing of it.
    reply = http_fixture_hand_in(cx, site, "/api/v1/documents", "", SLICE("none, too"));
    EXPECT(reply.status == 201 && proof_of(&reply).size == 0);
    close_scene(&scene);
}

TEST("proven: a witness that comes late is waited for; of one that stays away it is said")
{
    Scene scene;
    open_scene(cx, &scene, WATCH_MOOD_AWAY);
    HttpSite *site = &scene.site;
    Slice reference = flow_fixture_keep(cx, site->flow, "none");
    Slice path =
        cx_printf(cx, "/api/v1/documents/" SLICE_FMT "/receipt?wait=proof", SLICE_ARG(reference));
    Slice ask = cx_printf(cx, "GET " SLICE_FMT " HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
                          SLICE_ARG(path), site->port);
    EXPECT_OK(sealer_flush(cx, flow_sealer(site->flow)));
    int fd = http_fixture_connect(site->port);
    http_fixture_send(fd, ask);
    EXPECT(http_fixture_read(cx, fd, false, 100).status == 0); // covered, and held all the same
    scene.witness.mood = WATCH_MOOD_HONEST;
    HttpReply reply = http_fixture_read(cx, fd, false, 20'000);
    EXPECT(reply.status == 200 && witnessed(&reply));
    (void)close(fd);

    scene.witness.mood = WATCH_MOOD_AWAY;
    (void)flow_fixture_keep(cx, site->flow, "none either");
    EXPECT_OK(sealer_flush(cx, flow_sealer(site->flow)));
    Slice body = SLICE("--B\r\nContent-Disposition: form-data; name=\"file\"; "
                       "filename=\"a.xml\"\r\n\r\nnor this\r\n--B--\r\n");
    fd = http_fixture_connect(site->port);
    http_fixture_send(fd, cx_printf(cx,
                                    "POST /api/v1/documents?wait=proof HTTP/1.1\r\n"
                                    "Host: localhost:%u\r\nContent-Type: multipart/form-data; "
                                    "boundary=B\r\nContent-Length: %zu\r\n\r\n" SLICE_FMT,
                                    site->port, body.size, SLICE_ARG(body)));
    EXPECT(http_fixture_read(cx, fd, false, 100).status == 0);
    // The end is as good as the bound: it is answered with what there is, and what is missing.
    http_stop(site->http);
    reply = http_fixture_read(cx, fd, false, 20'000);
    EXPECT(reply.status == 201 && slice_ends(proof_of(&reply), SLICE(", witnesses=0, need=1")));
    (void)close(fd);
    close_flow(&scene);
}

TEST("proven: the last chunk of an upload waits where its beginning asked for it")
{
    Scene scene;
    open_scene(cx, &scene, WATCH_MOOD_HONEST);
    const HttpSite *site = &scene.site;
    HttpReply reply = http_fixture_ask(cx, site->port, "POST /api/v1/uploads?wait=proof",
                                       TUS "Upload-Length: 5\r\n", SLICE(""));
    Slice place = http_fixture_header(&reply, SLICE("Location"));
    EXPECT(reply.status == 201 && slice_ends(place, SLICE("?wait=proof")));
    for (int i = 0; i < 2; i++) {
        reply = http_fixture_ask(cx, site->port,
                                 cx_printf(cx, "PATCH " SLICE_FMT, SLICE_ARG(place)).data,
                                 cx_printf(cx,
                                           TUS "Upload-Offset: %d\r\n"
                                               "Content-Type: application/offset+octet-stream\r\n",
                                           i * 3)
                                     .data,
                                 i == 0 ? SLICE("one") : SLICE("tw"));
        EXPECT(reply.status == 204);
        EXPECT(i == 0 ? proof_of(&reply).size == 0 : witnessed(&reply));
    }
    EXPECT(slice_starts(http_fixture_header(&reply, SLICE("Fapiao-Reference")), SLICE("R-")));
    // Or on the chunk itself.
    reply = http_fixture_ask(cx, site->port, "POST /api/v1/uploads", TUS "Upload-Length: 3\r\n",
                             SLICE(""));
    place = http_fixture_header(&reply, SLICE("Location"));
    reply = http_fixture_ask(cx, site->port,
                             cx_printf(cx, "PATCH " SLICE_FMT "?wait=proof", SLICE_ARG(place)).data,
                             TUS "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream"
                                 "\r\n",
                             SLICE("two"));
    EXPECT(reply.status == 204 && witnessed(&reply));
    close_scene(&scene);
}
