#include "http/http_receipts.h"

#include <unistd.h>

#include "base/test.h"
#include "flow/flow_fixture.h"
#include "http/http.h"
#include "http/http_fixture.h"

#define INVOICE "fapiao\nkind 31\nnumber 24112000000048542163\nissue_date 2024-05-28\ntotal 1.00\n"

static HttpReply get(Cx *cx, const HttpSite *site, Slice reference, const char *rest)
{
    Slice target = cx_printf(cx, "/api/v1/documents/" SLICE_FMT "/%s", SLICE_ARG(reference), rest);
    return http_fixture_get(cx, site, target.data);
}

// By the log's first key alone: a promise bears one line.
static ProofFacts judged_promise(Cx *cx, const HttpSite *site, Slice bytes)
{
    ProofFacts facts = {};
    const ProofTrust trust = {.keys = log_keys(flow_log(site->flow)), .key_count = 1};
    EXPECT_OK(proof_verify(cx, bytes, &trust, &facts));
    return facts;
}

static ProofFacts judged(Cx *cx, const HttpSite *site, Slice bytes)
{
    ProofFacts facts = {};
    Log *log = flow_log(site->flow);
    const ProofTrust trust = {.keys = log_keys(log), .key_count = LOG_KEYS};
    EXPECT_OK(proof_verify(cx, bytes, &trust, &facts));
    return facts;
}

TEST("http_receipts: handed in with wait=proof, the receipt is there and holds")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=proof", "", SLICE(INVOICE));
    EXPECT(reply.status == 201);
    Slice reference = http_fixture_json(cx, reply.body, "reference");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "ledger.index"), SLICE("1")));
    ProofFacts promise =
        judged_promise(cx, &site, http_fixture_json(cx, reply.body, "ledger.promise"));
    EXPECT(promise.promise && promise.index == 1 && promise.opening.open);
    Slice path = http_fixture_json(cx, reply.body, "ledger.receipt");
    reply = http_fixture_get(cx, &site, cx_printf(cx, SLICE_FMT, SLICE_ARG(path)).data);
    EXPECT(reply.status == 200);
    ProofFacts facts = judged(cx, &site, reply.body);
    EXPECT(!facts.promise && slice_find(facts.opening.canonical, reference) != SLICE_NONE);
    Slice name =
        cx_printf(cx, "attachment; filename=\"" SLICE_FMT ".tlog-proof\"", SLICE_ARG(reference));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Content-Disposition")), name));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Content-Type")),
                       SLICE("text/plain; charset=utf-8")));
    http_fixture_close(&site);
}

TEST("http_receipts: who does not wait has the promise, and it opens to the document's own event")
{
    HttpSite site = http_fixture_open(cx, NULL);
    for (size_t i = 0; i < 3; i++) {
        Slice bytes = cx_printf(cx, "<another n=\"%zu\"/>", i);
        HttpReply reply = http_fixture_hand_in(cx, &site, "/api/v1/documents", "", bytes);
        EXPECT(reply.status == 201);
        ProofFacts promise =
            judged_promise(cx, &site, http_fixture_json(cx, reply.body, "ledger.promise"));
        Slice sha256 = http_fixture_json(cx, reply.body, "sha256");
        EXPECT(promise.promise && promise.opening.open);
        EXPECT(slice_find(promise.opening.canonical, sha256) != SLICE_NONE);
        EXPECT(slice_equal(http_fixture_json(cx, reply.body, "ledger.index"),
                           cx_printf(cx, "%llu", (unsigned long long)promise.index)));
    }
    http_fixture_close(&site);
}

TEST("http_receipts: a proof is waited for; public ones, promises and outcomes can be told apart")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=outcome", "", SLICE(INVOICE));
    Slice reference = http_fixture_json(cx, reply.body, "reference");
    reply = get(cx, &site, reference, "receipt?form=promise");
    EXPECT(reply.status == 200 && judged(cx, &site, reply.body).promise);
    reply = get(cx, &site, reference, "receipt?which=outcome&wait=proof");
    EXPECT(reply.status == 200 && judged(cx, &site, reply.body).leaf.type == LEAF_ISSUED);
    EXPECT(slice_find(http_fixture_header(&reply, SLICE("Content-Disposition")),
                      SLICE(".outcome.tlog-proof")) != SLICE_NONE);
    reply = get(cx, &site, reference, "receipt?form=public");
    EXPECT(reply.status == 200 && !judged(cx, &site, reply.body).opening.open);
    EXPECT(slice_find(reply.body, reference) == SLICE_NONE);
    reply = get(cx, &site, reference, "receipt?sm2=true");
    EXPECT(reply.status == 200 &&
           slice_find(http_fixture_header(&reply, SLICE("Content-Disposition")),
                      SLICE(".sm2.tlog-proof")) != SLICE_NONE);
    const ProofTrust first = {.keys = log_keys(flow_log(site.flow)), .key_count = 1};
    ProofFacts facts = judged(cx, &site, reply.body);
    EXPECT(proof_verify(cx, reply.body, &first, &facts) == ERR_INPUT);
    reply = get(cx, &site, reference, "receipt?sm2=false");
    EXPECT_OK(proof_verify(cx, reply.body, &first, &facts));
    reply = get(cx, &site, reference, "receipt.svg");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Content-Type")), SLICE("image/svg+xml")));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Fapiao-Qr")), SLICE("receipt")));
    http_fixture_close(&site);
}

TEST("http_receipts: what there is none of is said")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=proof", "", SLICE("none"));
    Slice reference = http_fixture_json(cx, reply.body, "reference");
    EXPECT(get(cx, &site, SLICE("R-1"), "receipt").status == 404);
    EXPECT(get(cx, &site, SLICE("R-1"), "receipt.svg").status == 404);
    EXPECT(get(cx, &site, reference, "receipt?which=outcome:9").status == 404);
    reply = get(cx, &site, reference, "receipt?which=all");
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("which")));
    EXPECT(get(cx, &site, reference, "receipt?sm2=1").status == 400);
    EXPECT(get(cx, &site, reference, "receipt?form=promise&sm2=true").status == 400);
    reply = get(cx, &site, reference, "receipt?form=pdf");
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("form")));
    http_fixture_close(&site);
}

TEST("http_receipts: a halted record promises nothing more; what is proved stays so")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=proof", "", SLICE("none"));
    Slice reference = http_fixture_json(cx, reply.body, "reference");
    commit_halt(flow_committer(site.flow), "账本倒退 the ledger has gone back");
    reply = get(cx, &site, reference, "receipt?form=promise");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("halted")));
    EXPECT(get(cx, &site, reference, "receipt").status == 200);
    commit_halt(flow_committer(site.flow), NULL);
    EXPECT(get(cx, &site, reference, "receipt?form=promise").status == 200);
    http_fixture_close(&site);
}

TEST("http_receipts: who waits for a proof is answered when the server stops")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice reference = flow_fixture_keep(cx, site.flow, "none");
    Slice body = SLICE("--B\r\nContent-Disposition: form-data; name=\"file\"; "
                       "filename=\"a.xml\"\r\n\r\nnone either\r\n--B--\r\n");
    Slice requests[] = {
        cx_printf(cx,
                  "GET /api/v1/documents/" SLICE_FMT
                  "/receipt?which=outcome&wait=proof HTTP/1.1\r\n"
                  "Host: localhost:%u\r\n\r\n",
                  SLICE_ARG(reference), site.port),
        cx_printf(cx,
                  "POST /api/v1/documents?wait=proof HTTP/1.1\r\nHost: localhost:%u\r\n"
                  "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: "
                  "%zu\r\n\r\n" SLICE_FMT,
                  site.port, body.size, SLICE_ARG(body))};
    int fds[2];
    for (size_t i = 0; i < 2; i++) {
        fds[i] = http_fixture_connect(site.port);
        http_fixture_send(fds[i], requests[i]);
    }
    Slice listed = SLICE("");
    for (int i = 0; i < 1000; i++) {
        (void)usleep(1'000);
        HttpReply list = http_fixture_get(cx, &site, "/api/v1/documents?limit=1");
        listed = http_fixture_json(cx, list.body, "items.0.reference");
        if (slice_ends(listed, SLICE("-000002"))) break;
    }
    http_stop(site.http);
    // Whether the checkpoint came first or the end did.
    HttpReply got = http_fixture_read(cx, fds[0], false, 5'000);
    EXPECT(got.status == 200 || got.status == 503);
    if (got.status == 503)
        EXPECT(slice_equal(http_fixture_json(cx, got.body, "code"), SLICE("not_sealed")));
    HttpReply posted = http_fixture_read(cx, fds[1], false, 5'000);
    EXPECT(posted.status == 201);
    EXPECT(slice_ends(http_fixture_json(cx, posted.body, "reference"), SLICE("-000002")));
    (void)close(fds[0]);
    (void)close(fds[1]);
    flow_close(site.flow);
    http_close(site.http);
}
