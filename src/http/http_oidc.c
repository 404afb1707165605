#include "http/http_oidc.h"

#include "desk/people/account/account_link.h"
#include "desk/people/account/account_oidc.h"
#include "desk/people/account/account_oidc_setting.h"
#include "format/json/json_in.h"
#include "http/http_access.h"
#include "http/http_parts.h"
#include "http/http_session.h"

#define FLAGS "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="

static void go(Call *call, int status, Slice where)
{
    exchange_set_lines(call->exchange,
                       cx_printf(call->cx, "Location: " SLICE_FMT "\r\n", SLICE_ARG(where)));
    call_empty(call, status);
}

// ---- whether there is one ----

Err http_oidc_get(Call *call)
{
    Accounts *accounts;
    AccountOidcSettings settings;
    Slice json;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_oidc_setting_read(call->cx, accounts, &settings));
    bool there = account_oidc_setting_whole(call->cx, accounts, &settings);
    JsonOut out = json_out_open(call->cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_key(&out, SLICE("offered"));
    json_out_bool(&out, there);
    json_out_pair(&out, "label_zh", there ? settings.label_zh : SLICE(""));
    json_out_pair(&out, "label_en", there ? settings.label_en : SLICE(""));
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

// ---- there and back ----

// To the page that asked, when it was to be linked; else to where people sign in.
static void go_wrong(Call *call, AccountOidcResult result, Slice to)
{
    Slice page = to.size > 0 ? to : SLICE("/sign-in");
    bool more = slice_find(page, SLICE("?")) != SLICE_NONE;
    go(call, 303,
       cx_printf(call->cx, SLICE_FMT "%cproblem=%s", SLICE_ARG(page), more ? '&' : '?',
                 account_oidc_code(result)));
}

Err http_oidc_begin(Call *call)
{
    Accounts *accounts;
    AccountOidcBegun begun;
    Slice to = call_query(call, "to");
    bool link = slice_equal(call_query(call, "link"), SLICE("1"));
    TRY(http_session_accounts(call, &accounts));
    if (to.size == 0) to = SLICE("/");
    TRY(account_oidc_begin(call->cx, accounts, &call->actor, to, link, &begun));
    if (begun.result != ACCOUNT_OIDC_DONE) {
        go_wrong(call, begun.result, link ? to : SLICE(""));
        return ERR_OK;
    }
    exchange_set(call->exchange, "Set-Cookie",
                 cx_printf(call->cx, HTTP_OIDC_COOKIE "=%s" FLAGS "600", begun.browser.text));
    go(call, 302, begun.url);
    return ERR_OK;
}

static void go_on(Call *call, const AccountOidcEnded *ended)
{
    Slice token = cx_printf(call->cx, "%s", ended->token.text);
    if (ended->result == ACCOUNT_OIDC_DONE) http_access_set_session(call, token);
    if (ended->result == ACCOUNT_OIDC_DONE || ended->result == ACCOUNT_OIDC_LINKED)
        go(call, 303, ended->to);
    else if (ended->result == ACCOUNT_OIDC_FACTOR) // behind "#": no server and no log sees it
        go(call, 303,
           cx_printf(call->cx, "/sign-in#factor=" SLICE_FMT "&to=" SLICE_FMT, SLICE_ARG(token),
                     SLICE_ARG(ended->to)));
    else
        go_wrong(call, ended->result, ended->linking ? ended->to : SLICE(""));
}

Err http_oidc_return(Call *call)
{
    Accounts *accounts;
    AccountOidcEnded ended;
    Slice cookies = exchange_get(call->exchange, "Cookie");
    const AccountOidcBack back = {.state = call_query(call, "state"),
                                  .code = call_query(call, "code"),
                                  .error = call_query(call, "error"),
                                  .issuer = call_query(call, "iss"),
                                  .browser = http_access_cookie(cookies, SLICE(HTTP_OIDC_COOKIE))};
    const AccountOrigin origin = {.address = call->actor.address,
                                  .agent = exchange_get(call->exchange, "User-Agent")};
    TRY(http_session_accounts(call, &accounts));
    TRY(account_oidc_end(call->cx, accounts, &back, &origin, &ended));
    if (ended.result != ACCOUNT_OIDC_STATE)
        exchange_set(call->exchange, "Set-Cookie", SLICE(HTTP_OIDC_COOKIE "=" FLAGS "0"));
    go_on(call, &ended);
    return ERR_OK;
}

// ---- settings ----

Err http_oidc_settings(Call *call)
{
    Accounts *accounts;
    AccountOidcSettings settings;
    AccountSetting rows[ACCOUNT_OIDC_SETTINGS];
    Slice json;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_oidc_setting_read(call->cx, accounts, &settings));
    account_oidc_setting_show(call->cx, &settings, rows);
    JsonOut out = json_out_open(call->cx, LIMIT_FIELD_BYTES * 4);
    json_out_object(&out);
    for (size_t i = 0; i < ACCOUNT_OIDC_SETTINGS; i++) {
        json_out_key(&out, rows[i].name);
        json_out_string(&out, rows[i].value);
    }
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_oidc_set(Call *call)
{
    Accounts *accounts;
    AccountSetting rows[ACCOUNT_OIDC_SETTINGS + 1];
    JsonIn *in = NULL;
    size_t count = 0;
    TRY(http_session_accounts(call, &accounts));
    TRY(json_in_open(call->cx, exchange_body(call->exchange), &in));
    const JsonValue *item = json_in_first(json_in_root(in));
    for (; item != NULL && count <= ACCOUNT_OIDC_SETTINGS; item = json_in_next(item))
        rows[count++] = (AccountSetting){json_in_key(item), json_in_string(item)};
    json_in_close(in);
    TRY(account_oidc_setting_set(call->cx, accounts, &call->actor, rows, count));
    return http_oidc_settings(call);
}

// ---- one's own ----

Err http_oidc_identity(Call *call)
{
    Accounts *accounts;
    bool linked = false;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_link_mine(call->cx, accounts, &call->actor, &linked));
    call_json(call, 200, slice_of(linked ? "{\"linked\":true}" : "{\"linked\":false}"));
    return ERR_OK;
}

Err http_oidc_unlink(Call *call)
{
    Accounts *accounts;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_link_drop(call->cx, accounts, &call->actor));
    call_empty(call, 204);
    return ERR_OK;
}
