#include "http/http_session.h"

#include "base/date.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_confirm.h"
#include "desk/people/account/account_guess.h"
#include "desk/people/account/account_login.h"
#include "desk/people/account/account_name.h"
#include "desk/people/account/account_print.h"
#include "http/http_access.h"
#include "http/http_challenge.h"
#include "http/http_device.h"
#include "http/http_form.h"
#include "http/http_parts.h"

Err http_session_accounts(Call *call, Accounts **ret_accounts)
{
    *ret_accounts = call->http->accounts;
    if (*ret_accounts != NULL) return ERR_OK;
    return err_set(call->cx, ERR_STORE, "there are no accounts in this process");
}

Err http_session_later(Call *call)
{
    exchange_set(call->exchange, "Retry-After", SLICE("2"));
    call_problem(call, HTTP_PROBLEM_RATE, SLICE(""));
    return ERR_OK;
}

// ---- who it is ----

// What the actor may do now, and what they might with a second factor.
static void print_acts(JsonOut *out, const PermissionActor *actor)
{
    bool wants = false;
    json_out_key(out, SLICE("acts"));
    json_out_array(out);
    for (int i = 0; i < PERMISSION_ACT_COUNT; i++) {
        PermissionAct act = (PermissionAct)i;
        wants = wants || permission_wants_factor(actor, act);
        if (permission_may(actor, act)) json_out_string(out, slice_of(permission_act_name(act)));
    }
    json_out_end_array(out);
    json_out_key(out, SLICE("factor_wanted"));
    json_out_bool(out, wants);
}

Err http_session_show(Call *call, int status)
{
    Accounts *accounts;
    AccountView view = {};
    Slice json;
    const PermissionActor *actor = &call->actor;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_admin_self(call->cx, accounts, actor, &view));
    JsonOut out = json_out_open(call->cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_pair(&out, "account", account_row_hex(call->cx, account_row_id(&view.row)));
    json_out_pair(&out, "login", view.row.login.size > 0 ? view.row.login : view.row.mail);
    json_out_pair(&out, "name", view.row.name);
    json_out_pair(&out, "language", view.row.language);
    json_out_pair(&out, "organisation", actor->tenant);
    account_print_roles(&out, "roles", actor->roles);
    print_acts(&out, actor);
    json_out_key(&out, SLICE("factors"));
    json_out_number(&out, actor->strong ? 2 : 1);
    json_out_key(&out, SLICE("confirmed"));
    json_out_bool(&out, actor->fresh);
    account_print_organisations(&out, &view);
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, status, json);
    return ERR_OK;
}

// As whoever has the new token: what they may can be another thing now.
static Err show_as(Call *call, Accounts *accounts, Slice token, int status)
{
    Slice address = call->actor.address;
    TRY(account_session_actor(call->cx, accounts, token, address, &call->actor));
    http_access_set_session(call, token);
    return http_session_show(call, status);
}

// ---- signing in ----

static Err show_ticket(Call *call, const AccountLoginAnswer *answer)
{
    Slice json;
    JsonOut out = json_out_open(call->cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "factor", SLICE("totp"));
    json_out_pair(&out, "ticket", slice_of(answer->token.text));
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 202, json);
    return ERR_OK;
}

static Err show_answer(Call *call, Accounts *accounts, const AccountLoginAnswer *answer)
{
    switch (answer->result) {
    case ACCOUNT_LOGIN_DONE:
        // A browser is known once all was shown: a password alone may be somebody else's.
        TRY(show_as(call, accounts, slice_of(answer->token.text), 200));
        http_device_remember(call, answer->login);
        return ERR_OK;
    case ACCOUNT_LOGIN_FACTOR:
        return show_ticket(call, answer);
    case ACCOUNT_LOGIN_LATER:
        exchange_set(call->exchange, "Retry-After",
                     cx_printf(call->cx, "%llu", (unsigned long long)answer->wait_ms / 1000 + 1));
        call_problem(call, HTTP_PROBLEM_RATE, SLICE(""));
        return ERR_OK;
    case ACCOUNT_LOGIN_PENDING:
        call_problem(call, HTTP_PROBLEM_NOT_CONFIRMED, SLICE(""));
        return ERR_OK;
    case ACCOUNT_LOGIN_DISABLED:
        call_problem(call, HTTP_PROBLEM_DISABLED, SLICE(""));
        return ERR_OK;
    case ACCOUNT_LOGIN_REFUSED:
        break;
    }
    call_problem(call, HTTP_PROBLEM_WRONG_LOGIN, SLICE(""));
    return ERR_OK;
}

static AccountOrigin origin_of(Call *call, bool strange)
{
    return (AccountOrigin){call->actor.address, exchange_get(call->exchange, "User-Agent"),
                           strange};
}

Err http_session_begin(Call *call)
{
    Accounts *accounts;
    Slice login, password;
    AccountLoginAnswer answer = {};
    const HttpField fields[] = {{"login", &login, true}, {"password", &password, true}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 2));
    bool strange = !http_device_known(call, login);
    Slice counted = account_name_counted(call->cx, login);
    HttpGuess guess = http_limits_guess(call, counted, !strange || http_challenge_shown(call));
    if (guess == HTTP_GUESS_ALERT)
        (void)account_guess_alert(call->cx, accounts, &call->actor, login, HTTP_LIMITS_GUESSES);
    if (guess != HTTP_GUESS_TRY) return ERR_OK;
    const AccountOrigin origin = origin_of(call, strange);
    TRY(account_login(call->cx, accounts, login, password, &origin, &answer));
    return show_answer(call, accounts, &answer);
}

Err http_session_factor(Call *call)
{
    Accounts *accounts;
    Slice ticket, code;
    AccountLoginAnswer answer = {};
    const HttpField fields[] = {{"ticket", &ticket, true}, {"code", &code, true}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 2));
    const AccountOrigin origin = origin_of(call, false); // the first step has seen the cookie
    TRY(account_login_factor(call->cx, accounts, ticket, code, &origin, &answer));
    return show_answer(call, accounts, &answer);
}

// ---- the session that is there ----

Err http_session_get(Call *call)
{
    return http_session_show(call, 200);
}

Err http_session_choose(Call *call)
{
    Accounts *accounts;
    Slice organisation;
    Token token;
    const HttpField field = {"organisation", &organisation, true};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), &field, 1));
    TRY(account_session_choose(call->cx, accounts, &call->actor, http_access_session(call),
                               organisation, &token));
    return show_as(call, accounts, cx_printf(call->cx, "%s", token.text), 200);
}

Err http_session_confirm(Call *call)
{
    Accounts *accounts;
    Slice password, code;
    Token token;
    const HttpField fields[] = {{"password", &password, false}, {"code", &code, false}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 2));
    Err err = account_confirm(call->cx, accounts, &call->actor, http_access_session(call), password,
                              code, &token);
    if (err == ERR_LIMIT) return http_session_later(call);
    TRY(err);
    http_access_set_session(call, slice_of(token.text));
    call_empty(call, 204);
    return ERR_OK;
}

Err http_session_end(Call *call)
{
    Accounts *accounts;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_session_end(call->cx, accounts, &call->actor, http_access_session(call)));
    http_access_drop_session(call);
    // What the browser keeps of these pages goes with it.
    exchange_set(call->exchange, "Clear-Site-Data", SLICE("\"cache\", \"storage\""));
    call_empty(call, 204);
    return ERR_OK;
}

static void print_row(Cx *cx, JsonOut *out, const AccountSessionRow *row)
{
    json_out_object(out);
    json_out_pair(out, "id", row->id);
    json_out_pair(out, "address", row->address);
    json_out_pair(out, "agent", row->agent);
    json_out_pair(out, "organisation", row->organisation);
    json_out_key(out, SLICE("factors"));
    json_out_number(out, row->factors);
    json_out_pair(out, "created_at", date_rfc3339(cx, row->created_ms));
    json_out_pair(out, "seen_at", date_rfc3339(cx, row->seen_ms));
    json_out_key(out, SLICE("current"));
    json_out_bool(out, row->current);
    json_out_end_object(out);
}

Err http_session_list(Call *call)
{
    Accounts *accounts;
    AccountSessionRow *rows = NULL;
    size_t count = 0;
    Slice json;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_session_list(call->cx, accounts, &call->actor, http_access_session(call), &rows,
                             &count));
    JsonOut out = json_out_open(call->cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < count; i++)
        print_row(call->cx, &out, &rows[i]);
    json_out_end_array(&out);
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_session_revoke(Call *call)
{
    Accounts *accounts;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_session_revoke(call->cx, accounts, &call->actor, call->parameters[0]));
    call_empty(call, 204);
    return ERR_OK;
}

Err http_session_revoke_others(Call *call)
{
    Accounts *accounts;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_session_revoke_others(call->cx, accounts, &call->actor, http_access_session(call)));
    call_empty(call, 204);
    return ERR_OK;
}
