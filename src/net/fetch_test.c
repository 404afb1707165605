#include "net/fetch.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "net/fetch_fixture.h"

typedef struct Server {
    Cx cx; // of its thread
    FetchFixture *fixture;
} Server;

static Slice answer(void *self, Slice request)
{
    Server *server = self;
    Cx *cx = &server->cx;
    if (slice_starts(request, SLICE("GET /moved")))
        return fetch_fixture_reply(cx, 302, "Location: /hello\r\n", SLICE(""));
    if (slice_starts(request, SLICE("GET /large"))) {
        static char zeros[5000];
        return fetch_fixture_reply(cx, 200, "", (Slice){zeros, sizeof zeros});
    }
    if (slice_starts(request, SLICE("GET /hang"))) return SLICE("");
    if (slice_starts(request, SLICE("GET /half")))
        return SLICE("HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\n1");
    if (slice_starts(request, SLICE("POST /")))
        return fetch_fixture_reply(
            cx, 409, "content-type: text/x.tlog.size\r\n",
            slice_sub(request, slice_find(request, SLICE("\r\n\r\n")) + 4, request.size));
    return fetch_fixture_reply(cx, 200, "Content-Type: text/plain\r\n", SLICE("hello"));
}

static void open_server(Server *server, const char *folder)
{
    *server = (Server){};
    cx_init(&server->cx, world_real(), 1 << 20);
    server->fixture = fetch_fixture_open(answer, server, folder);
}

static void close_server(Server *server)
{
    fetch_fixture_close(server->fixture);
    cx_done(&server->cx);
}

static Err get(Cx *cx, const Server *server, const char *path, FetchReply *reply)
{
    const FetchRequest request = {
        .method = "GET", .url = fetch_fixture_url(cx, server->fixture, path), .answer_max = 4096};
    return fetch_ask(cx, &request, reply);
}

TEST("fetch: any status is an answer, and a redirect is not followed")
{
    Server server;
    FetchReply reply = {};
    open_server(&server, NULL);
    EXPECT_OK(get(cx, &server, "/hello", &reply));
    EXPECT(reply.status == 200 && slice_equal(reply.body, SLICE("hello")));
    EXPECT(slice_equal(reply.type, SLICE("text/plain")) && reply.location.size == 0);
    EXPECT_OK(get(cx, &server, "/moved", &reply));
    EXPECT(reply.status == 302 && slice_equal(reply.location, SLICE("/hello")));
    const FetchRequest post = {.method = "POST",
                               .url = fetch_fixture_url(cx, server.fixture, "/p"),
                               .headers = (const char *const[]){"X-One: 1", NULL},
                               .body = SLICE("a\0b")};
    EXPECT_OK(fetch_ask(cx, &post, &reply));
    EXPECT(reply.status == 409 && slice_equal(reply.body, SLICE("a\0b")));
    EXPECT(slice_equal(reply.type, SLICE("text/x.tlog.size")));
    Slice heard = fetch_fixture_heard(cx, server.fixture);
    EXPECT(slice_find(heard, SLICE("X-One: 1\r\n")) != SLICE_NONE);
    EXPECT(slice_find(heard, SLICE("User-Agent")) == SLICE_NONE);
    EXPECT(slice_find(heard, SLICE("Expect")) == SLICE_NONE);
    close_server(&server);
}

TEST("fetch: no answer, half an answer and too much of an answer are told apart")
{
    Server server;
    FetchReply reply = {};
    open_server(&server, NULL);
    EXPECT(get(cx, &server, "/large", &reply) == ERR_LIMIT);
    EXPECT(get(cx, &server, "/hang", &reply) == ERR_STORE);
    EXPECT(get(cx, &server, "/half", &reply) == ERR_STORE);
    Slice url = fetch_fixture_url(cx, server.fixture, "/hello");
    close_server(&server);
    const FetchRequest closed = {.method = "GET", .url = url};
    EXPECT(fetch_ask(cx, &closed, &reply) == ERR_STORE);
    EXPECT(slice_find(err_text(cx), url) != SLICE_NONE);
    const FetchRequest file = {.method = "GET", .url = SLICE("file:///etc/hostname")};
    EXPECT(fetch_ask(cx, &file, &reply) == ERR_INPUT);
}

TEST("fetch: who is told to stop does, and who waits for nothing, long before the time is over")
{
    // Connections are taken by the kernel, and nobody ever answers.
    AUTO_CLOSE int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT(bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, 1) == 0);
    EXPECT(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    FetchReply reply = {};
    atomic_bool stop = true;
    FetchRequest request = {.method = "GET",
                            .url = cx_printf(cx, "http://127.0.0.1:%u/", ntohs(address.sin_port)),
                            .timeout_ms = 3'600'000,
                            .stop = &stop};
    EXPECT(fetch_ask(cx, &request, &reply) == ERR_STORE);
    stop = false;
    request.stall_ms = 500;
    EXPECT(fetch_ask(cx, &request, &reply) == ERR_STORE);
}

TEST("fetch: over TLS it trusts a named CA or a pinned key, and nobody else")
{
    Server server;
    FetchReply reply = {};
    const char *folder = test_folder();
    open_server(&server, folder);
    const char *ca = cx_printf(cx, "%s/cert.pem", folder).data;
    char wrong[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    Slice by_name = fetch_fixture_url(cx, server.fixture, "/hello");
    Slice by_number =
        cx_printf(cx, "https://127.0.0.1:%u/hello", fetch_fixture_port(server.fixture));
    const struct {
        Slice url;
        const char *ca, *pin;
        Err err;
    } cases[] = {
        {by_name, ca, NULL, ERR_OK},
        {by_name, NULL, NULL, ERR_DENIED},
        {by_number, ca, NULL, ERR_DENIED}, // another name than the certificate's
        {by_number, NULL, fetch_fixture_pin(server.fixture), ERR_OK},
        {by_name, NULL, wrong, ERR_DENIED},
        {by_name, ca, wrong, ERR_DENIED},
        {by_name, cx_printf(cx, "%s/none.pem", folder).data, NULL, ERR_DENIED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const FetchRequest request = {
            .method = "GET", .url = cases[i].url, .ca_file = cases[i].ca, .pin = cases[i].pin};
        EXPECT(fetch_ask(cx, &request, &reply) == cases[i].err);
    }
    close_server(&server);
}

TEST("fetch: an address is http or https, without a user, a query or a fragment")
{
    static const struct {
        const char *url;
        bool good;
    } cases[] = {
        {"http://127.0.0.1:8080", true},
        {"https://w.example/fapiao/", true},
        {"http://[::1]:9", true},
        {"", false},
        {"127.0.0.1:8080", false},
        {"ftp://a", false},
        {"http://", false},
        {"http://a b", false},
        {"http://u@a", false},
        {"https://u:p@a/", false},
        {"http://a/?q=1", false},
        {"http://a/#f", false},
        {"HTTP://a", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT((fetch_check_url(cx, slice_of(cases[i].url)) == ERR_OK) == cases[i].good);
}
