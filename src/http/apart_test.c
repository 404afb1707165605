// Two organisations in one folder: what is one's is not there for the other, on every route that
// reads. Asked through the folder's socket, where the local administrator says which one is meant.
#include <stdlib.h>
#include <unistd.h>

#include "base/test.h"
#include "commit/commit_wait.h"
#include "desk/running/completeness/closing.h"
#include "flow/flow_fixture.h"
#include "http/http.h"
#include "http/http_fixture.h"
#include "http/routes.h"

#define SHARED "fapiao\nkind 31\nnumber 24112000000048542163\nissue_date 2024-05-28\ntotal 10.00\n"
#define THEIRS                                                                                     \
    "fapiao\nkind 31\nnumber 24112000000048542164\nissue_date 2024-05-29\ntotal 77.00\n"           \
    "seller.name 东方\n"

static HttpReply ask(Cx *cx, const HttpSite *site, const char *tenant, const char *line,
                     const char *headers, Slice body)
{
    int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site->folder).data);
    http_fixture_send(fd, cx_printf(cx,
                                    "%s HTTP/1.1\r\nHost: localhost\r\nFapiao-Organisation: %s\r\n"
                                    "Content-Length: %zu\r\n%s\r\n",
                                    line, tenant, body.size, headers));
    http_fixture_send(fd, body);
    bool head = strncmp(line, "HEAD", 4) == 0;
    HttpReply reply = http_fixture_read(cx, fd, head, 20'000);
    (void)close(fd);
    return reply;
}

static HttpReply get(Cx *cx, const HttpSite *site, const char *tenant, const char *target)
{
    return ask(cx, site, tenant, cx_printf(cx, "GET %s", target).data, "", SLICE(""));
}

static HttpReply hand_in(Cx *cx, const HttpSite *site, const char *tenant, const char *headers,
                         const char *text)
{
    Slice body = cx_printf(cx,
                           "--B\r\nContent-Disposition: form-data; name=\"file\"; "
                           "filename=\"a.xml\"\r\n\r\n%s\r\n--B--\r\n",
                           text);
    headers = cx_printf(cx, "Content-Type: multipart/form-data; boundary=B\r\n%s", headers).data;
    return ask(cx, site, tenant, "POST /api/v1/documents?wait=outcome", headers, body);
}

static bool says(Cx *cx, HttpReply reply, const char *path, const char *text)
{
    return reply.status < 300 &&
           slice_equal(http_fixture_json(cx, reply.body, path), slice_of(text));
}

// Ours has the shared file; theirs has it too, and one of its own.
typedef struct Apart {
    HttpSite site;
    const char *reference, *invoice; // of the one that is theirs alone
    const char *upload;
} Apart;

static void apart_open(Cx *cx, Apart *apart)
{
    apart->site = http_fixture_open(cx, NULL);
    HttpSite *site = &apart->site;
    EXPECT(says(cx, hand_in(cx, site, "local", "Idempotency-Key: k\r\n", SHARED), "state",
                "accepted"));
    // The same bytes under the same key, and still nothing that was there before.
    HttpReply reply = hand_in(cx, site, "east", "Idempotency-Key: k\r\n", SHARED);
    EXPECT(says(cx, reply, "state", "accepted"));
    EXPECT(slice_ends(http_fixture_json(cx, reply.body, "reference"), SLICE("-000001")));
    reply = hand_in(cx, site, "east", "", THEIRS);
    EXPECT(says(cx, reply, "state", "accepted"));
    Slice reference = http_fixture_json(cx, reply.body, "reference");
    EXPECT(slice_ends(reference, SLICE("-000002")));
    apart->reference = cx_printf(cx, SLICE_FMT, SLICE_ARG(reference)).data;
    Slice invoice = http_fixture_json(cx, reply.body, "invoices.0.id");
    apart->invoice = cx_printf(cx, SLICE_FMT, SLICE_ARG(invoice)).data;
    reply = ask(cx, site, "east", "POST /api/v1/uploads",
                "Tus-Resumable: 1.0.0\r\nUpload-Length: 9\r\n", SLICE(""));
    Slice where = http_fixture_header(&reply, SLICE("Location"));
    EXPECT(reply.status == 201);
    apart->upload = cx_printf(cx, SLICE_FMT, SLICE_ARG(where)).data;
}

TEST("apart: every route by the name of something that is another's says that it is not there")
{
    Apart apart;
    apart_open(cx, &apart);
    const char *reference = apart.reference;
    const char *const lines[] = {
        cx_printf(cx, "GET /api/v1/documents/%s", reference).data,
        cx_printf(cx, "GET /api/v1/documents/%s/original", reference).data,
        cx_printf(cx, "GET /api/v1/documents/%s/receipt", reference).data,
        cx_printf(cx, "GET /api/v1/documents/%s/receipt?form=promise", reference).data,
        cx_printf(cx, "GET /api/v1/documents/%s/receipt.svg", reference).data,
        cx_printf(cx, "POST /api/v1/documents/%s/retry", reference).data,
        cx_printf(cx, "POST /api/v1/documents/%s/retry?wait=outcome", reference).data,
        cx_printf(cx, "GET /api/v1/invoices/%s", apart.invoice).data,
        cx_printf(cx, "HEAD %s", apart.upload).data,
        cx_printf(cx, "DELETE %s", apart.upload).data,
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *tus = "Tus-Resumable: 1.0.0\r\n";
        if (ask(cx, &apart.site, "local", lines[i], tus, SLICE("")).status != 404)
            test_fail(__FILE__, __LINE__, lines[i]);
        // Only whose it is can have it: the question itself is a good one.
        if (ask(cx, &apart.site, "east", lines[i], tus, SLICE("")).status == 404)
            test_fail(__FILE__, __LINE__, lines[i]);
    }
    const char *chunk = "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                        "Content-Type: application/offset+octet-stream\r\n";
    EXPECT(ask(cx, &apart.site, "local", cx_printf(cx, "PATCH %s", apart.upload).data, chunk,
               SLICE("x"))
               .status == 404);
    http_fixture_close(&apart.site);
}

TEST("apart: lists, sums, searches and days are of one's own alone")
{
    Apart apart;
    apart_open(cx, &apart);
    static const struct {
        const char *target, *path, *ours, *theirs;
    } cases[] = {
        {"/api/v1/documents", "items.0.reference", "-000001", "-000002"},
        {"/api/v1/documents", "items.1.reference", "", "-000001"},
        {"/api/v1/today", "received", "1", "2"},
        {"/api/v1/today", "invoices", "1", "2"},
        {"/api/v1/invoices", "total.count", "1", "2"},
        {"/api/v1/invoices", "total.total", "10.00", "87.00"},
        {"/api/v1/invoices?number=24112000000048542164", "total.count", "0", "1"},
        {"/api/v1/invoices?seller=%E4%B8%9C%E6%96%B9", "total.count", "0", "1"},
        {"/api/v1/invoices?q=24112000000048542164", "total.count", "0", "1"},
        {"/api/v1/invoices?total_min=50", "total.count", "0", "1"},
        {"/api/v1/sync", "sources.0.received", "1", "2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const tenants[] = {"local", "east"};
        const char *const wanted[] = {cases[i].ours, cases[i].theirs};
        for (int j = 0; j < 2; j++) {
            HttpReply reply = get(cx, &apart.site, tenants[j], cases[i].target);
            Slice said = http_fixture_json(cx, reply.body, cases[i].path);
            bool good =
                wanted[j][0] == '\0' ? slice_empty(said) : slice_ends(said, slice_of(wanted[j]));
            if (reply.status != 200 || !good)
                test_fail(__FILE__, __LINE__,
                          cx_printf(cx, "%s %s %s: " SLICE_FMT, tenants[j], cases[i].target,
                                    cases[i].path, SLICE_ARG(said))
                              .data);
        }
    }
    // An organisation where nothing ever came knows of nothing.
    EXPECT(says(cx, get(cx, &apart.site, "west", "/api/v1/invoices"), "total.count", "0"));
    EXPECT(says(cx, get(cx, &apart.site, "west", "/api/v1/today"), "received", "0"));
    EXPECT(says(cx, get(cx, &apart.site, "west", "/api/v1/sync"), "sources", "[]"));
    http_fixture_close(&apart.site);
}

static Err sign_work(Cx *cx, Db *db, void *self)
{
    int count = 0;
    // Today is over by then, whatever time it is now.
    const uint64_t later = cx_now_ms(cx) + 86'400'000 + CLOSING_WAIT_MS;
    return closing_in(cx, db, flow_log(self), SLICE("east"), later, &count);
}

TEST("apart: a signed day is its organisation's")
{
    Apart apart;
    apart_open(cx, &apart);
    Flow *flow = apart.site.flow;
    EXPECT_OK(commit_wait_work(cx, flow_committer(flow), sign_work, flow));
    HttpReply reply = get(cx, &apart.site, "east", "/api/v1/days");
    Slice day = http_fixture_json(cx, reply.body, "items.0.day");
    EXPECT(day.size == 10);
    EXPECT(says(cx, reply, "items.0.handed_in", "2"));
    EXPECT(says(cx, get(cx, &apart.site, "local", "/api/v1/days"), "items", "[]"));
    const char *target = cx_printf(cx, "/api/v1/days/" SLICE_FMT, SLICE_ARG(day)).data;
    EXPECT(says(cx, get(cx, &apart.site, "east", target), "signed", "true"));
    reply = get(cx, &apart.site, "local", target);
    EXPECT(says(cx, reply, "signed", "false") && says(cx, reply, "handed_in", "1"));
    http_fixture_close(&apart.site);
}

TEST("apart: verification alone crosses, and says whose nothing is")
{
    Apart apart;
    apart_open(cx, &apart);
    const char *query = "{\"number\":\"24112000000048542164\",\"issue_date\":\"2024-05-29\","
                        "\"total\":\"77.00\"}";
    const char *json = "Content-Type: application/json\r\n";
    HttpReply answers[3];
    const char *const tenants[] = {"local", "east", "west"};
    for (int i = 0; i < 3; i++) {
        answers[i] =
            ask(cx, &apart.site, tenants[i], "POST /api/v1/verifications", json, slice_of(query));
        EXPECT(says(cx, answers[i], "result", "match"));
        EXPECT(slice_equal(answers[i].body, answers[0].body));
        EXPECT(slice_find(answers[i].body, SLICE("east")) == SLICE_NONE);
        EXPECT(slice_find(answers[i].body, slice_of(apart.reference)) == SLICE_NONE);
        EXPECT(slice_find(answers[i].body, slice_of(apart.invoice)) == SLICE_NONE);
    }
    http_fixture_close(&apart.site);
}

TEST("apart: only the folder's socket is believed which organisation is meant")
{
    Apart apart;
    apart_open(cx, &apart);
    HttpReply reply = http_fixture_ask(cx, apart.site.port, "GET /api/v1/documents",
                                       "Fapiao-Organisation: east\r\n", SLICE(""));
    EXPECT(reply.status != 200 ||
           slice_empty(http_fixture_json(cx, reply.body, "items.1.reference")));
    http_fixture_close(&apart.site);
}
