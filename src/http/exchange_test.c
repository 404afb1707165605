#include "http/exchange.h"

#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "http/http_fixture.h"

static char filler[LIMIT_TUS_CHUNK_BYTES];

static void nothing(Exchange *exchange)
{
    (void)usleep(1000);
    exchange_keep(exchange, filler);
}

static void answer(Exchange *exchange)
{
    Slice kept = exchange_kept(exchange) == filler ? SLICE("kept") : SLICE("lost");
    exchange_answer(exchange, 200, SLICE("text/plain"), kept);
}

static void handle(void *self, Exchange *exchange)
{
    (void)self;
    Cx *cx = exchange_cx(exchange);
    if (slice_equal(exchange_path(exchange), SLICE("/kept"))) {
        if (!exchange_work(exchange, nothing, answer))
            exchange_answer(exchange, 503, SLICE("text/plain"), SLICE("busy"));
        return;
    }
    exchange_set(exchange, "X-Odd", SLICE("a\r\nInjected: yes\x7f"));
    Slice agent = exchange_get(exchange, "user-agent");
    if (slice_equal(exchange_path(exchange), SLICE("/none"))) {
        exchange_answer(exchange, 204, SLICE(""), SLICE(""));
        return;
    }
    if (slice_equal(exchange_path(exchange), SLICE("/big"))) {
        exchange_answer(exchange, 200, SLICE("text/plain"), (Slice){filler, sizeof filler});
        return;
    }
    if (slice_equal(exchange_path(exchange), SLICE("/bye"))) exchange_hang_up(exchange);
    exchange_answer(exchange, 200, SLICE("text/plain"),
                    cx_printf(cx, "%d|" SLICE_FMT "|" SLICE_FMT "|" SLICE_FMT "|%zu",
                              (int)exchange_method(exchange), SLICE_ARG(exchange_path(exchange)),
                              SLICE_ARG(exchange_query(exchange)), SLICE_ARG(agent),
                              exchange_body(exchange).size));
}

TEST("exchange: a handler sees method, path, query, headers and body")
{
    Server *server = NULL;
    EXPECT_OK(server_open(
        cx, &(ServerOptions){.address = "127.0.0.1", .handler = handle, .threads = 1}, &server));
    uint16_t port = server_port(server);
    HttpReply reply = http_fixture_ask(cx, port, "PATCH /a%2Fb?x=1&y=%20?", "User-Agent: me\r\n",
                                       (Slice){filler, sizeof filler});
    EXPECT(slice_equal(reply.body, SLICE("3|/a%2Fb|x=1&y=%20?|me|4194304")));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("X-Odd")), SLICE("aInjected: yes")));
    reply = http_fixture_ask(cx, port, "GET /none", "", SLICE(""));
    EXPECT(reply.status == 204 && reply.body.size == 0);
    reply = http_fixture_ask(cx, port, "GET /bye", "", SLICE(""));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Connection")), SLICE("close")));
    reply = http_fixture_ask(cx, port, "GET /kept", "", SLICE(""));
    EXPECT(slice_equal(reply.body, SLICE("kept")));
    // A target in absolute form has no path of ours.
    reply = http_fixture_ask(cx, port, "GET http://elsewhere/x", "", SLICE(""));
    EXPECT(slice_starts(reply.body, SLICE("0|http://elsewhere/x|")));
    server_stop(server);
    server_close(server);
}

TEST("exchange: requests in one packet are answered in order, with what no buffer takes at once")
{
    Server *server = NULL;
    EXPECT_OK(server_open(
        cx, &(ServerOptions){.address = "127.0.0.1", .handler = handle, .threads = 1}, &server));
    int fd = http_fixture_connect(server_port(server));
    http_fixture_send(fd, SLICE("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                "POST /b HTTP/1.1\r\nHost: localhost\r\n"
                                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                                "HEAD /c HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                "GET /kept HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                "GET /d HTTP/1.0\r\nHost: localhost\r\n\r\n"));
    Text all = text_open(cx, 2 * sizeof filler);
    char bytes[65536];
    for (ssize_t got = 1; got > 0;) {
        got = read(fd, bytes, sizeof bytes);
        if (got > 0) text_add(&all, (Slice){bytes, (size_t)got});
    }
    // A HEAD has the length alone; evhttp closes after HTTP/1.0.
    static const char *const parts[] = {"\r\n\r\n0|/a|||0HTTP/1.1 200 OK\r\n",
                                        "\r\n\r\n2|/b|||3HTTP/1.1 200 OK\r\n",
                                        "\r\nContent-Length: 8\r\n\r\nHTTP/1.1 200 OK\r\n",
                                        "\r\nContent-Length: 4194304\r\n\r\n",
                                        "HTTP/1.1 200 OK\r\n",
                                        "\r\n\r\nkeptHTTP/1.1 200 OK\r\n",
                                        "\r\nConnection: close\r\n\r\n0|/d|||0"};
    Slice rest = text_so_far(&all);
    EXPECT(rest.size > sizeof filler && rest.size < sizeof filler + 2048);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t at = slice_find(rest, slice_of(parts[i]));
        EXPECT(at != SLICE_NONE);
        if (at != SLICE_NONE) rest = slice_sub(rest, at + 4, SIZE_MAX);
    }
    (void)close(fd);
    server_stop(server);
    server_close(server);
}
