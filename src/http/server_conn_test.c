#include "http/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/test.h"
#include "http/exchange.h"
#include "http/http_fixture.h"

static void handle(void *self, Exchange *exchange)
{
    (void)self;
    exchange_answer(exchange, 200, SLICE("text/plain"), SLICE("yes"));
}

static bool is_closed(int fd)
{
    char byte;
    return recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) >= 0;
}

TEST("server_conn: over the number of connections the idlest goes")
{
    Server *server = NULL;
    EXPECT_OK(server_open(
        cx,
        &(ServerOptions){.address = "127.0.0.1", .handler = handle, .threads = 1, .connections = 4},
        &server));
    int fds[6];
    for (int i = 0; i < 6; i++) {
        fds[i] = http_fixture_connect(server_port(server));
        http_fixture_send(fds[i], SLICE("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        EXPECT(http_fixture_read(cx, fds[i], false, 2000).status == 200);
        (void)usleep(3000);
    }
    (void)usleep(50'000);
    EXPECT(is_closed(fds[0]) && is_closed(fds[1]));
    EXPECT(!is_closed(fds[4]) && !is_closed(fds[5]));
    for (int i = 0; i < 6; i++)
        (void)close(fds[i]);
    server_stop(server);
    server_close(server);
}

TEST("server_conn: who says nothing is closed, who drips is, too")
{
    Server *server = NULL;
    EXPECT_OK(server_open(cx,
                          &(ServerOptions){.address = "127.0.0.1",
                                           .handler = handle,
                                           .threads = 1,
                                           .idle_ms = 300,
                                           .arrival_ms = 500},
                          &server));
    int silent = http_fixture_connect(server_port(server));
    int dripping = http_fixture_connect(server_port(server));
    http_fixture_send(dripping,
                      SLICE("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"));
    bool both = false;
    for (int i = 0; i < 40 && !both; i++) {
        (void)usleep(50'000);
        http_fixture_send(dripping, SLICE("x"));
        both = is_closed(silent) && is_closed(dripping);
    }
    EXPECT(both);
    (void)close(silent);
    (void)close(dripping);
    server_stop(server);
    server_close(server);
}
