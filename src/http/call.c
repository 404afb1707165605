#include "http/call.h"

#include <stdatomic.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "http/http_parts.h"

// Headers that every answer carries.
#define EVERY                                                                                      \
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"                          \
    "X-Frame-Options: DENY\r\n"
// Over TLS: a browser comes back over TLS for a year (RFC 6797).
#define HSTS "Strict-Transport-Security: max-age=31536000\r\n"

#define UNWRITABLE_SAID_MS 60'000

#define PARAMETER_SHOWN 40 // characters of an unknown one

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

Slice call_decode(Cx *cx, Slice coded, bool plus_is_space)
{
    if (coded.size == 0) return SLICE("");
    char *bytes = arena_try_alloc(&cx->arena, coded.size);
    if (bytes == NULL) return SLICE("");
    size_t size = 0;
    for (size_t i = 0; i < coded.size; i++) {
        char c = coded.data[i];
        int high = c == '%' && i + 2 < coded.size ? hex_of(coded.data[i + 1]) : -1;
        int low = high >= 0 ? hex_of(coded.data[i + 2]) : -1;
        if (low >= 0) {
            bytes[size++] = (char)(high * 16 + low);
            i += 2;
        } else {
            bytes[size++] = c == '+' && plus_is_space ? ' ' : c;
        }
    }
    return (Slice){bytes, size};
}

Slice call_query(Call *call, const char *name)
{
    Slice rest = exchange_query(call->exchange), pair;
    bool done = false;
    while (slice_cut(&rest, '&', &done, &pair)) {
        size_t equals = slice_find(pair, SLICE("="));
        Slice key = slice_sub(pair, 0, equals == SLICE_NONE ? pair.size : equals);
        if (!slice_equal(key, slice_of(name))) continue;
        if (equals == SLICE_NONE) return SLICE("");
        return call_decode(call->cx, slice_sub(pair, equals + 1, pair.size), true);
    }
    return SLICE("");
}

static bool is_listed(Slice names, Slice name)
{
    bool done = false;
    Slice one;
    while (slice_cut(&names, ' ', &done, &one))
        if (one.size > 0 && slice_equal(one, name)) return true;
    return false;
}

// A name that can be said again: theirs are all like this, and any other may be any bytes.
static bool is_plain(Slice name)
{
    for (size_t i = 0; i < name.size; i++)
        if (!(name.data[i] >= 'a' && name.data[i] <= 'z') && name.data[i] != '_') return false;
    return name.size <= PARAMETER_SHOWN;
}

// Whoever misspells it would be answered at once and believe that it was waited for.
static Err wait_known(Call *call)
{
    Slice wait = call_query(call, "wait");
    if (wait.size == 0 || slice_equal(wait, SLICE("outcome")) || slice_equal(wait, SLICE("proof")))
        return ERR_OK;
    return err_set(call->cx, ERR_INPUT, "wait: is 'outcome' or 'proof'");
}

Err call_query_known(Call *call)
{
    const Route *route = call->route;
    if (route->open || route->query[0] == '\0') return ERR_OK;
    Slice rest = exchange_query(call->exchange), pair;
    bool done = false;
    while (slice_cut(&rest, '&', &done, &pair)) {
        size_t equals = slice_find(pair, SLICE("="));
        Slice name = slice_sub(pair, 0, equals == SLICE_NONE ? pair.size : equals);
        if (name.size == 0 || is_listed(slice_of(route->query), name)) continue;
        return err_set(call->cx, ERR_INPUT, SLICE_FMT ": is no parameter here; there are %s",
                       SLICE_ARG(is_plain(name) ? name : SLICE("query")), route->query);
    }
    return is_listed(slice_of(route->query), SLICE("wait")) ? wait_known(call) : ERR_OK;
}

Err call_query_int(Call *call, const char *name, int *ret_number)
{
    Slice text = slice_trim(call_query(call, name));
    uint64_t number = 0;
    if (text.size > 0 && (!slice_u64(text, &number) || number > INT32_MAX))
        return err_set(call->cx, ERR_INPUT, "%s: is no number", name);
    *ret_number = (int)number;
    return ERR_OK;
}

void call_json(Call *call, int status, Slice json)
{
    call->status = status;
    call->type = SLICE("application/json; charset=utf-8");
    call->body = json;
    call->is_problem = false;
}

void call_empty(Call *call, int status)
{
    call->status = status;
    call->type = call->body = SLICE("");
    call->is_problem = false;
}

void call_problem(Call *call, HttpProblem problem, Slice why)
{
    call->status = http_problem_row(problem)->status;
    call->type = SLICE("application/problem+json; charset=utf-8");
    call->body = http_problem_print(call->cx, problem, why);
    call->is_problem = true;
}

// Denied to everyone, and not because of who asks.
static bool is_halted(Call *call, Slice why)
{
    Committer *committer = flow_committer(call->http->flow);
    return committer != NULL && why.size > 0 &&
           slice_equal(commit_halted(call->cx, committer), why);
}

// Who may it, once they have shown again what they sign in by.
bool call_is_stale(Call *call, Err err)
{
    return err == ERR_DENIED && slice_equal(err_text(call->cx), SLICE(ACCOUNT_STALE));
}

// A line for whoever runs the server: of each request it would be too many.
static void say_unwritable(Call *call)
{
    uint64_t now = cx_now_ms(call->cx), before = call->http->unwritable_said_ms;
    if (now - before < UNWRITABLE_SAID_MS) return;
    if (!atomic_compare_exchange_strong(&call->http->unwritable_said_ms, &before, now)) return;
    (void)fprintf(stderr, "fapiao: 不能写入，暂时什么也不能保存。Nothing can be kept: %s\n",
                  call->cx->err_text);
}

HttpProblem call_problem_of(Call *call, Err err)
{
    if (err != ERR_STORE || store_writable(call->cx, flow_store(call->http->flow)) == ERR_OK)
        return http_problem_of(err);
    say_unwritable(call);
    return HTTP_PROBLEM_UNWRITABLE;
}

void call_fail(Call *call, Err err)
{
    Slice why = SLICE("");
    // Copied: printing may need the arena that the text lies beside.
    if (cx_copy(call->cx, err_text(call->cx), &why) != ERR_OK) why = SLICE("");
    bool halted = err == ERR_DENIED && is_halted(call, why);
    call_problem(call,
                 halted                     ? HTTP_PROBLEM_HALTED
                 : call_is_stale(call, err) ? HTTP_PROBLEM_CONFIRM
                                            : call_problem_of(call, err),
                 why);
}

void call_send(Call *call)
{
    Exchange *exchange = call->exchange;
    if (exchange_secure(exchange)) exchange_set_lines(exchange, SLICE(HSTS));
    if (call->policy.size > 0) {
        exchange_set_lines(exchange, SLICE(EVERY "Cross-Origin-Resource-Policy: same-origin\r\n"));
        exchange_set(exchange, "Content-Security-Policy", call->policy);
    } else {
        exchange_set_lines(exchange, SLICE(EVERY "Content-Security-Policy: default-src 'none'; "
                                                 "frame-ancestors 'none'\r\n"));
    }
    if (call->cache.size > 0)
        exchange_set(exchange, "Cache-Control", call->cache);
    else
        exchange_set_lines(exchange, SLICE("Cache-Control: no-store\r\n"));
    exchange_answer(exchange, call->status, call->type, call->body);
}

void call_complete(Call *call)
{
    call->completed = true;
    if (!call->on_worker) call_send(call);
}
