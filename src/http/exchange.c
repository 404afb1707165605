#include "http/exchange.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/uio.h>

#include "base/limits.h"
#include "http/server_parts.h"

// A body over this is lent to the socket's buffer, not copied into it.
#define LEND_BYTES ((size_t)4096)
#define LINES_MAX  ((size_t)16 * 1024) // headers of an answer

Cx *exchange_cx(Exchange *exchange)
{
    return &exchange->cx;
}

ServerThread *exchange_thread(const Exchange *exchange)
{
    return exchange->thread;
}

ExchangeMethod exchange_method(const Exchange *exchange)
{
    return exchange->method;
}

Slice exchange_path(const Exchange *exchange)
{
    return exchange->path;
}

Slice exchange_query(const Exchange *exchange)
{
    return exchange->query;
}

Slice exchange_body(const Exchange *exchange)
{
    return exchange->body;
}

Slice exchange_get(const Exchange *exchange, const char *header)
{
    const Slice wanted = slice_of(header);
    const struct evkeyvalq *headers = evhttp_request_get_input_headers(exchange->request);
    for (const struct evkeyval *at = headers->tqh_first; at != NULL; at = at->next.tqe_next)
        if (((at->key[0] ^ header[0]) & 0x5f) == 0 && slice_equal_nocase(slice_of(at->key), wanted))
            return slice_of(at->value);
    return SLICE("");
}

bool exchange_local(const Exchange *exchange)
{
    return exchange->local;
}

Slice exchange_peer(const Exchange *exchange)
{
    char *address = NULL;
    ev_uint16_t port = 0;
    if (exchange->local) return SLICE("");
    evhttp_connection_get_peer(evhttp_request_get_connection(exchange->request), &address, &port);
    return slice_of(address);
}

bool exchange_secure(const Exchange *exchange)
{
    return !exchange->local && exchange->thread->server->tls != NULL;
}

const char *exchange_malformed(const Exchange *exchange)
{
    return exchange->malformed;
}

void exchange_keep(Exchange *exchange, void *user)
{
    exchange->user = user;
}

void *exchange_kept(const Exchange *exchange)
{
    return exchange->user;
}

void exchange_hang_up(Exchange *exchange)
{
    exchange->hang_up = true;
}

static void add_line(Exchange *exchange, Slice name, Slice value)
{
    text_add(&exchange->lines, name);
    text_add(&exchange->lines, SLICE(": "));
    text_add(&exchange->lines, value);
    text_add(&exchange->lines, SLICE("\r\n"));
}

void exchange_set(Exchange *exchange, const char *header, Slice value)
{
    char text[1024];
    size_t size = 0;
    bool plain = true;
    for (size_t i = 0; i < value.size; i++)
        plain &= (unsigned char)value.data[i] >= 0x20 && value.data[i] != 0x7f;
    if (plain && value.size <= sizeof text) {
        add_line(exchange, slice_of(header), value);
        return;
    }
    for (size_t i = 0; i < value.size && size < sizeof text; i++)
        if ((unsigned char)value.data[i] >= 0x20 && value.data[i] != 0x7f)
            text[size++] = value.data[i];
    add_line(exchange, slice_of(header), (Slice){text, size});
}

void exchange_set_lines(Exchange *exchange, Slice lines)
{
    text_add(&exchange->lines, lines);
}

static ExchangeMethod method_of(struct evhttp_request *request)
{
    switch ((int)evhttp_request_get_command(request)) {
    case EVHTTP_REQ_GET:
        return METHOD_GET;
    case EVHTTP_REQ_HEAD:
        return METHOD_HEAD;
    case EVHTTP_REQ_POST:
        return METHOD_POST;
    case EVHTTP_REQ_PATCH:
        return METHOD_PATCH;
    case EVHTTP_REQ_DELETE:
        return METHOD_DELETE;
    case EVHTTP_REQ_OPTIONS:
        return METHOD_OPTIONS;
    default:
        return METHOD_OTHER;
    }
}

// Two readers of one request must never disagree on where it ends (RFC 9112 §6.1-6.3). evhttp takes
// the first of several lengths, a length beside chunks, and "+5".
static const char *framing_fault(struct evhttp_request *request)
{
    int lengths = 0, codings = 0, hosts = 0;
    const struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
    for (const struct evkeyval *header = headers->tqh_first; header != NULL;
         header = header->next.tqe_next) {
        Slice name = slice_of(header->key), value = slice_of(header->value);
        if (slice_equal_nocase(name, SLICE("Content-Length"))) {
            lengths++;
            if (!slice_digits(value)) return "a Content-Length that is no number";
        } else if (slice_equal_nocase(name, SLICE("Transfer-Encoding"))) {
            codings++;
            if (!slice_equal_nocase(value, SLICE("chunked"))) return "an unknown Transfer-Encoding";
        } else if (slice_equal_nocase(name, SLICE("Host"))) {
            hosts++;
        } else if (name.size > 0 && (name.data[name.size - 1] == ' ' || name.data[0] == ' ')) {
            return "white space before a colon";
        }
    }
    if (lengths > 1) return "two Content-Length headers";
    if (codings > 1) return "two Transfer-Encoding headers";
    if (lengths > 0 && codings > 0) return "Content-Length beside Transfer-Encoding";
    if (hosts > 1) return "two Host headers";
    return NULL;
}

// evhttp reads no body behind HEAD and behind what it has no word for, and would take those bytes
// for the next request, which another reader of this connection never sent (a proxy, say).
static bool body_is_left(const Exchange *exchange)
{
    if (exchange->method != METHOD_HEAD && exchange->method != METHOD_OTHER) return false;
    Slice length = exchange_get(exchange, "Content-Length");
    return (length.size > 0 && !slice_equal(length, SLICE("0"))) ||
           exchange_get(exchange, "Transfer-Encoding").size > 0;
}

static ServerConn *conn_of(ServerThread *thread, struct evhttp_request *request)
{
    struct bufferevent *bufev =
        evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));
    ServerConn *conn = thread->reading;
    if (conn == NULL || conn->bufev != bufev)
        for (conn = thread->conns; conn->bufev != bufev;)
            conn = conn->next;
    return conn;
}

static void arrived(ServerThread *thread, struct evhttp_request *request, bool local)
{
    Exchange *exchange = calloc(1, sizeof *exchange); // owned: until release()
    if (exchange == NULL) abort();
    cx_init(&exchange->cx, thread->server->world, LIMIT_JOB_ARENA);
    exchange->lines = text_open(&exchange->cx, LINES_MAX);
    exchange->thread = thread;
    exchange->request = request;
    exchange->conn = conn_of(thread, request);
    exchange->conn->busy = true;
    exchange->local = local;
    exchange->method = method_of(request);
    Slice uri = slice_of(evhttp_request_get_uri(request));
    size_t mark = slice_find(uri, SLICE("?"));
    exchange->path = mark == SLICE_NONE ? uri : slice_sub(uri, 0, mark);
    exchange->query = mark == SLICE_NONE ? SLICE("") : slice_sub(uri, mark + 1, uri.size);
    struct evbuffer *input = evhttp_request_get_input_buffer(request);
    size_t size = evbuffer_get_length(input);
    if (size > 0) exchange->body = (Slice){(char *)evbuffer_pullup(input, -1), size};
    exchange->malformed = framing_fault(request);
    exchange->hang_up = body_is_left(exchange);
    exchange->next = thread->under_way;
    if (exchange->next != NULL) exchange->next->previous = exchange;
    thread->under_way = exchange;
    thread->server->options.handler(thread->server->options.self, exchange);
}

void exchange_arrived(struct evhttp_request *request, void *thread)
{
    arrived(thread, request, false);
}

void exchange_arrived_local(struct evhttp_request *request, void *thread)
{
    arrived(thread, request, true);
}

static void release(const void *data, size_t size, void *arg)
{
    (void)data, (void)size;
    Exchange *exchange = arg;
    cx_done(&exchange->cx);
    free(exchange);
}

static void leave(Exchange *exchange)
{
    ServerThread *thread = exchange->thread;
    if (exchange->previous != NULL)
        exchange->previous->next = exchange->next;
    else
        thread->under_way = exchange->next;
    if (exchange->next != NULL) exchange->next->previous = exchange->previous;
    if (thread->stopping && thread->under_way == NULL) event_active(thread->chore, EV_TIMEOUT, 0);
}

// evhttp hears of what is written from now on, and of nothing that arrives meanwhile.
static void write_later(ServerConn *conn)
{
    bufferevent_data_cb on_write = NULL;
    bufferevent_event_cb on_event = NULL;
    void *evcon = NULL;
    bufferevent_getcb(conn->bufev, NULL, &on_write, &on_event, &evcon);
    bufferevent_setcb(conn->bufev, NULL, on_write, on_event, evcon);
    (void)bufferevent_enable(conn->bufev, EV_WRITE);
}

// Whether evhttp will close the connection after this answer: as it decides in evhttp_send_done.
static bool will_close(const Exchange *exchange)
{
    const struct evhttp_request *request = exchange->request;
    if (exchange->hang_up || exchange->malformed != NULL || exchange->thread->stopping) return true;
    Slice connection = exchange_get(exchange, "Connection");
    if (request->major < 1 || (request->major == 1 && request->minor < 1)) return true;
    return slice_equal_nocase(connection, SLICE("close"));
}

// Head and body of an answer.
typedef struct Answer {
    Slice head, body;
} Answer;

static Answer print_answer(Exchange *exchange, int status, Slice type, Slice body, bool close)
{
    Cx *cx = &exchange->cx;
    if (type.size > 0) exchange_set(exchange, "Content-Type", type);
    if (exchange->lines.full) {
        // No room for the headers: without them nothing is told.
        exchange->lines = text_open(cx, 1);
        status = 500;
        type = body = SLICE("");
    }
    bool is_head = exchange->method == METHOD_HEAD;
    bool has_length = type.size > 0 || (status != 204 && status != 304 && !is_head);
    int64_t length = !has_length ? -1 : type.size > 0 ? (int64_t)body.size : 0;
    Slice head = exchange_head_print(cx, status, exchange_head_date(&exchange->thread->date, cx),
                                     text_so_far(&exchange->lines), length, close);
    return (Answer){head, is_head || type.size == 0 ? SLICE("") : body};
}

// An answer goes out at once and straight to the socket, not after another turn of the loop and
// through a buffer: the socket is nearly always ready. What it took is cut off; an error is found
// by who writes the rest.
static void write_now(ServerConn *conn, Answer *answer)
{
    struct iovec parts[] = {{(char *)(uintptr_t)answer->head.data, answer->head.size},
                            {(char *)(uintptr_t)answer->body.data, answer->body.size}};
    ssize_t sent = writev(bufferevent_getfd(conn->bufev), parts, answer->body.size > 0 ? 2 : 1);
    size_t done = sent > 0 ? (size_t)sent : 0;
    size_t of_head = done < answer->head.size ? done : answer->head.size;
    answer->head = slice_sub(answer->head, of_head, SIZE_MAX);
    answer->body = slice_sub(answer->body, done - of_head, SIZE_MAX);
}

// What is left is the bufferevent's; true when the body is lent to it.
static bool put(Exchange *exchange, Answer answer)
{
    struct evbuffer *output = bufferevent_get_output(exchange->conn->bufev);
    if (answer.head.size > 0) (void)evbuffer_add(output, answer.head.data, answer.head.size);
    if (answer.body.size > LEND_BYTES)
        return evbuffer_add_reference(output, answer.body.data, answer.body.size, release,
                                      exchange) == 0;
    if (answer.body.size > 0) (void)evbuffer_add(output, answer.body.data, answer.body.size);
    return false;
}

// evhttp parses requests and keeps connections; the answer is ours from the first byte, printed
// once instead of header by header.
void exchange_answer(Exchange *exchange, int status, Slice type, Slice body)
{
    struct evhttp_request *request = exchange->request;
    ServerConn *conn = exchange->conn;
    leave(exchange);
    request->chunked = 0; // as it arrived; evhttp would end our answer with an empty chunk
    if (conn == NULL) {
        evhttp_send_reply_end(request);
        release(NULL, 0, exchange);
        return;
    }
    bool close = will_close(exchange);
    if (close)
        (void)evhttp_add_header(evhttp_request_get_output_headers(request), "Connection", "close");
    // An answer may lie in the bytes that came.
    Slice asked = exchange->body;
    bool echo = asked.size > 0 && body.data >= asked.data && body.data < asked.data + asked.size;
    Answer answer = print_answer(exchange, status, type, body, close);
    struct evbuffer *output = bufferevent_get_output(conn->bufev);
    conn->answering = true;
    // Behind an interim answer it waits its turn. A connection that ends is left to the loop: its
    // end frees it.
    if (!close && conn->plain && evbuffer_get_length(output) == 0) write_now(conn, &answer);
    bool lent = put(exchange, answer);
    // A lent exchange may be gone from here. The request's bytes have been used up; keeping them
    // while a slow reader takes the answer would cost memory for nothing. (An answer that is
    // written ends the request, and they go with it.)
    struct evbuffer *input = evhttp_request_get_input_buffer(request);
    bool written = evbuffer_get_length(output) == 0;
    if (!echo && !written) (void)evbuffer_drain(input, evbuffer_get_length(input));
    conn->answering = false;
    if (!written) write_later(conn);
    server_conn_rest(conn);
    if (!lent) release(NULL, 0, exchange);
    // `request` is evhttp's from here, and `conn` with it.
    evhttp_send_reply_end(request);
}

static void work_done(void *arg)
{
    Exchange *exchange = arg;
    exchange->after(exchange);
}

static void work_do(void *arg)
{
    Exchange *exchange = arg;
    exchange->on_worker(exchange);
    server_post(exchange->thread, work_done, exchange);
}

bool exchange_work(Exchange *exchange, ExchangeFn *on_worker, ExchangeFn *after)
{
    Server *server = exchange->thread->server;
    exchange->on_worker = on_worker;
    exchange->after = after;
    (void)pthread_mutex_lock(&server->work.lock);
    bool room = server->work.count < LIMIT_WAITING_REQUESTS;
    (void)pthread_mutex_unlock(&server->work.lock);
    if (!room) return false;
    (void)server_line_add(&server->work, work_do, exchange);
    (void)pthread_cond_signal(&server->work_there);
    return true;
}

void exchange_wait(Exchange *exchange, uint64_t ms, ExchangeFn *timed_out)
{
    exchange->timed_out = timed_out;
    exchange->until_ms = server_now_ms(exchange->thread->server) + ms;
}

void exchange_linger(Exchange *exchange, uint64_t ms)
{
    exchange_wait(exchange, ms, exchange->timed_out);
    exchange->lingers = true;
}

void exchange_wait_not(Exchange *exchange)
{
    exchange->until_ms = 0;
}

void exchange_sweep(ServerThread *thread)
{
    uint64_t now = server_now_ms(thread->server);
    for (Exchange *exchange = thread->under_way, *next; exchange != NULL; exchange = next) {
        next = exchange->next;
        bool waits = exchange->until_ms > now && (!thread->stopping || exchange->lingers);
        if (exchange->until_ms == 0 || waits) continue;
        exchange->until_ms = 0;
        exchange->timed_out(exchange);
    }
}
