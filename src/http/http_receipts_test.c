#include "http/http_receipts.h"

#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"
#include "ledger/proof.h"

#define INVOICE "fapiao\nkind 31\nnumber 24112000000048542163\nissue_date 2024-05-28\ntotal 1.00\n"

static HttpReply get(Cx *cx, const HttpSite *site, Slice reference, const char *rest)
{
    Slice target = cx_printf(cx, "/api/v1/documents/" SLICE_FMT "/%s", SLICE_ARG(reference), rest);
    return http_fixture_get(cx, site, target.data);
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
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "ledger.index"), SLICE("0")));
    ProofFacts promise = judged(cx, &site, http_fixture_json(cx, reply.body, "ledger.promise"));
    EXPECT(promise.promise && promise.index == 0 && promise.opening.open);
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
        ProofFacts promise = judged(cx, &site, http_fixture_json(cx, reply.body, "ledger.promise"));
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
    reply = get(cx, &site, reference, "receipt?form=pdf");
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("form")));
    http_fixture_close(&site);
}
