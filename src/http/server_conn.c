// Connections as the server counts them. evhttp reads a whole body before any handler runs and
// offers no hook before that, so bytes are counted where they arrive: by callbacks on the buffers
// of a bufferevent that we made ourselves.
#include "http/server_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/limits.h"

// A connection holds at most one request (evhttp refuses more) and its line and headers.
#define HELD_MAX (LIMIT_REQUEST_BYTES + LIMIT_MIB)
// A request may take arrival_ms, and more while bytes keep coming at this rate.
#define RATE_BYTES_PER_MS ((size_t)32)

static void cut(ServerConn *conn)
{
    // Not freed here: evhttp may be in the middle of it. It finds the end of file and frees it.
    conn->cut = true;
    conn->thread->held -= conn->held;
    conn->held = 0;
    (void)shutdown(bufferevent_getfd(conn->bufev), SHUT_RDWR);
}

static void count(ServerConn *conn)
{
    if (conn->cut) return;
    size_t received = conn->received < HELD_MAX ? conn->received : HELD_MAX;
    size_t held = received + evbuffer_get_length(bufferevent_get_output(conn->bufev));
    ServerThread *thread = conn->thread;
    thread->held = thread->held - conn->held + held;
    conn->held = held;
    size_t share = thread->server->options.in_flight_bytes / (size_t)thread->server->thread_count;
    if (thread->held > share) event_active(thread->chore, EV_TIMEOUT, 0);
}

static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
    (void)input;
    ServerConn *conn = arg;
    conn->thread->reading = conn;
    if (info->n_added == 0) return;
    conn->active_ms = server_now_ms(conn->thread->server);
    if (conn->arriving_ms == 0) conn->arriving_ms = conn->active_ms;
    conn->received += info->n_added;
    count(conn);
}

static void on_output(struct evbuffer *output, const struct evbuffer_cb_info *info, void *arg)
{
    ServerConn *conn = arg;
    if (conn->thread->stopping && evbuffer_get_length(output) == 0)
        event_active(conn->thread->chore, EV_TIMEOUT, 0);
    if (info->n_deleted > 0) conn->active_ms = server_now_ms(conn->thread->server);
    if (info->n_added > 0 && !conn->answering && !conn->foreign) {
        conn->foreign = true;
        conn->thread->foreign_count++;
        event_active(conn->thread->chore, EV_TIMEOUT, 0);
    }
    count(conn);
}

// evhttp stops reading before each request and starts again behind its answer: to the kernel that
// is a change of the very interest it has already, a system call for each request. A second event
// on the same socket keeps the interest. It lets go when something arrives that nobody reads now:
// when it is told so a second time, for the first may be the request that was just read and waits
// for its answer.
static void on_anchor(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    ServerConn *conn = arg;
    bool read = (bufferevent_get_enabled(conn->bufev) & EV_READ) != 0;
    bool again = conn->stirred;
    conn->stirred = !read;
    if (read || !again) return;
    (void)event_del(conn->anchor);
    conn->anchored = false;
}

static void hold(ServerConn *conn)
{
    conn->stirred = false;
    if (conn->anchored || conn->anchor == NULL) return;
    conn->anchored = event_add(conn->anchor, NULL) == 0;
}

static void forget(ServerThread *thread, ServerConn *conn)
{
    if (conn->anchor != NULL) event_free(conn->anchor);
    // Its buffers live a moment longer than this record of them.
    (void)evbuffer_remove_cb(bufferevent_get_input(conn->bufev), on_input, conn);
    (void)evbuffer_remove_cb(bufferevent_get_output(conn->bufev), on_output, conn);
    if (conn == thread->conns)
        thread->conns = conn->next;
    else
        conn->previous->next = conn->next;
    if (conn->next != NULL) conn->next->previous = conn->previous;
    thread->conn_count--;
    thread->held -= conn->held;
    if (conn->foreign) thread->foreign_count--;
    if (thread->reading == conn) thread->reading = NULL;
    for (Exchange *e = thread->under_way; e != NULL; e = e->next)
        if (e->conn == conn) e->conn = NULL;
    free(conn);
}

static void closed(struct evhttp_connection *evcon, void *arg)
{
    (void)evcon;
    ServerConn *conn = arg;
    forget(conn->thread, conn);
}

struct bufferevent *server_conn_new(struct event_base *base, void *arg)
{
    ServerThread *thread = arg;
    SSL_CTX *tls = thread->server->tls;
    struct bufferevent *bufev =
        tls != NULL ? server_tls_accept(base, tls) : bufferevent_socket_new(base, -1, 0);
    ServerConn *conn = calloc(1, sizeof *conn); // owned: until forget()
    if (bufev == NULL || conn == NULL) abort();
    *conn = (ServerConn){.thread = thread, .bufev = bufev, .next = thread->conns};
    conn->plain = tls == NULL;
    conn->active_ms = server_now_ms(thread->server);
    if (thread->conns != NULL) thread->conns->previous = conn;
    thread->conns = conn;
    thread->conn_count++;
    evbuffer_add_cb(bufferevent_get_input(bufev), on_input, conn);
    evbuffer_add_cb(bufferevent_get_output(bufev), on_output, conn);
    // The connection that evhttp is about to make round it is known in a moment (adopt).
    bufferevent_incref(bufev);
    event_active(thread->chore, EV_TIMEOUT, 0);
    return bufev;
}

// evhttp registers each connection as the argument of its buffer's callbacks, before the loop can
// run anything else: that is where we learn whose end to be told of.
static void adopt(ServerThread *thread, ServerConn *conn)
{
    bufferevent_event_cb on_event = NULL;
    void *evcon = NULL;
    bufferevent_getcb(conn->bufev, NULL, NULL, &on_event, &evcon);
    if (on_event == NULL) { // evhttp gave up on it
        struct bufferevent *bufev = conn->bufev;
        forget(thread, conn);
        (void)bufferevent_decref(bufev);
        return;
    }
    conn->evcon = evcon;
    evhttp_connection_set_closecb(conn->evcon, closed, conn);
    (void)bufferevent_decref(conn->bufev);
    // Ours are shorter (server_conn_sweep), and cost nothing for each request.
    bufferevent_set_timeouts(conn->bufev, NULL, NULL);
    if (!conn->plain) return; // TLS reads and writes in its own turn
    conn->anchor = event_new(thread->base, bufferevent_getfd(conn->bufev), EV_READ | EV_PERSIST,
                             on_anchor, conn);
    if (conn->anchor == NULL) abort();
    hold(conn);
}

static int status_of(struct evbuffer *page)
{
    char line[13] = {}; // "HTTP/1.1 413 "
    if (evbuffer_copyout(page, line, 12) < 12 || line[8] != ' ') return 0;
    for (int i = 9; i < 12; i++)
        if (line[i] < '0' || line[i] > '9') return 0;
    return (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
}

// evhttp answers by itself, in HTML, what it can't parse or won't take. Such a page becomes a
// problem document with the same headers as every answer. It closes afterwards in any case.
static void translate(ServerConn *conn)
{
    conn->foreign = false;
    conn->thread->foreign_count--;
    struct evbuffer *output = bufferevent_get_output(conn->bufev);
    int status = status_of(output);
    if (status == 100 || evbuffer_get_length(output) == 0) return;
    if (status < 400 || status > 599) status = 501; // a method that evhttp has no word for
    Cx cx;
    cx_init(&cx, conn->thread->server->world, LIMIT_MIB);
    ServerProblem *problem = conn->thread->server->options.problem;
    Slice body = problem == NULL ? SLICE("{}") : problem(&cx, status);
    conn->answering = true;
    (void)evbuffer_unfreeze(output, 1);
    (void)evbuffer_drain(output, evbuffer_get_length(output));
    (void)evbuffer_freeze(output, 1);
    evbuffer_add_printf(output,
                        "HTTP/1.1 %d %s\r\n"
                        "Content-Type: application/problem+json; charset=utf-8\r\n"
                        "X-Content-Type-Options: nosniff\r\n"
                        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
                        "Referrer-Policy: no-referrer\r\n"
                        "Cache-Control: no-store\r\n"
                        "Connection: close\r\nContent-Length: %zu\r\n\r\n",
                        status, exchange_head_reason(status), body.size);
    (void)evbuffer_add(output, body.data, body.size);
    conn->answering = false;
    cx_done(&cx);
}

static void cut_greatest(ServerThread *thread)
{
    ServerConn *greatest = NULL;
    for (ServerConn *conn = thread->conns; conn != NULL; conn = conn->next)
        if (!conn->busy && !conn->cut && (greatest == NULL || conn->held > greatest->held))
            greatest = conn;
    if (greatest != NULL && greatest->held > 0) cut(greatest);
}

static void cut_idlest(ServerThread *thread)
{
    ServerConn *idlest = NULL;
    for (ServerConn *conn = thread->conns; conn != NULL; conn = conn->next)
        if (!conn->busy && !conn->cut && (idlest == NULL || conn->active_ms < idlest->active_ms))
            idlest = conn;
    if (idlest != NULL) cut(idlest);
}

void server_conn_chores(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    ServerThread *thread = arg;
    const ServerOptions *options = &thread->server->options;
    // Fresh ones stand at the head of the list.
    for (ServerConn *conn = thread->conns, *next; conn != NULL; conn = next) {
        next = conn->next;
        if (conn->evcon != NULL) break;
        adopt(thread, conn);
    }
    for (ServerConn *conn = thread->conns; conn != NULL && thread->foreign_count > 0;
         conn = conn->next)
        if (conn->foreign) translate(conn);
    size_t threads = (size_t)thread->server->thread_count;
    for (size_t before = 0; thread->held > options->in_flight_bytes / threads;) {
        before = thread->held;
        cut_greatest(thread);
        if (thread->held == before) break; // all of it belongs to requests being handled
    }
    if (thread->conn_count > options->connections / threads) cut_idlest(thread);
}

void server_conn_sweep(ServerThread *thread)
{
    const ServerOptions *options = &thread->server->options;
    uint64_t now = server_now_ms(thread->server);
    for (ServerConn *conn = thread->conns; conn != NULL; conn = conn->next) {
        if (conn->busy || conn->cut) continue;
        bool idle = now - conn->active_ms > options->idle_ms;
        uint64_t allowed = options->arrival_ms + conn->received / RATE_BYTES_PER_MS;
        bool slow = conn->arriving_ms != 0 && now - conn->arriving_ms > allowed;
        if (idle || slow) cut(conn);
    }
}

void server_conn_rest(ServerConn *conn)
{
    conn->busy = false;
    // What arrived behind the request belongs to the next one.
    conn->received = evbuffer_get_length(bufferevent_get_input(conn->bufev));
    conn->active_ms = server_now_ms(conn->thread->server);
    conn->arriving_ms = conn->received > 0 ? conn->active_ms : 0;
    count(conn);
    hold(conn);
}
