// Server: HTTP/1.1 behind our own small interface (libevent's evhttp underneath; nobody else
// includes it).
//
//   N threads, each with an event loop and a SO_REUSEPORT listener of its own
//   DIR/fapiao.sock on the first thread: whoever can open it is the local administrator
//   M workers for what waits on a disk, so that no loop ever does
//
// Promises: a request is handled only when it is whole, at most LIMIT_REQUEST_BYTES, and framed
// without doubt (one Content-Length or chunked, never both). An Exchange is touched by one thread
// at a time and answered on its loop's thread. A connection that closes while its command is under
// way costs nothing but the answer. What clients can make the server hold is bounded: bytes in
// flight, connections, idle time, time a request may take to arrive.
#pragma once
#include "base/cx.h"

typedef struct Server Server;
typedef struct ServerThread ServerThread;
typedef struct Exchange Exchange; // http/exchange.h

// On a loop's thread; must answer now or later, exactly once, and never block.
typedef void ServerHandler(void *self, Exchange *exchange);
// The body of an answer that the server gives by itself (400, 408, 413, 501).
typedef Slice ServerProblem(Cx *cx, int status);

typedef struct ServerOptions {
    const char *address;  // "127.0.0.1", "::1" or "localhost"; NULL = no TCP
    uint16_t port;        // 0 = any that is free
    bool open_to_all;     // any address may be listened on: nothing private is served
    const char *tls_cert; // PEM files: TCP speaks TLS; NULL = plain
    const char *tls_key;
    const char *socket_path; // Unix socket, made 0600; NULL = none
    int threads, workers;    // 0 = one a processor, 2
    ServerHandler *handler;
    ServerProblem *problem;
    void *self;
    // 0 = as in base/limits.h; tests make them smaller.
    size_t in_flight_bytes, connections;
    size_t body_bytes; // of one request
    uint64_t idle_ms, arrival_ms;
} ServerOptions;

// ERR_DENIED for an address that is not loopback, unless it is open to all: until there are
// accounts, anyone who reaches the server may read everything. ERR_CONFLICT when the port is taken.
Err server_open(Cx *cx, const ServerOptions *options, Server **ret_server);
uint16_t server_port(const Server *server);
int server_thread_count(const Server *server);
// No new connections; ends when every request under way was answered (or ran out of time).
void server_stop(Server *server);
// After server_stop, and after whoever might still call server_post has ended. Takes NULL.
void server_close(Server *server);

// Run `fn` on that thread's loop. From any thread, until server_close.
typedef void ServerPost(void *arg);
void server_post(ServerThread *thread, ServerPost *fn, void *arg);

// "127.0.0.1:8080", "[::1]:0", "localhost:8080" -> parts; the arena holds the address. ERR_INPUT.
Err server_address(Cx *cx, Slice text, const char **ret_address, uint16_t *ret_port);
