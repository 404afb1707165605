#include "http/http_setup.h"

#include "desk/people/account/account_setup.h"
#include "format/json/json_in.h"
#include "http/http_parts.h"
#include "http/http_session.h"

Err http_setup_get(Call *call)
{
    Accounts *accounts;
    bool wanted = false;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_setup_wanted(call->cx, accounts, &wanted));
    call_json(call, 200, slice_of(wanted ? "{\"wanted\":true}" : "{\"wanted\":false}"));
    return ERR_OK;
}

static Err take_setup(Cx *cx, const JsonValue *item, AccountSetup *setup)
{
    if (!permission_role_of(json_in_string(json_in_get(item, "role")), &setup->role))
        return err_set(cx, ERR_INPUT, "role: is none");
    setup->account =
        (AccountRegistration){.login = json_in_string(json_in_get(item, "login")),
                              .mail = json_in_string(json_in_get(item, "mail")),
                              .phone = json_in_string(json_in_get(item, "phone")),
                              .name = json_in_string(json_in_get(item, "name")),
                              .language = json_in_string(json_in_get(item, "language")),
                              .password = json_in_string(json_in_get(item, "password"))};
    return ERR_OK;
}

Err http_setup_run(Call *call)
{
    Accounts *accounts;
    JsonIn *in = NULL;
    AccountSetup setups[ACCOUNT_SETUP_MAX + 1] = {};
    size_t count = 0;
    Err err = ERR_OK;
    TRY(http_session_accounts(call, &accounts));
    TRY(json_in_open(call->cx, exchange_body(call->exchange), &in));
    Slice code = json_in_string(json_in_get(json_in_root(in), "code"));
    const JsonValue *item = json_in_first(json_in_get(json_in_root(in), "accounts"));
    for (; err == ERR_OK && item != NULL && count <= ACCOUNT_SETUP_MAX; item = json_in_next(item))
        err = take_setup(call->cx, item, &setups[count++]);
    json_in_close(in);
    TRY(err);
    TRY(account_setup_run(call->cx, accounts, &call->actor, code, setups, count));
    call_json(call, 201, SLICE("{\"wanted\":false}"));
    return ERR_OK;
}

Err http_setup_new_code(Call *call)
{
    Accounts *accounts;
    Token code;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_setup_code(call->cx, accounts, &call->actor, &code));
    call_json(call, 201, cx_printf(call->cx, "{\"code\":\"%s\"}", code.text));
    return ERR_OK;
}
