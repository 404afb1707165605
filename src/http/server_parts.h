// What server.c, server_conn.c and exchange.c share. Nobody else includes it.
#pragma once
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <pthread.h>

#include "base/text.h"
#include "http/exchange.h"
#include "http/exchange_head.h"
#include "http/server_tls.h"

typedef struct ServerConn ServerConn;
typedef struct ServerJob {
    struct ServerJob *next;
    ServerPost *fn;
    void *arg;
} ServerJob;

// A line of jobs, first in first out.
typedef struct ServerLine {
    pthread_mutex_t lock;
    ServerJob *first, *last;
    size_t count;
} ServerLine;

struct ServerThread {
    Server *server;
    pthread_t thread;
    struct event_base *base;
    struct evhttp *tcp, *local;
    struct evhttp_bound_socket *tcp_bound, *local_bound;
    struct event *wake, *tick, *chore;
    int wake_fd;
    ServerLine line;
    ServerConn *conns;   // all of them
    ServerConn *reading; // whose input changed last: the one whose request is handled next
    size_t conn_count, held, foreign_count;
    Exchange *under_way;
    ExchangeDate date;
    bool stopping;
    uint64_t stop_ms; // when it gives up on answers that nobody takes
};

struct Server {
    ServerOptions options;
    SSL_CTX *tls; // NULL: plain
    const World *world;
    ServerThread *threads;
    int thread_count, worker_count;
    pthread_t *workers;
    ServerLine work;
    pthread_cond_t work_there;
    bool work_ends;
    uint16_t port;
};

// One connection: what it makes us hold, and since when.
struct ServerConn {
    ServerThread *thread;
    ServerConn *next, *previous;
    struct bufferevent *bufev;
    struct evhttp_connection *evcon; // NULL while fresh
    struct event *anchor;            // see server_conn.c; NULL while fresh, and with TLS
    bool anchored, stirred;          // stirred: the anchor was told once of what nobody reads now
    size_t received;                 // bytes of the request that is arriving
    size_t held;                     // bytes counted in thread->held
    uint64_t active_ms, arriving_ms; // last byte; first byte of this request, 0 = none
    bool plain;                      // no TLS: what is written to the socket is what is read
    bool busy;                       // its request is being handled
    bool answering;                  // what is written now is ours
    bool foreign;                    // evhttp wrote a page of its own
    bool cut;                        // shut down by us; evhttp will notice
};

struct Exchange {
    Cx cx;
    ServerThread *thread;
    ServerConn *conn;
    struct evhttp_request *request;
    Exchange *next, *previous; // in thread->under_way
    ExchangeMethod method;
    Slice path, query, body;
    bool local, hang_up;
    const char *malformed;
    Text lines; // headers of the answer
    void *user;
    ExchangeFn *on_worker, *after, *timed_out;
    uint64_t until_ms; // 0 = no limit
    bool lingers;      // until then, even if the server stops
};

uint64_t server_now_ms(const Server *server); // steady
// Adds behind; the caller signals. `job` is malloc'd by the function. True when the line was empty.
bool server_line_add(ServerLine *line, ServerPost *fn, void *arg);
ServerJob *server_line_take_all(ServerLine *line);

struct bufferevent *server_conn_new(struct event_base *base, void *thread);
void server_conn_chores(evutil_socket_t fd, short what, void *thread);
// Once a second: cuts what is idle, slow or too much.
void server_conn_sweep(ServerThread *thread);
// The request was answered: what it held is free again.
void server_conn_rest(ServerConn *conn);

// evhttp's callback for every request; `arg` is the thread.
void exchange_arrived(struct evhttp_request *request, void *thread);
void exchange_arrived_local(struct evhttp_request *request, void *thread);
// Calls timed_out where it is due.
void exchange_sweep(ServerThread *thread);
