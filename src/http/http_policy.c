#include "http/http_policy.h"

#include "desk/people/account/account_policy.h"
#include "format/json/json_in.h"
#include "http/http_parts.h"
#include "http/http_session.h"

Err http_policy_get(Call *call)
{
    Accounts *accounts;
    AccountSetting settings[ACCOUNT_SETTINGS];
    Slice json;
    TRY(http_session_accounts(call, &accounts));
    AccountPolicy policy = account_policy_now(call->cx, accounts);
    account_policy_settings(call->cx, &policy, settings);
    JsonOut out = json_out_open(call->cx, LIMIT_FIELD_BYTES * 4);
    json_out_object(&out);
    for (size_t i = 0; i < ACCOUNT_SETTINGS; i++) {
        json_out_key(&out, settings[i].name);
        json_out_string(&out, settings[i].value);
    }
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_policy_set(Call *call)
{
    Accounts *accounts;
    AccountSetting settings[ACCOUNT_SETTINGS + 1];
    JsonIn *in = NULL;
    size_t count = 0;
    TRY(http_session_accounts(call, &accounts));
    TRY(json_in_open(call->cx, exchange_body(call->exchange), &in));
    const JsonValue *item = json_in_first(json_in_root(in));
    for (; item != NULL && count <= ACCOUNT_SETTINGS; item = json_in_next(item))
        settings[count++] = (AccountSetting){json_in_key(item), json_in_string(item)};
    json_in_close(in);
    TRY(account_policy_set(call->cx, accounts, &call->actor, settings, count));
    return http_policy_get(call);
}
