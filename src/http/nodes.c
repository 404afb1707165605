#include "http/nodes.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/limits.h"
#include "desk/running/mirror/node.h"
#include "http/exchange.h"
#include "publish/replica_pack.h"
#include "publish/replica_side.h"
#include "publish/sealer.h"

#define TEXT  SLICE("text/plain; charset=utf-8")
#define BYTES SLICE("application/octet-stream")

// One question. It lives in the exchange's arena.
typedef struct Asked {
    Nodes *nodes;
    Exchange *exchange;
    Slice name; // of the mirror
    int status;
    Slice type, body;
    bool waits; // for a checkpoint over `over`
    uint64_t over;
    struct Asked *next; // that waits as well
} Asked;

struct Nodes {
    NodesOptions options;
    Server *server;
    // On the loop's thread alone, of which there is one:
    ServerThread *thread;
    Asked *waiting; // newest first
    bool armed;     // the sealer will ring
};

typedef Err NodesAnswer(Cx *cx, Asked *asked, Db *db);

// "" when it is not there.
static Slice text_of(const Asked *asked, Slice name)
{
    Slice rest = exchange_query(asked->exchange), part;
    for (bool done = false; slice_cut(&rest, '&', &done, &part);)
        if (slice_starts(part, name) && part.size > name.size && part.data[name.size] == '=')
            return slice_sub(part, name.size + 1, part.size);
    return SLICE("");
}

static Err number_of(Cx *cx, const Asked *asked, Slice name, uint64_t *ret_number)
{
    if (slice_u64(text_of(asked, name), ret_number) && *ret_number <= INT64_MAX) return ERR_OK;
    return err_set(cx, ERR_INPUT, "a number '" SLICE_FMT "' is missing", SLICE_ARG(name));
}

static void answer(Asked *asked, int status, Slice type, Slice body)
{
    asked->status = status;
    asked->type = type;
    asked->body = body;
}

static Err say_hello(Cx *cx, Asked *asked, Db *db)
{
    (void)db;
    Flow *flow = asked->nodes->options.flow;
    Slice text;
    TRY(node_hello_print(cx, flow_store(flow), flow_log(flow), &text));
    answer(asked, 200, TEXT, text);
    return ERR_OK;
}

// The largest that a mirror takes in one step, else the next one after `over`.
static Err find_checkpoint(Cx *cx, Db *db, uint64_t over, Slice *ret_note)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT note FROM checkpoint WHERE tenant = '' AND size = COALESCE("
                 "(SELECT MAX(size) FROM checkpoint WHERE tenant = '' AND size > $1 "
                 "AND size <= $2), "
                 "(SELECT MIN(size) FROM checkpoint WHERE tenant = '' AND size > $1))",
                 DB_VALUES(db_int((int64_t)over), db_int((int64_t)(over + LIMIT_NODE_LEAVES))),
                 &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_note = SLICE("");
    return row ? cx_copy(cx, db_col_blob(rows, 0), ret_note) : ERR_OK;
}

static Err show_newest(Cx *cx, Asked *asked, Db *db)
{
    LogHead head;
    TRY(log_head(cx, flow_log(asked->nodes->options.flow), db, &head));
    // A mirror that has more than we do must hear of it.
    if (head.size < asked->over)
        answer(asked, 200, TEXT, head.note);
    else
        asked->waits = true;
    return ERR_OK;
}

static Err show_checkpoint(Cx *cx, Asked *asked, Db *db)
{
    Slice note;
    TRY(number_of(cx, asked, SLICE("over"), &asked->over));
    TRY(find_checkpoint(cx, db, asked->over, &note));
    if (slice_empty(note)) return show_newest(cx, asked, db);
    asked->waits = false;
    answer(asked, 200, TEXT, note);
    return ERR_OK;
}

static Err range_of(Cx *cx, const Asked *asked, uint64_t *ret_from, uint64_t *ret_to)
{
    TRY(number_of(cx, asked, SLICE("from"), ret_from));
    TRY(number_of(cx, asked, SLICE("to"), ret_to));
    if (*ret_from >= 1 && *ret_from <= *ret_to) return ERR_OK;
    return err_set(cx, ERR_INPUT, "there is nothing from %llu to %llu",
                   (unsigned long long)*ret_from, (unsigned long long)*ret_to);
}

static Err show_leaves(Cx *cx, Asked *asked, Db *db)
{
    uint64_t from = 0, to = 0;
    TRY(range_of(cx, asked, &from, &to));
    size_t room = to - from + 1;
    if (room > LIMIT_NODE_LEAVES)
        return err_set(cx, ERR_INPUT, "at most %zu leaves at once", LIMIT_NODE_LEAVES);
    char *leaves = arena_try_array(&cx->arena, room, DIGEST_SIZE);
    if (leaves == NULL) return err_set(cx, ERR_LIMIT, "the leaves do not fit in memory");
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT leaf_hash FROM event WHERE sequence >= $1 AND sequence <= $2 "
                 "ORDER BY sequence",
                 DB_VALUES(db_int((int64_t)from), db_int((int64_t)to)), &rows));
    size_t size = 0;
    for (bool row = true;; size += DIGEST_SIZE) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        Slice hash = db_col_blob(rows, 0);
        if (hash.size != DIGEST_SIZE) return err_set(cx, ERR_CORRUPT, "a leaf hash is damaged");
        memcpy(leaves + size, hash.data, DIGEST_SIZE);
    }
    answer(asked, 200, BYTES, (Slice){leaves, size});
    return ERR_OK;
}

static Err show_facts(Cx *cx, Asked *asked, Db *db)
{
    uint64_t from = 0, to = 0, next = 0;
    Slice bytes;
    TRY(range_of(cx, asked, &from, &to));
    // A document may be as large as all that a request of a stranger may use.
    cx->arena.limit = LIMIT_NODE_ARENA;
    TRY(db_begin_read(cx, db));
    Err err = replica_pack(cx, flow_store(asked->nodes->options.flow), db, from, to,
                           NODES_FACTS_BYTES, &next, &bytes);
    db_rollback(db);
    TRY(err);
    answer(asked, 200, BYTES, bytes);
    return ERR_OK;
}

static Err show_side(Cx *cx, Asked *asked, Db *db)
{
    ReplicaSide after = {};
    Slice bytes;
    TRY(number_of(cx, asked, SLICE("refused"), &after.refused_ms));
    TRY(number_of(cx, asked, SLICE("signed"), &after.signed_ms));
    TRY(base64_unhex(cx, text_of(asked, SLICE("id")), after.refused_id, sizeof after.refused_id));
    TRY(db_begin_read(cx, db));
    Err err = replica_side_pack(cx, db, &after, &bytes);
    db_rollback(db);
    TRY(err);
    answer(asked, 200, BYTES, bytes);
    return ERR_OK;
}

static Err take_cosignature(Cx *cx, Asked *asked, Db *db)
{
    (void)db;
    Flow *flow = asked->nodes->options.flow;
    TRY(node_cosign(cx, flow_store(flow), flow_committer(flow), asked->name,
                    exchange_body(asked->exchange)));
    answer(asked, 204, SLICE(""), SLICE(""));
    return ERR_OK;
}

static Err take_trouble(Cx *cx, Asked *asked, Db *db)
{
    (void)db;
    TRY(node_failed(cx, flow_committer(asked->nodes->options.flow), asked->name,
                    exchange_body(asked->exchange)));
    answer(asked, 204, SLICE(""), SLICE(""));
    return ERR_OK;
}

static const struct {
    ExchangeMethod method;
    Slice path;
    NodesAnswer *answer;
} table[] = {
    {METHOD_GET, {"/node/v1/hello", 14}, say_hello},
    {METHOD_GET, {"/node/v1/checkpoint", 19}, show_checkpoint},
    {METHOD_GET, {"/node/v1/leaves", 15}, show_leaves},
    {METHOD_GET, {"/node/v1/facts", 14}, show_facts},
    {METHOD_GET, {"/node/v1/side", 13}, show_side},
    {METHOD_POST, {"/node/v1/cosignature", 20}, take_cosignature},
    {METHOD_POST, {"/node/v1/trouble", 16}, take_trouble},
};

static NodesAnswer *route_of(const Exchange *exchange)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (exchange_method(exchange) == table[i].method &&
            slice_equal(exchange_path(exchange), table[i].path))
            return table[i].answer;
    return NULL;
}

static int status_of(Err err)
{
    static const int statuses[] = {
        [ERR_OK] = 200,       [ERR_INPUT] = 400,  [ERR_LIMIT] = 503, [ERR_MISSING] = 404,
        [ERR_CONFLICT] = 409, [ERR_DENIED] = 403, [ERR_STORE] = 500, [ERR_CORRUPT] = 500,
    };
    return statuses[err];
}

static Err run_with(Cx *cx, Asked *asked, Db *db)
{
    Slice token = exchange_get(asked->exchange, "Authorization");
    if (!slice_starts(token, SLICE("Bearer ")) ||
        node_of_token(cx, db, slice_sub(token, 7, token.size), &asked->name) != ERR_OK) {
        answer(asked, 401, TEXT, SLICE("a node's token is needed\n"));
        return ERR_OK;
    }
    NodesAnswer *route = route_of(asked->exchange);
    if (route != NULL) return route(cx, asked, db);
    answer(asked, 404, TEXT, SLICE("there is no such question\n"));
    return ERR_OK;
}

// On a worker's thread.
static void on_worker(Exchange *exchange)
{
    Asked *asked = exchange_kept(exchange);
    Cx *cx = exchange_cx(exchange);
    Store *store = flow_store(asked->nodes->options.flow);
    Db *db = NULL;
    Err err = store_take(cx, store, &db);
    if (err == ERR_OK) {
        err = run_with(cx, asked, db);
        store_give(store, db);
    }
    if (err != ERR_OK) answer(asked, status_of(err), TEXT, cx_printf(cx, "%s\n", cx->err_text));
}

// --- waiting for a checkpoint
//
// All wait for the same thing, so the sealer is asked to ring once, however many they are and
// whether they are still there when it does. It may never ring: a log that has halted signs no
// more.

static void after_worker(Exchange *exchange);

static void forget(Asked *asked)
{
    Asked **at = &asked->nodes->waiting;
    while (*at != asked)
        at = &(*at)->next;
    *at = asked->next;
}

static void timed_out(Exchange *exchange)
{
    forget(exchange_kept(exchange));
    exchange_answer(exchange, 204, SLICE(""), SLICE(""));
}

// A mirror asks one question at a time. Of those that it left behind, or floods us with, only the
// newest few wait on: each holds memory for as long.
static void crowd_out(const Asked *newest)
{
    size_t count = 0;
    for (Asked *asked = newest->next, *next; asked != NULL; asked = next) {
        next = asked->next;
        if (!slice_equal(asked->name, newest->name) || ++count < LIMIT_NODE_WAITING) continue;
        exchange_wait_not(asked->exchange);
        timed_out(asked->exchange);
    }
}

static void on_rung(void *self)
{
    Nodes *nodes = self;
    nodes->armed = false;
    Asked *next = nodes->waiting;
    nodes->waiting = NULL;
    while (next != NULL) {
        Asked *asked = next;
        next = asked->next;
        asked->waits = false;
        exchange_wait_not(asked->exchange);
        if (!exchange_work(asked->exchange, on_worker, after_worker))
            exchange_answer(asked->exchange, 503, TEXT, SLICE("too much is going on\n"));
    }
}

// From the sealer's thread, or from ours within after_worker.
static void on_covered(void *self, bool covered)
{
    Nodes *nodes = self;
    if (covered) server_post(nodes->thread, on_rung, nodes);
}

static void after_worker(Exchange *exchange)
{
    Asked *asked = exchange_kept(exchange);
    Nodes *nodes = asked->nodes;
    Sealer *sealer = flow_sealer(nodes->options.flow);
    if (!asked->waits || sealer == NULL) {
        exchange_answer(exchange, asked->waits ? 204 : asked->status, asked->type, asked->body);
        return;
    }
    asked->next = nodes->waiting;
    nodes->waiting = asked;
    exchange_wait(exchange, NODES_WAIT_MS, timed_out);
    crowd_out(asked);
    if (nodes->armed) return;
    nodes->armed = true;
    nodes->thread = exchange_thread(exchange);
    sealer_when(sealer, asked->over, on_covered, nodes);
}

// --- the door

static void handle(void *self, Exchange *exchange)
{
    Cx *cx = exchange_cx(exchange);
    Asked *asked = arena_alloc(&cx->arena, sizeof *asked);
    *asked = (Asked){.nodes = self, .exchange = exchange};
    exchange_keep(exchange, asked);
    if (exchange_malformed(exchange) != NULL)
        exchange_answer(exchange, 400, TEXT, SLICE("the request is malformed\n"));
    else if (!exchange_work(exchange, on_worker, after_worker))
        exchange_answer(exchange, 503, TEXT, SLICE("too much is going on\n"));
}

static Slice problem(Cx *cx, int status)
{
    return cx_printf(cx, "%d\n", status);
}

Err nodes_open(Cx *cx, const NodesOptions *options, Nodes **ret_nodes)
{
    Nodes *nodes = calloc(1, sizeof *nodes); // owned: until nodes_close
    if (nodes == NULL) abort();
    nodes->options = *options;
    const ServerOptions server = {.address = options->address,
                                  .port = options->port,
                                  .open_to_all = options->tls_cert != NULL,
                                  .tls_cert = options->tls_cert,
                                  .tls_key = options->tls_key,
                                  .threads = 1,
                                  .handler = handle,
                                  .problem = problem,
                                  .body_bytes = LIMIT_NODE_HELLO_BYTES,
                                  .self = nodes};
    Err err = server_open(cx, &server, &nodes->server);
    if (err != ERR_OK) {
        free(nodes);
        return err;
    }
    *ret_nodes = nodes;
    return ERR_OK;
}

uint16_t nodes_port(const Nodes *nodes)
{
    return server_port(nodes->server);
}

void nodes_stop(Nodes *nodes)
{
    if (nodes != NULL) server_stop(nodes->server);
}

void nodes_close(Nodes *nodes)
{
    if (nodes == NULL) return;
    server_close(nodes->server);
    free(nodes);
}
