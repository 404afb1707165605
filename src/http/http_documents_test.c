#include "http/http_documents.h"

#include "base/limits.h"
#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"

#define INVOICE "fapiao\nkind 31\nnumber 24112000000048542163\nissue_date 2024-05-28\ntotal 1.00\n"

TEST("http_documents: handed in, decided, found, fetched byte for byte")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=outcome", "", SLICE(INVOICE));
    EXPECT(reply.status == 201);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("accepted")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "source"), SLICE("http")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "file_name"), SLICE("发票.xml")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "invoices.0.relation"), SLICE("new")));
    Slice reference = http_fixture_json(cx, reply.body, "reference");
    Slice location = http_fixture_header(&reply, SLICE("Location"));
    EXPECT(slice_ends(location, reference) && reference.size > 0);
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Fapiao-Reference")), reference));
    Slice path = cx_printf(cx, SLICE_FMT, SLICE_ARG(location));
    reply = http_fixture_get(cx, &site, path.data);
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "reference"), reference));
    reply = http_fixture_get(cx, &site, cx_printf(cx, "%s/original", path.data).data);
    EXPECT(reply.status == 200 && slice_equal(reply.body, SLICE(INVOICE)));
    EXPECT(slice_starts(http_fixture_header(&reply, SLICE("Content-Security-Policy")),
                        SLICE("sandbox")));
    EXPECT(
        slice_equal(http_fixture_header(&reply, SLICE("Content-Type")), SLICE("application/xml")));
    Slice disposition = http_fixture_header(&reply, SLICE("Content-Disposition"));
    EXPECT(slice_starts(disposition, SLICE("attachment; filename=\"R-")));
    EXPECT(slice_ends(disposition, SLICE("filename*=UTF-8''%E5%8F%91%E7%A5%A8.xml")));
    http_fixture_close(&site);
}

TEST("http_documents: the same bytes, the same key, the same key for other bytes")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const char *key = "Idempotency-Key: k1\r\n";
    HttpReply first = http_fixture_hand_in(cx, &site, "/api/v1/documents", key, SLICE("one"));
    EXPECT(first.status == 201);
    HttpReply again = http_fixture_hand_in(cx, &site, "/api/v1/documents", key, SLICE("one"));
    EXPECT(again.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, first.body, "reference"),
                       http_fixture_json(cx, again.body, "reference")));
    HttpReply other = http_fixture_hand_in(cx, &site, "/api/v1/documents", key, SLICE("two"));
    EXPECT(other.status == 409);
    EXPECT(slice_equal(http_fixture_json(cx, other.body, "code"), SLICE("idempotency_key_reused")));
    HttpReply twin =
        http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=outcome", "", SLICE("one"));
    EXPECT(twin.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, twin.body, "state"), SLICE("duplicate")));
    EXPECT(slice_equal(http_fixture_json(cx, twin.body, "first_reference"),
                       http_fixture_json(cx, first.body, "reference")));
    http_fixture_close(&site);
}

TEST("http_documents: what is no document is refused with a reason")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply = http_fixture_hand_in(cx, &site, "/api/v1/documents", "", SLICE(""));
    EXPECT(reply.status == 422);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("empty")));
    reply = http_fixture_post(cx, &site, "/api/v1/documents", "{}");
    EXPECT(reply.status == 415);
    reply = http_fixture_ask(cx, site.port, "POST /api/v1/documents",
                             "Content-Type: multipart/form-data; boundary=B\r\n", SLICE("--B--"));
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("file")));
    reply = http_fixture_ask(cx, site.port, "POST /api/v1/documents",
                             "Content-Type: multipart/form-data\r\n", SLICE("x"));
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("bad_request")));
    // Of several files only one would get the reference of the answer.
    static const char part[] = "--B\r\nContent-Disposition: form-data; name=\"file\"; "
                               "filename=\"%s\"\r\n\r\n%s\r\n";
    Slice first = cx_printf(cx, part, "a.xml", "fapiao\nkind 32\nnumber 24110000000000000001\n");
    Slice second = cx_printf(cx, part, "b.xml", "fapiao\nkind 32\nnumber 24110000000000000002\n");
    Slice none = cx_printf(cx, part, "", "");
    reply = http_fixture_ask(
        cx, site.port, "POST /api/v1/documents",
        "Content-Type: multipart/form-data; boundary=B\r\n",
        cx_printf(cx, SLICE_FMT SLICE_FMT "--B--", SLICE_ARG(first), SLICE_ARG(second)));
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("file")));
    reply = http_fixture_ask(
        cx, site.port, "POST /api/v1/documents",
        "Content-Type: multipart/form-data; boundary=B\r\n",
        cx_printf(cx, SLICE_FMT SLICE_FMT "--B--", SLICE_ARG(first), SLICE_ARG(none)));
    EXPECT(reply.status == 201); // a field of the form that was left empty is no file
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "reference"), SLICE("R-2026-000001")));
    // Whoever misspells what to wait for would believe that it was waited for.
    reply = http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=outcom", "", SLICE("x"));
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("wait")));
    reply = http_fixture_hand_in(cx, &site, "/api/v1/documents?wiat=outcome", "", SLICE("x"));
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("wiat")));
    char *large = arena_alloc(&cx->arena, 9 * LIMIT_MIB);
    reply = http_fixture_ask(cx, site.port, "POST /api/v1/documents",
                             "Content-Type: multipart/form-data; boundary=B\r\n",
                             (Slice){large, 9 * LIMIT_MIB});
    EXPECT(reply.status == 413);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("too_large")));
    http_fixture_close(&site);
}

TEST("http_documents: what is no invoice lies in quarantine, is listed, and can be tried again")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply =
        http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=outcome", "", SLICE("receipt"));
    EXPECT(reply.status == 201);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("quarantined")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "reason.code"), SLICE("not_invoice")));
    Slice reference = http_fixture_json(cx, reply.body, "reference");
    (void)http_fixture_hand_in(cx, &site, "/api/v1/documents?wait=outcome", "", SLICE(INVOICE));
    reply = http_fixture_get(cx, &site, "/api/v1/documents?state=quarantined");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.reference"), reference));
    EXPECT(http_fixture_json(cx, reply.body, "items.1.reference").size == 0);
    reply = http_fixture_get(cx, &site, "/api/v1/documents?limit=1");
    Slice cursor = http_fixture_json(cx, reply.body, "next_cursor");
    EXPECT(cursor.size > 0);
    Slice next = cx_printf(cx, "/api/v1/documents?limit=1&cursor=" SLICE_FMT, SLICE_ARG(cursor));
    reply = http_fixture_get(cx, &site, next.data);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.reference"), reference));
    EXPECT(http_fixture_get(cx, &site, "/api/v1/documents?limit=x").status == 400);
    EXPECT(http_fixture_get(cx, &site, "/api/v1/documents?cursor=x").status == 400);
    Slice retry = cx_printf(cx, "POST /api/v1/documents/" SLICE_FMT "/retry?wait=outcome",
                            SLICE_ARG(reference));
    reply = http_fixture_ask(cx, site.port, retry.data, "", SLICE(""));
    EXPECT(reply.status == 202);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("quarantined")));
    Slice accepted = http_fixture_get(cx, &site, "/api/v1/documents?state=accepted").body;
    accepted = http_fixture_json(cx, accepted, "items.0.reference");
    retry = cx_printf(cx, "POST /api/v1/documents/" SLICE_FMT "/retry?wait=outcome",
                      SLICE_ARG(accepted));
    EXPECT(http_fixture_ask(cx, site.port, retry.data, "", SLICE("")).status == 409);
    retry = cx_printf(cx, "POST /api/v1/documents/" SLICE_FMT "/retry", SLICE_ARG(reference));
    EXPECT(http_fixture_ask(cx, site.port, retry.data, "", SLICE("")).status == 202);
    reply = http_fixture_ask(cx, site.port, "POST /api/v1/documents/R-1/retry", "", SLICE(""));
    EXPECT(reply.status == 404);
    http_fixture_close(&site);
}
