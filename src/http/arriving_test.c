#include "http/arriving.h"

#include <unistd.h>

#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"

TEST("arriving: who waits when the server stops is told the reference; the outcome comes "
     "after")
{
    HttpSite site = http_fixture_open(cx, NULL);
    Slice body = SLICE("--B\r\nContent-Disposition: form-data; name=\"file\"; "
                       "filename=\"a.xml\"\r\n\r\nslow\r\n--B--\r\n");
    Slice request =
        cx_printf(cx,
                  "POST /api/v1/documents?wait=outcome HTTP/1.1\r\nHost: localhost:%u\r\n"
                  "Content-Type: multipart/form-data; boundary=B\r\n"
                  "Content-Length: %zu\r\n\r\n" SLICE_FMT,
                  site.port, body.size, SLICE_ARG(body));
    int fd = http_fixture_connect(site.port);
    http_fixture_send(fd, request);
    // Received, and its reading is under way.
    Slice listed = SLICE("");
    for (int i = 0; i < 2000 && listed.size == 0; i++) {
        (void)usleep(3'000);
        HttpReply list = http_fixture_get(cx, &site, "/api/v1/documents?state=received");
        listed = http_fixture_json(cx, list.body, "items.0.reference");
    }
    http_stop(site.http);
    HttpReply reply = http_fixture_read(cx, fd, false, 10'000);
    EXPECT(reply.status == 201);
    EXPECT(listed.size > 0);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "reference"), listed));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("received")));
    (void)close(fd);
    flow_close(site.flow); // the notice "decided" finds nobody, and frees what waited for it
    http_close(site.http);
}

static Err hold(Cx *cx, Db *db, void *self)
{
    (void)cx, (void)db, (void)self;
    (void)usleep(500'000);
    return ERR_OK;
}

// The status of a document whose receipt has to wait for a disk that is busy when the server stops.
static int status_at_stop(Cx *cx, int turn)
{
    const HttpSite site = http_fixture_open(cx, cx_printf(cx, "%s/%d", test_folder(), turn).data);
    EXPECT_OK(commit_work(cx, flow_committer(site.flow), hold, NULL, NULL));
    int fd = http_fixture_connect(site.port);
    http_fixture_send(fd, SLICE("POST /api/v1/documents HTTP/1.1\r\nHost: localhost\r\n"
                                "Content-Type: multipart/form-data; boundary=B\r\n"
                                "Content-Length: 83\r\n\r\n--B\r\nContent-Disposition: "
                                "form-data; name=\"file\"; filename=\"a.xml\"\r\n\r\nnone\r\n"
                                "--B--\r\n"));
    (void)usleep(100'000);
    http_stop(site.http);
    HttpReply reply = http_fixture_read(cx, fd, false, 5'000);
    if (reply.status == 201)
        EXPECT(http_fixture_header(&reply, SLICE("Fapiao-Reference")).size > 0);
    (void)close(fd);
    flow_close(site.flow);
    http_close(site.http);
    return reply.status;
}

TEST("arriving: whose receipt is on its way when the server stops is answered with it")
{
    int status = 0; // on a busy machine the request may come too late
    for (int turn = 0; turn < 5 && status == 0; turn++)
        status = status_at_stop(cx, turn);
    EXPECT(status == 201);
}
