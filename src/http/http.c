#include "http/http.h"

#include <stdlib.h>

#include "base/limits.h"
#include "desk/people/account/account_send.h"
#include "desk/people/account/account_setup.h"
#include "http/http_access.h"
#include "http/http_audit.h"
#include "http/http_guard.h"
#include "http/http_openapi.h"
#include "http/http_parts.h"
#include "http/http_problem.h"
#include "http/http_static.h"
#include "http/http_today.h"

// A form on another site can send what it likes but JSON, for which a browser asks first: what
// wants JSON takes nothing else. Other kinds of bodies are checked by who reads them.
static bool takes_body(Call *call)
{
    Slice json = SLICE("application/json"), kind = exchange_get(call->exchange, "Content-Type"),
          name;
    bool done = false;
    if (!slice_starts(slice_of(call->route->request), json)) return true;
    return slice_cut(&kind, ';', &done, &name) && slice_equal_nocase(slice_trim(name), json);
}

// Runs a route where it belongs: permission, connection, answer or problem.
static void run(Call *call)
{
    const Route *route = call->route;
    Err err = ERR_OK;
    if (!route->open && call->actor.kind == PERMISSION_STRANGER) {
        exchange_set(call->exchange, "WWW-Authenticate", SLICE("Bearer realm=\"fapiao\""));
        call_problem(call, HTTP_PROBLEM_SIGN_IN, SLICE(""));
        http_audit_refused(call);
        return;
    }
    bool known = http_access_known(call);
    if (!known || (route->guarded && permission_wants_factor(&call->actor, route->act))) {
        if (known) call_problem(call, HTTP_PROBLEM_FACTOR_WANTED, SLICE(""));
        http_audit_refused(call);
        return;
    }
    if (route->guarded) err = permission_check(call->cx, &call->actor, route->act);
    if (err == ERR_OK) err = call_query_known(call);
    if (err == ERR_OK && !takes_body(call)) {
        call_problem(call, HTTP_PROBLEM_MEDIA_TYPE, SLICE(""));
        return;
    }
    Store *store = flow_store(call->http->flow);
    if (err == ERR_OK && route->db) err = store_take(call->cx, store, &call->db);
    if (err == ERR_OK) err = route->run(call);
    if (call->db != NULL) store_give(store, call->db);
    call->db = NULL;
    if (err == ERR_OK) return;
    bool refused = err == ERR_DENIED && !call_is_stale(call, err);
    call_fail(call, err);
    call->later = false;
    if (refused) http_audit_refused(call);
}

static void on_worker(Exchange *exchange)
{
    run(exchange_kept(exchange));
}

static void after_worker(Exchange *exchange)
{
    Call *call = exchange_kept(exchange);
    call->on_worker = false;
    if (!call->later || call->completed)
        call_send(call);
    else
        exchange_wait(exchange, LIMIT_OUTCOME_WAIT_MS, call->timed_out);
}

// What an address takes: told to who asks for that, and to who wants something else of it.
static void tell_methods(Call *call, Slice allow)
{
    exchange_set(call->exchange, "Allow", allow);
    if (exchange_method(call->exchange) == METHOD_OPTIONS)
        call_empty(call, 204);
    else
        call_problem(call, HTTP_PROBLEM_METHOD, SLICE(""));
}

static void no_route(Call *call, Slice allow)
{
    ExchangeMethod method = exchange_method(call->exchange);
    Slice path = exchange_path(call->exchange);
    bool api = slice_starts(path, SLICE("/api/")) || slice_equal(path, SLICE("/api"));
    if (allow.size > 0)
        tell_methods(call, allow);
    else if (!api && (method == METHOD_GET || method == METHOD_HEAD))
        http_static_get(call);
    else if (!api && http_static_has(call))
        tell_methods(call, SLICE("GET, HEAD, OPTIONS"));
    else
        call_problem(call, HTTP_PROBLEM_NOT_FOUND, SLICE(""));
}

// "OPTIONS *" asks of the whole server, "CONNECT localhost:443" wants a tunnel (RFC 9112 §3.2).
static void no_path(Call *call)
{
    Exchange *exchange = call->exchange;
    ExchangeMethod method = exchange_method(exchange);
    bool whole = method == METHOD_OPTIONS && slice_equal(exchange_path(exchange), SLICE("*"));
    if (whole || method == METHOD_OTHER)
        tell_methods(call, SLICE("GET, HEAD, POST, PATCH, DELETE, OPTIONS"));
    else
        call_problem(call, HTTP_PROBLEM_BAD_REQUEST, SLICE("the target is no path"));
}

// False when the request may not be served at all; the problem is set.
static bool guard(Call *call)
{
    Exchange *exchange = call->exchange;
    ExchangeMethod method = exchange_method(exchange);
    HttpGuarded request = {.host = exchange_get(exchange, "Host"),
                           .origin = exchange_get(exchange, "Origin"),
                           .fetch_site = exchange_get(exchange, "Sec-Fetch-Site"),
                           .local = exchange_local(exchange),
                           .secure = exchange_secure(exchange),
                           .changes = method != METHOD_GET && method != METHOD_HEAD &&
                                      method != METHOD_OPTIONS};
    if (exchange_malformed(exchange) != NULL)
        call_problem(call, HTTP_PROBLEM_BAD_REQUEST, slice_of(exchange_malformed(exchange)));
    else if (!request.local && !http_guard_host(request.host, call->http->names))
        call_problem(call, HTTP_PROBLEM_WRONG_HOST, SLICE(""));
    else if (!http_guard_origin(&request))
        call_problem(call, HTTP_PROBLEM_CROSS_ORIGIN, SLICE(""));
    else if (!slice_starts(exchange_path(exchange), SLICE("/")))
        no_path(call);
    else
        return true;
    return false;
}

// Who asks, as the audit log and the limits know them; "" through DIR/fapiao.sock.
static Slice address_of(Call *call)
{
    Peer peer;
    const Http *http = call->http;
    if (!peer_parse(exchange_peer(call->exchange), &peer)) return SLICE("");
    call->peer = peer_client(peer, exchange_get(call->exchange, "X-Forwarded-For"), http->proxies,
                             http->proxy_count);
    return peer_print(call->cx, &call->peer);
}

// Nobody has signed in yet. A proxy's clients are on other machines.
static PermissionActor actor_of(Call *call)
{
    Slice address = address_of(call);
    const Exchange *exchange = call->exchange;
    bool trusted = call->http->options.trust_loopback && !exchange_secure(exchange) &&
                   exchange_get(exchange, "X-Forwarded-For").size == 0;
    PermissionActor actor = permission_actor(exchange_local(exchange) ? PERMISSION_LOCAL
                                             : trusted                ? PERMISSION_LOOPBACK
                                                                      : PERMISSION_STRANGER);
    actor.address = address;
    // Whoever may read the key file works in whichever organisation they name (fapiao
    // --organisation); it is looked up there.
    Slice organisation = exchange_get(exchange, "Fapiao-Organisation");
    if (actor.kind == PERMISSION_LOCAL && organisation.size > 0) actor.tenant = organisation;
    return actor;
}

static void handle(void *self, Exchange *exchange)
{
    Http *http = self;
    Cx *cx = exchange_cx(exchange);
    Call *call = arena_alloc(&cx->arena, sizeof *call);
    *call = (Call){.cx = cx, .exchange = exchange, .http = http};
    call->actor = actor_of(call);
    exchange_keep(exchange, call);
    if (!exchange_local(exchange) && !gate_admits(cx, http->gate, &call->peer)) {
        call_problem(call, HTTP_PROBLEM_KEPT_OUT, SLICE(""));
        call_send(call);
        return;
    }
    if (!guard(call) || !http_access_resolve(call)) {
        call_send(call);
        return;
    }
    Slice allow = SLICE("");
    call->route = routes_find(cx, exchange_method(exchange), exchange_path(exchange),
                              call->parameters, &allow);
    if (!http_limits_pass(call)) {
        call_send(call);
    } else if (call->route == NULL) {
        no_route(call, allow);
        call_send(call);
    } else if (call->route->where == ROUTE_LOOP) {
        run(call);
        if (!call->later) call_send(call);
    } else {
        call->on_worker = true;
        if (exchange_work(exchange, on_worker, after_worker)) return;
        call->on_worker = false;
        exchange_set(exchange, "Retry-After", SLICE("1"));
        call_problem(call, HTTP_PROBLEM_BUSY, SLICE(""));
        call_send(call);
    }
}

static Err open_nodes(Cx *cx, Http *http)
{
    const HttpOptions *options = &http->options;
    if (options->node_address == NULL) return ERR_OK;
    const NodesOptions nodes = {.flow = http->flow,
                                .address = options->node_address,
                                .port = options->node_port,
                                .tls_cert = options->tls_cert,
                                .tls_key = options->tls_key};
    return nodes_open(cx, &nodes, &http->nodes);
}

static Err read_proxies(Cx *cx, Http *http)
{
    Slice rest = slice_of(http->options.proxies), block;
    bool done = rest.size == 0;
    while (slice_cut(&rest, ',', &done, &block)) {
        if (http->proxy_count == LIMIT_PROXIES)
            return err_set(cx, ERR_INPUT, "more than %zu blocks of proxies", LIMIT_PROXIES);
        if (!peer_block_parse(slice_trim(block), &http->proxies[http->proxy_count++]))
            return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no address and no block of them",
                           SLICE_ARG(slice_trim(block)));
    }
    return ERR_OK;
}

static Err open_secure(Cx *cx, Http *http)
{
    const HttpOptions *options = &http->options;
    if (options->secure_address == NULL) return ERR_OK;
    const ServerOptions server = {.address = options->secure_address,
                                  .port = options->secure_port,
                                  .open_to_all = true,
                                  .tls_cert = options->secure_cert,
                                  .tls_key = options->secure_key,
                                  .threads = options->threads,
                                  .handler = handle,
                                  .problem = http_problem_of_status,
                                  .self = http};
    return server_open(cx, &server, &http->secure);
}

// All doors or none.
static Err open_doors(Cx *cx, Http *http, const ServerOptions *plain)
{
    TRY(server_open(cx, plain, &http->server));
    Err err = open_secure(cx, http);
    if (err == ERR_OK) err = open_nodes(cx, http);
    if (err == ERR_OK) return ERR_OK;
    if (http->secure != NULL) server_stop(http->secure);
    server_stop(http->server);
    return err;
}

// A mirror keeps none: whoever asks it is at its machine.
static Err open_accounts(Cx *cx, Http *http)
{
    Store *store = flow_store(http->flow);
    const AccountsOptions options = {.store = store,
                                     .committer = flow_committer(http->flow),
                                     .send = account_send,
                                     .send_self = store};
    if (options.committer == NULL || http->options.mirror != NULL) return ERR_OK;
    return account_open(cx, &options, &http->accounts);
}

static Err open_parts(Cx *cx, Http *http)
{
    const HttpOptions *options = &http->options;
    http->names = slice_of(options->names);
    TRY(read_proxies(cx, http));
    TRY(http_openapi_print(&http->cx, &http->openapi));
    TRY(http_today_print_kinds(&http->cx, &http->kinds));
    TRY(verify_tries_open(cx, flow_store(http->flow), flow_committer(http->flow), &http->tries));
    http->index = verify_index_open(cx, flow_store(http->flow), 0);
    if (flow_committer(http->flow) != NULL)
        TRY(audit_log_refused_open(cx, flow_committer(http->flow), &http->refused));
    TRY(uploads_open(cx, flow_store(http->flow), options->folder, &http->uploads));
    TRY(open_accounts(cx, http));
    Slice socket = cx_printf(&http->cx, "%s/fapiao.sock", options->folder);
    ServerOptions server = {.address = options->address,
                            .port = options->port,
                            .socket_path = options->no_socket ? NULL : socket.data,
                            .threads = options->threads,
                            .handler = handle,
                            .problem = http_problem_of_status,
                            .self = http};
    return open_doors(cx, http, &server);
}

Err http_open(Cx *cx, const HttpOptions *options, Http **ret_http)
{
    Http *http = calloc(1, sizeof *http); // owned: until http_close
    if (http == NULL) abort();
    http->options = *options;
    http->flow = options->flow;
    http->sums = search_sums_open(store_changes(flow_store(http->flow)));
    http->limits = http_limits_open(cx->world, options->no_limits);
    http->challenges = challenges_open(cx->world, CHALLENGES_BITS);
    http->gate = gate_open(flow_store(http->flow), flow_committer(http->flow));
    cx_init(&http->cx, cx->world, LIMIT_REQUEST_ARENA);
    Err err = open_parts(cx, http);
    if (err != ERR_OK) {
        verify_tries_close(http->tries);
        account_close(http->accounts);
        http->tries = NULL;
        http->accounts = NULL;
        http_close(http);
        return err;
    }
    *ret_http = http;
    return ERR_OK;
}

uint16_t http_port(const Http *http)
{
    return server_port(http->server);
}

uint16_t http_secure_port(const Http *http)
{
    return http->secure == NULL ? 0 : server_port(http->secure);
}

uint16_t http_node_port(const Http *http)
{
    return http->nodes == NULL ? 0 : nodes_port(http->nodes);
}

Err http_setup_code(Cx *cx, Http *http, Slice *ret_code)
{
    const PermissionActor local = permission_actor(PERMISSION_LOCAL);
    bool wanted = false;
    Token code;
    *ret_code = SLICE("");
    if (http->accounts == NULL || commit_halted(cx, flow_committer(http->flow)).size > 0)
        return ERR_OK;
    TRY(account_setup_wanted(cx, http->accounts, &wanted));
    if (!wanted) return ERR_OK;
    TRY(account_setup_code(cx, http->accounts, &local, &code));
    *ret_code = cx_printf(cx, "%s", code.text);
    return ERR_OK;
}

void http_stop(Http *http)
{
    nodes_stop(http->nodes);
    // Who waits for witnesses is answered with what there is.
    watch_let_go(http->options.watch);
    if (http->secure != NULL) server_stop(http->secure);
    server_stop(http->server);
    // Its last write needs the committer, which is still there.
    verify_tries_close(http->tries);
    account_close(http->accounts);
    http->tries = NULL;
    audit_log_refused_flush(http->refused, &http->cx, true);
    http->accounts = NULL;
}

void http_close(Http *http)
{
    if (http == NULL) return;
    nodes_close(http->nodes);
    server_close(http->secure);
    server_close(http->server);
    verify_index_close(http->index);
    gate_close(http->gate);
    challenges_close(http->challenges);
    http_limits_close(http->limits);
    uploads_close(http->uploads);
    search_sums_close(http->sums);
    audit_log_refused_close(http->refused);
    cx_done(&http->cx);
    free(http);
}
