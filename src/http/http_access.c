#include "http/http_access.h"

#include "desk/people/account/account_session.h"
#include "desk/people/account/account_token.h"
#include "http/http_parts.h"

#define FLAGS "; Path=/; Secure; HttpOnly; SameSite=Strict"

Slice http_access_cookie(Slice header, Slice name)
{
    Slice pair;
    for (bool done = header.size == 0; slice_cut(&header, ';', &done, &pair);) {
        pair = slice_trim(pair);
        if (!slice_starts(pair, name) || pair.size == name.size || pair.data[name.size] != '=')
            continue;
        return slice_sub(pair, name.size + 1, pair.size);
    }
    return SLICE("");
}

Slice http_access_bearer(Slice header)
{
    Slice scheme = SLICE("Bearer ");
    if (!slice_equal_nocase(slice_sub(header, 0, scheme.size), scheme)) return SLICE("");
    return slice_trim(slice_sub(header, scheme.size, header.size));
}

static void refuse(Call *call)
{
    exchange_set(call->exchange, "WWW-Authenticate", SLICE("Bearer realm=\"fapiao\""));
    call_problem(call, HTTP_PROBLEM_SIGN_IN, SLICE(""));
}

bool http_access_resolve(Call *call)
{
    Accounts *accounts = call->http->accounts;
    Slice bearer = http_access_bearer(exchange_get(call->exchange, "Authorization"));
    Slice session = http_access_session(call);
    PermissionActor actor;
    if (accounts == NULL || (bearer.size == 0 && session.size == 0)) return true;
    if (!http_limits_lookup(call)) return false;
    Slice address = call->actor.address;
    // Who shows a token means to be somebody; a browser's old cookie is forgotten by itself.
    Err err = bearer.size > 0 ? account_token_actor(call->cx, accounts, bearer, address, &actor)
                              : account_session_actor(call->cx, accounts, session, address, &actor);
    if (err == ERR_DENIED) http_limits_unknown(call);
    if (err == ERR_OK)
        call->actor = actor;
    else if (err != ERR_DENIED)
        call_fail(call, err);
    else if (bearer.size > 0)
        refuse(call);
    return err == ERR_OK || (err == ERR_DENIED && bearer.size == 0);
}

bool http_access_known(Call *call)
{
    if (call->actor.kind == PERMISSION_ACCOUNT || call->actor.kind == PERMISSION_LOCAL) return true;
    if (call->route->act != PERMISSION_OWN_ACCOUNT) return true;
    refuse(call);
    return false;
}

Slice http_access_session(Call *call)
{
    return http_access_cookie(exchange_get(call->exchange, "Cookie"), SLICE(HTTP_ACCESS_COOKIE));
}

void http_access_set_session(Call *call, Slice token)
{
    exchange_set(call->exchange, "Set-Cookie",
                 cx_printf(call->cx, HTTP_ACCESS_COOKIE "=" SLICE_FMT FLAGS, SLICE_ARG(token)));
}

void http_access_drop_session(Call *call)
{
    exchange_set(call->exchange, "Set-Cookie", SLICE(HTTP_ACCESS_COOKIE "=" FLAGS "; Max-Age=0"));
}
