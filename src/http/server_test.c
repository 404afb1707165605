#include "http/server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"
#include "http/exchange.h"
#include "http/http_fixture.h"

static char large[10 * 1024 * 1024];

static void sleep_a_little(Exchange *exchange)
{
    (void)exchange;
    (void)usleep(100'000);
}

static void answer_ok(Exchange *exchange)
{
    exchange_answer(exchange, 200, SLICE("text/plain"), SLICE("worked"));
}

static void answer_late(Exchange *exchange)
{
    exchange_answer(exchange, 202, SLICE("text/plain"), SLICE("late"));
}

// "/echo" the body, "/work" after a worker, "/wait" only when time is up, "/large" ten megabytes.
static void handle(void *self, Exchange *exchange)
{
    (void)self;
    Slice path = exchange_path(exchange);
    if (exchange_malformed(exchange) != NULL)
        exchange_answer(exchange, 400, SLICE("text/plain"), slice_of(exchange_malformed(exchange)));
    else if (slice_equal(path, SLICE("/echo")))
        exchange_answer(exchange, 200, SLICE("text/plain"), exchange_body(exchange));
    else if (slice_equal(path, SLICE("/work")))
        (void)exchange_work(exchange, sleep_a_little, answer_ok);
    else if (slice_equal(path, SLICE("/wait")))
        exchange_wait(exchange, 200, answer_late);
    else if (slice_equal(path, SLICE("/large")))
        exchange_answer(exchange, 200, SLICE("text/plain"), (Slice){large, sizeof large});
    else
        exchange_answer(exchange, 200, SLICE("text/plain"),
                        exchange_local(exchange) ? SLICE("local") : SLICE("tcp"));
}

static Slice problem(Cx *cx, int status)
{
    return cx_printf(cx, "{\"status\":%d}", status);
}

static Server *opened(Cx *cx, ServerOptions options)
{
    options.address = "127.0.0.1";
    options.handler = handle;
    options.problem = problem;
    if (options.threads == 0) options.threads = 2;
    Server *server = NULL;
    EXPECT_OK(server_open(cx, &options, &server));
    return server;
}

static void closed(Server *server)
{
    server_stop(server);
    server_close(server);
}

TEST("server: answers, keeps the connection, takes every method and a body")
{
    Server *server = opened(cx, (ServerOptions){});
    uint16_t port = server_port(server);
    int fd = http_fixture_connect(port);
    http_fixture_send(
        fd, SLICE("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"));
    HttpReply one = http_fixture_read(cx, fd, false, 5000);
    EXPECT(one.status == 200 && slice_equal(one.body, SLICE("tcp")));
    http_fixture_send(fd, SLICE("GET /c HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT(http_fixture_read(cx, fd, false, 5000).status == 200);
    (void)close(fd);
    static const char *const methods[] = {"POST /echo", "PATCH /echo", "DELETE /echo",
                                          "OPTIONS /echo", "PUT /echo"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        HttpReply reply = http_fixture_ask(cx, port, methods[i], "", SLICE("body"));
        EXPECT(reply.status == 200 && slice_equal(reply.body, SLICE("body")));
    }
    HttpReply head = http_fixture_ask(cx, port, "HEAD /x", "", SLICE(""));
    EXPECT(head.status == 200);
    EXPECT(slice_equal(http_fixture_header(&head, SLICE("Content-Length")), SLICE("3")));
    HttpReply body = http_fixture_ask(cx, port, "GET /large", "", SLICE(""));
    EXPECT(body.status == 200 && body.body.size == sizeof large);
    closed(server);
}

TEST("server: framing in doubt is refused")
{
    Server *server = opened(cx, (ServerOptions){});
    static const char *const heads[] = {
        "Content-Length: 4\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: +4\r\n",
        "Content-Length : 4\r\n",
        "Host: twice\r\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        int fd = http_fixture_connect(server_port(server));
        Slice head = cx_printf(cx, "POST /echo HTTP/1.1\r\nHost: x\r\n%s\r\n%s", heads[i],
                               i == 1 ? "4\r\nbody\r\n0\r\n\r\n" : "body");
        http_fixture_send(fd, head);
        HttpReply reply = http_fixture_read(cx, fd, false, 5000);
        EXPECT(reply.status == 400);
        EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Connection")), SLICE("close")));
        (void)close(fd);
    }
    closed(server);
}

TEST("server: what evhttp refuses by itself is a problem document, too")
{
    Server *server = opened(cx, (ServerOptions){});
    static const struct {
        Slice bytes;
        int status;
    } cases[] = {
        {SLICE("GET\r\n\r\n"), 400},
        {SLICE("GET / HTTP/1.1\r\nno colon here\r\n\r\n"), 400},
        {SLICE("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"), 400},
        {SLICE("POST / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 5\r\n\r\n"), 417},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fd = http_fixture_connect(server_port(server));
        http_fixture_send(fd, cases[i].bytes);
        HttpReply reply = http_fixture_read(cx, fd, false, 5000);
        EXPECT(reply.status == cases[i].status);
        EXPECT(slice_starts(http_fixture_header(&reply, SLICE("Content-Type")),
                            SLICE("application/problem+json")));
        EXPECT(slice_starts(reply.body, SLICE("{\"status\":")));
        (void)close(fd);
    }
    HttpReply reply =
        http_fixture_ask(cx, server_port(server), "POST /echo", "", (Slice){large, sizeof large});
    EXPECT(reply.status == 413 && slice_equal(reply.body, SLICE("{\"status\":413}")));
    reply = http_fixture_ask(cx, server_port(server), "POST /echo", "",
                             (Slice){large, LIMIT_REQUEST_BYTES});
    EXPECT(reply.status == 200 && reply.body.size == LIMIT_REQUEST_BYTES);
    closed(server);
}

TEST("server: a client that leaves while its command is under way harms nobody")
{
    Server *server = opened(cx, (ServerOptions){.threads = 1});
    for (int i = 0; i < 20; i++) {
        int fd = http_fixture_connect(server_port(server));
        http_fixture_send(fd, i % 2 == 0 ? SLICE("GET /work HTTP/1.1\r\nHost: x\r\n\r\n")
                                         : SLICE("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"));
        if (i % 4 < 2) (void)usleep(5'000);
        const struct linger reset = {1, 0};
        if (i % 3 == 0) (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        (void)close(fd);
    }
    HttpReply reply = http_fixture_ask(cx, server_port(server), "GET /work", "", SLICE(""));
    EXPECT(reply.status == 200 && slice_equal(reply.body, SLICE("worked")));
    reply = http_fixture_ask(cx, server_port(server), "GET /large", "", SLICE(""));
    EXPECT(reply.status == 200);
    closed(server);
}

TEST("server: 200 silent uploaders hold little, and another client is answered")
{
    // A request may take 900 ms here; 8 MiB may be in flight.
    Server *server = opened(
        cx, (ServerOptions){.in_flight_bytes = 8 * LIMIT_MIB, .idle_ms = 900, .arrival_ms = 900});
    static int fds[200];
    for (int i = 0; i < 200; i++) {
        fds[i] = http_fixture_connect(server_port(server));
        http_fixture_send(fds[i], SLICE("POST /echo HTTP/1.1\r\nHost: x\r\n"
                                        "Content-Length: 4000000\r\n\r\n"));
        http_fixture_send(fds[i], (Slice){large, 100'000});
    }
    HttpReply reply = http_fixture_ask(cx, server_port(server), "GET /x", "", SLICE(""));
    EXPECT(reply.status == 200);
    (void)usleep(200'000);
    // 200 x 100 KB are over 8 MiB: the greatest were closed at once; the rest when time was up.
    int still = 0;
    for (int round = 0; round < 60; round++) {
        still = 0;
        for (int i = 0; i < 200; i++) {
            char byte;
            ssize_t n = recv(fds[i], &byte, 1, MSG_DONTWAIT | MSG_PEEK);
            if (n < 0) still++;
        }
        if (round == 0) EXPECT(still <= 90);
        if (still == 0) break;
        (void)usleep(100'000);
    }
    EXPECT(still == 0);
    for (int i = 0; i < 200; i++)
        (void)close(fds[i]);
    EXPECT(http_fixture_ask(cx, server_port(server), "GET /x", "", SLICE("")).status == 200);
    closed(server);
}

TEST("server: whoever comes through the folder's socket is local, and nobody else can")
{
    const char *folder = test_folder();
    Slice path = cx_printf(cx, "%s/fapiao.sock", folder);
    Server *server = opened(cx, (ServerOptions){.socket_path = path.data});
    struct stat info;
    EXPECT(stat(path.data, &info) == 0 && (info.st_mode & 0777) == 0600);
    int fd = http_fixture_connect_local(path.data);
    http_fixture_send(fd, SLICE("GET /x HTTP/1.1\r\nHost: x\r\n\r\n"));
    HttpReply reply = http_fixture_read(cx, fd, false, 5000);
    EXPECT(reply.status == 200 && slice_equal(reply.body, SLICE("local")));
    (void)close(fd);
    closed(server);
    EXPECT(stat(path.data, &info) != 0);
}

TEST("server: a port that somebody listens on is refused, not shared with them")
{
    Server *first = opened(cx, (ServerOptions){.threads = 2}), *second = NULL;
    ServerOptions same = {
        .address = "127.0.0.1", .port = server_port(first), .handler = handle, .threads = 2};
    EXPECT(server_open(cx, &same, &second) == ERR_CONFLICT && second == NULL);
    EXPECT(slice_find(err_text(cx), SLICE("another program listens there")) != SLICE_NONE);
    closed(first);
    EXPECT_OK(server_open(cx, &same, &second));
    EXPECT(server_port(second) == same.port);
    closed(second);
}

TEST("server: listens on loopback alone")
{
    static const struct {
        const char *address;
        Err err;
    } cases[] = {{"0.0.0.0", ERR_DENIED}, {"::", ERR_DENIED},    {"10.0.0.1", ERR_DENIED},
                 {"::1x", ERR_INPUT},     {"localhost", ERR_OK}, {"127.8.9.10", ERR_OK}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Server *server = NULL;
        ServerOptions options = {.address = cases[i].address, .handler = handle, .threads = 1};
        EXPECT(server_open(cx, &options, &server) == cases[i].err);
        if (cases[i].err == ERR_OK) closed(server);
        // What has nothing private in it may listen anywhere.
        options = (ServerOptions){.address = "0.0.0.0", .open_to_all = true, .handler = handle};
        EXPECT_OK(server_open(cx, &options, &server));
        closed(server);
    }
}

TEST("server: stopping answers what waits")
{
    Server *server = opened(cx, (ServerOptions){.threads = 1});
    int fd = http_fixture_connect(server_port(server));
    http_fixture_send(fd, SLICE("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"));
    (void)usleep(50'000);
    server_stop(server);
    EXPECT(http_fixture_read(cx, fd, false, 1000).status == 202);
    server_close(server);
    (void)close(fd);
}

TEST("server: an address has a host and a port")
{
    static const struct {
        Slice text;
        const char *address;
        int port;
    } cases[] = {{SLICE("127.0.0.1:80"), "127.0.0.1", 80},
                 {SLICE("[::1]:0"), "::1", 0},
                 {SLICE("localhost:65535"), "localhost", 65535},
                 {SLICE("127.0.0.1"), NULL, 0},
                 {SLICE("127.0.0.1:65536"), NULL, 0},
                 {SLICE("127.0.0.1:x"), NULL, 0},
                 {SLICE(""), NULL, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *address = NULL;
        uint16_t port = 0;
        Err err = server_address(cx, cases[i].text, &address, &port);
        EXPECT((err == ERR_OK) == (cases[i].address != NULL));
        if (err == ERR_OK) EXPECT(strcmp(address, cases[i].address) == 0);
        if (err == ERR_OK) EXPECT(port == cases[i].port);
    }
}
