#include "http/http.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/test.h"
#include "http/http_fixture.h"
#include "http/routes.h"
#include "http/server_self.h"
#include "net/fetch.h"

static bool safe(const HttpReply *reply)
{
    static const char *const names[] = {"Content-Security-Policy", "X-Content-Type-Options",
                                        "Referrer-Policy", "Cache-Control"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (http_fixture_header(reply, slice_of(names[i])).size == 0) return false;
    Slice policy = http_fixture_header(reply, SLICE("Content-Security-Policy"));
    return slice_find(policy, SLICE("frame-ancestors")) != SLICE_NONE &&
           slice_find(policy, SLICE("script-src 'unsafe")) == SLICE_NONE;
}

TEST("http: every answer carries the headers that keep a page safe")
{
    HttpSite site = http_fixture_open(cx, NULL);
    static const struct {
        const char *line;
        int status;
    } cases[] = {{"GET /", 200},
                 {"HEAD /", 200},
                 {"GET /invoices/some", 200},
                 {"GET /nothing.js", 404},
                 {"GET /api/v1/health", 200},
                 {"HEAD /api/v1/health", 200},
                 {"GET /api/v1/nothing", 404},
                 {"GET /api", 404},
                 {"DELETE /api/v1/health", 405},
                 {"OPTIONS /api/v1/invoices", 204},
                 {"PATCH /", 405},
                 {"OPTIONS /", 204},
                 {"OPTIONS *", 204},
                 {"BREW /", 405},
                 {"PUT /api/v1/health", 405},
                 {"PROPFIND /api/v1/invoices", 405},
                 {"get /api/v1/health", 405},
                 {"TRACE /api/v1/health", 405},
                 {"CONNECT localhost:443", 405},
                 {"PUT /nothing.js", 404},
                 {"MKCOL /api/v1/nothing", 404},
                 {"OPTIONS /api/v1/nothing", 404},
                 {"GET /api/v1/documents/R-2026-999999", 404},
                 {"GET /api/v1/invoices/zz", 404},
                 {"GET http://localhost/", 400},
                 {"GET /../../etc/passwd", 200}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HttpReply reply = http_fixture_ask(cx, site.port, cases[i].line, "", SLICE(""));
        if (reply.status != cases[i].status)
            fprintf(stderr, "%s: %d\n", cases[i].line, reply.status);
        EXPECT(reply.status == cases[i].status && safe(&reply));
        if (reply.status >= 400 && reply.body.size > 0)
            EXPECT(http_fixture_json(cx, reply.body, "title_en").size > 0);
        if (reply.status == 405 || reply.status == 204)
            EXPECT(http_fixture_header(&reply, SLICE("Allow")).size > 0);
    }
    HttpReply reply = http_fixture_ask(cx, site.port, "DELETE /api/v1/invoices", "", SLICE(""));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Allow")), SLICE("GET, HEAD, OPTIONS")));
    http_fixture_close(&site);
}

TEST("http: a body is never taken for a request, whatever method it stands behind")
{
    HttpSite site = http_fixture_open(cx, NULL);
    static const char *const methods[] = {"PROPFIND", "TRACE", "CONNECT", "PUT", "HEAD", "DELETE"};
    static const char *const frames[] = {"Content-Length: 37\r\n\r\n",
                                         "Transfer-Encoding: chunked\r\n\r\n25\r\n"};
    for (size_t i = 0; i < 2 * sizeof methods / sizeof methods[0]; i++) {
        int fd = http_fixture_connect(site.port);
        const char *method = methods[i / 2];
        http_fixture_send(fd, cx_printf(cx,
                                        "%s /api/v1/kinds HTTP/1.1\r\nHost: localhost\r\n%s"
                                        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n\r\n%s",
                                        method, frames[i % 2], i % 2 == 0 ? "" : "0\r\n\r\n"));
        bool head = strcmp(method, "HEAD") == 0;
        EXPECT(http_fixture_read(cx, fd, head, 5000).status == (head ? 200 : 405));
        EXPECT(http_fixture_read(cx, fd, false, 300).status == 0);
        (void)close(fd);
    }
    http_fixture_close(&site);
}

TEST("http: a name that someone pointed at this machine is refused, and so is another site's form")
{
    HttpSite site = http_fixture_open(cx, NULL);
    static const struct {
        const char *head;
        int status;
    } cases[] = {
        {"POST /api/v1/verifications HTTP/1.1\r\nHost: evil.example\r\n", 403},
        {"GET /api/v1/health HTTP/1.1\r\nHost: evil.example\r\n", 403},
        {"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n", 403},
        {"GET /api/v1/health HTTP/1.1\r\n", 403},
        {"GET /api/v1/health HTTP/1.1\r\nHost: localhost:9\r\n", 200},
        {"GET /api/v1/health HTTP/1.1\r\nHost: [::1]:80\r\n", 200},
        {"POST /api/v1/verifications HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil\r\n", 403},
        {"POST /api/v1/verifications HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n", 403},
        {"POST /api/v1/verifications HTTP/1.1\r\nHost: localhost\r\n"
         "Sec-Fetch-Site: cross-site\r\n",
         403},
        {"POST /api/v1/verifications HTTP/1.1\r\nHost: localhost\r\n"
         "Origin: http://localhost\r\n",
         415},
        {"POST /api/v1/verifications HTTP/1.1\r\nHost: localhost\r\n"
         "Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost\r\n",
         415},
        {"POST /api/v1/verifications HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fd = http_fixture_connect(site.port);
        http_fixture_send(fd, cx_printf(cx, "%sContent-Length: 0\r\n\r\n", cases[i].head));
        HttpReply reply = http_fixture_read(cx, fd, false, 5000);
        if (reply.status != cases[i].status) fprintf(stderr, "case %zu: %d\n", i, reply.status);
        EXPECT(reply.status == cases[i].status && safe(&reply));
        (void)close(fd);
    }
    http_fixture_close(&site);
}

TEST("http: what takes JSON takes nothing else, on every route, whoever asks")
{
    static const struct {
        const char *type;
        bool json;
    } types[] = {{"", false},
                 {"Content-Type: text/plain\r\n", false},
                 {"Content-Type: application/x-www-form-urlencoded\r\n", false},
                 {"Content-Type: application/jsonp\r\n", false},
                 {"Content-Type: text/plain; application/json\r\n", false},
                 {"Content-Type: Application/JSON ; charset=utf-8\r\n", true}};
    HttpSite site = http_fixture_open(cx, NULL);
    size_t count = 0, taken = 0;
    const Route *routes = routes_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (!slice_starts(slice_of(routes[i].request), SLICE("application/json"))) continue;
        for (size_t k = 0; k < sizeof types / sizeof types[0]; k++) {
            int fd = http_fixture_connect_local(cx_printf(cx, "%s/fapiao.sock", site.folder).data);
            http_fixture_send(fd, cx_printf(cx,
                                            "%s %s HTTP/1.1\r\nHost: localhost\r\n%s"
                                            "Content-Length: 2\r\n\r\n[]",
                                            routes_method_name(routes[i].method), routes[i].pattern,
                                            types[k].type));
            HttpReply reply = http_fixture_read(cx, fd, false, 20'000);
            (void)close(fd);
            if ((reply.status == 415) == types[k].json || reply.status == 0)
                test_fail(__FILE__, __LINE__, routes[i].id);
            taken++;
        }
    }
    EXPECT(taken > 100);
    http_fixture_close(&site);
}

TEST("http: clients that leave while their documents are on the way harm nobody")
{
    HttpSite site = http_fixture_open(cx, NULL);
    for (int i = 0; i < 30; i++) {
        int fd = http_fixture_connect(site.port);
        Slice body = cx_printf(cx,
                               "--B\r\nContent-Disposition: form-data; name=file\r\n\r\n"
                               "slow %d\r\n--B--\r\n",
                               i);
        http_fixture_send(fd,
                          cx_printf(cx,
                                    "POST /api/v1/documents%s HTTP/1.1\r\nHost: localhost\r\n"
                                    "Content-Type: multipart/form-data; boundary=B\r\n"
                                    "Content-Length: %zu\r\n\r\n" SLICE_FMT,
                                    i % 2 == 0 ? "?wait=outcome" : "", body.size, SLICE_ARG(body)));
        if (i % 3 == 0) (void)usleep(2000);
        const struct linger reset = {1, 0};
        if (i % 4 == 0) (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        (void)close(fd);
    }
    EXPECT(http_fixture_get(cx, &site, "/api/v1/health").status == 200);
    // Stopped in the middle of it: every notice that still comes finds its place.
    http_fixture_close(&site);
}

TEST("http: over TLS a stranger verifies and nothing else, and is told to come back over TLS")
{
    HttpSite site = http_fixture_open(cx, cx_printf(cx, "%s/secure", test_folder()).data);
    http_stop(site.http);
    http_close(site.http);
    ServerSelf own;
    EXPECT_OK(server_self_open(cx, site.folder, "127.0.0.1", &own));
    const HttpOptions options = {.flow = site.flow,
                                 .folder = site.folder,
                                 .address = "127.0.0.1",
                                 .threads = 1,
                                 .secure_address = "127.0.0.1",
                                 .secure_cert = own.cert_file,
                                 .secure_key = own.key_file,
                                 .proxies = "127.0.0.1, 10.0.0.0/8"};
    EXPECT_OK(http_open(cx, &options, &site.http));
    EXPECT(http_secure_port(site.http) != 0);
    FetchRequest request = {.method = "GET", .ca_file = own.cert_file};
    const struct {
        const char *path;
        int status;
    } cases[] = {{"/api/v1/health", 200},
                 {"/api/v1/kinds", 200},
                 {"/api/v1/invoices", 401},
                 {"/api/v1/documents", 401},
                 {"/api/v1/ledger", 401}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        FetchReply reply;
        request.url =
            cx_printf(cx, "https://localhost:%u%s", http_secure_port(site.http), cases[i].path);
        EXPECT_OK(fetch_ask(cx, &request, &reply));
        EXPECT(reply.status == cases[i].status);
    }
    http_fixture_close(&site);
}

TEST("http: a block of proxies that is none is refused when it is opened")
{
    HttpSite site = http_fixture_open(cx, cx_printf(cx, "%s/proxies", test_folder()).data);
    Http *http = NULL;
    const HttpOptions options = {
        .flow = site.flow, .folder = site.folder, .no_socket = true, .proxies = "10.0.0.0/8,x"};
    EXPECT(http_open(cx, &options, &http) == ERR_INPUT);
    EXPECT(slice_find(err_text(cx), SLICE("'x'")) != SLICE_NONE);
    http_fixture_close(&site);
}
