#include "http/http_limits.h"

#include <stdlib.h>

#include "base/limits.h"
#include "http/buckets.h"
#include "http/http_parts.h"

struct HttpLimits {
    bool off;
    Buckets *buckets;
};

// For each block of addresses that nobody has signed in from.
static const struct {
    Slice kind;
    BucketRule rule;
} blocks[HTTP_RATE_COUNT] = {
    [HTTP_RATE_ASK] = {SLICE("ask"), {.burst = 2'000, .per_hour = 720'000}},
    [HTTP_RATE_VERIFY] = {SLICE("verify"), {.burst = 600, .per_hour = 360'000}},
    [HTTP_RATE_SIGN] = {SLICE("sign"), {.burst = 30, .per_hour = 600}},
    [HTTP_RATE_SEND] = {SLICE("send"), {.burst = 10, .per_hour = 60}},
};
// For those who are signed in: theirs, and all of their organisation together.
static const BucketRule account_rule = {.burst = 5'000, .per_hour = 3'600'000};
static const BucketRule organisation_rule = {.burst = 20'000, .per_hour = 14'400'000};
// Passwords tried for one name, by whoever; and how often somebody is told of it.
static const BucketRule name_rule = {.burst = HTTP_LIMITS_GUESSES, .per_hour = 60};
static const BucketRule token_rule = {.burst = 60, .per_hour = 600};
static const BucketRule alert_rule = {.burst = 1, .per_hour = 1};

// Everything else is a look.
static const struct {
    ExchangeMethod method;
    const char *pattern;
    HttpRate rate;
} rates[] = {
    {METHOD_POST, "/api/v1/verifications", HTTP_RATE_VERIFY},
    {METHOD_GET, "/api/v1/verifications/needs", HTTP_RATE_VERIFY},
    {METHOD_POST, "/api/v1/session", HTTP_RATE_SIGN},
    {METHOD_POST, "/api/v1/session/factor", HTTP_RATE_SIGN},
    {METHOD_GET, "/api/v1/oidc/begin", HTTP_RATE_SIGN},
    {METHOD_GET, "/api/v1/oidc/return", HTTP_RATE_SIGN},
    {METHOD_POST, "/api/v1/setup", HTTP_RATE_SIGN},
    {METHOD_POST, "/api/v1/accounts", HTTP_RATE_SEND},
    {METHOD_POST, "/api/v1/accounts/confirmations", HTTP_RATE_SIGN},
    {METHOD_POST, "/api/v1/passwords/forgot", HTTP_RATE_SEND},
    {METHOD_POST, "/api/v1/passwords/reset", HTTP_RATE_SIGN},
    {METHOD_POST, "/api/v1/invitations/acceptances", HTTP_RATE_SIGN},
    {METHOD_POST, "/api/v1/account/password", HTTP_RATE_SIGN},
};

HttpRate http_limits_rate(const Route *route)
{
    for (size_t i = 0; route != NULL && i < sizeof rates / sizeof rates[0]; i++)
        if (rates[i].method == route->method && strcmp(rates[i].pattern, route->pattern) == 0)
            return rates[i].rate;
    return HTTP_RATE_ASK;
}

HttpLimits *http_limits_open(const World *world, bool off)
{
    HttpLimits *limits = calloc(1, sizeof *limits); // owned: until http_limits_close
    if (limits == NULL) abort();
    limits->off = off;
    limits->buckets = buckets_open(world, LIMIT_BUCKETS);
    return limits;
}

void http_limits_close(HttpLimits *limits)
{
    if (limits == NULL) return;
    buckets_close(limits->buckets);
    free(limits);
}

static Slice block_of(Call *call)
{
    PeerBlock block = peer_block(&call->peer);
    return peer_block_print(call->cx, &block);
}

static void refuse(Call *call, HttpProblem problem, uint64_t wait_ms)
{
    uint64_t seconds = wait_ms / 1000 + 1;
    exchange_set(call->exchange, "Retry-After",
                 cx_printf(call->cx, "%llu", (unsigned long long)seconds));
    call_problem(call, problem, SLICE(""));
}

// A member's requests count twice: what one person may ask, and what their organisation may.
static uint64_t take_member(Call *call, Buckets *buckets)
{
    const Slice account = {(const char *)call->actor.account, sizeof call->actor.account};
    uint64_t wait = buckets_take(buckets, SLICE("account"), account, account_rule);
    if (wait > 0) return wait;
    return buckets_take(buckets, SLICE("organisation"), call->actor.tenant, organisation_rule);
}

bool http_limits_pass(Call *call)
{
    const HttpLimits *limits = call->http->limits;
    uint64_t wait = 0;
    bool counted =
        call->actor.kind == PERMISSION_ACCOUNT || call->actor.kind == PERMISSION_STRANGER;
    if (limits->off || !counted) return true;
    HttpRate rate = http_limits_rate(call->route);
    if (call->actor.kind == PERMISSION_ACCOUNT) wait = take_member(call, limits->buckets);
    // Passwords and messages are counted by block, whoever asks.
    if (wait == 0 && (call->actor.kind == PERMISSION_STRANGER || rate >= HTTP_RATE_SIGN))
        wait = buckets_take(limits->buckets, blocks[rate].kind, block_of(call), blocks[rate].rule);
    if (wait > 0) refuse(call, HTTP_PROBLEM_RATE, wait);
    return wait == 0;
}

bool http_limits_lookup(Call *call)
{
    const HttpLimits *limits = call->http->limits;
    if (limits->off || exchange_local(call->exchange)) return true;
    uint64_t wait = buckets_look(limits->buckets, SLICE("token"), block_of(call), token_rule);
    if (wait > 0) refuse(call, HTTP_PROBLEM_RATE, wait);
    return wait == 0;
}

void http_limits_unknown(Call *call)
{
    (void)buckets_take(call->http->limits->buckets, SLICE("token"), block_of(call), token_rule);
}

HttpGuess http_limits_guess(Call *call, Slice name, bool known)
{
    const HttpLimits *limits = call->http->limits;
    if (limits->off || known || call->actor.kind == PERMISSION_LOCAL) return HTTP_GUESS_TRY;
    uint64_t wait = buckets_take(limits->buckets, SLICE("name"), name, name_rule);
    if (wait == 0) return HTTP_GUESS_TRY;
    refuse(call, HTTP_PROBLEM_WORK, wait);
    bool told = buckets_take(limits->buckets, SLICE("alert"), name, alert_rule) > 0;
    return told ? HTTP_GUESS_WORK : HTTP_GUESS_ALERT;
}
