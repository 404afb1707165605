#include "http/http_factors.h"

#include "desk/people/account/account_factor.h"
#include "http/http_access.h"
#include "http/http_form.h"
#include "http/http_parts.h"
#include "http/http_session.h"

Err http_factors_begin(Call *call)
{
    Accounts *accounts;
    Slice json;
    AccountFactorBegun begun = {};
    TRY(http_session_accounts(call, &accounts));
    TRY(account_factor_begin(call->cx, accounts, &call->actor, &begun));
    JsonOut out = json_out_open(call->cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_pair(&out, "secret", begun.secret);
    json_out_pair(&out, "uri", begun.uri);
    json_out_pair(&out, "svg", begun.svg);
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 201, json);
    return ERR_OK;
}

static Err show_codes(Call *call, const TokenRecovery codes[static TOKEN_RECOVERY_COUNT])
{
    Slice json;
    JsonOut out = json_out_open(call->cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_key(&out, SLICE("recovery_codes"));
    json_out_array(&out);
    for (size_t i = 0; i < TOKEN_RECOVERY_COUNT; i++)
        json_out_string(&out, slice_of(codes[i].text));
    json_out_end_array(&out);
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_factors_confirm(Call *call)
{
    Accounts *accounts;
    Slice code;
    AccountFactorDone done = {};
    const HttpField field = {"code", &code, true};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), &field, 1));
    Err err = account_factor_confirm(call->cx, accounts, &call->actor, http_access_session(call),
                                     code, &done);
    if (err == ERR_LIMIT) return http_session_later(call);
    TRY(err);
    http_access_set_session(call, slice_of(done.token.text));
    return show_codes(call, done.codes);
}

Err http_factors_codes(Call *call)
{
    Accounts *accounts;
    TokenRecovery codes[TOKEN_RECOVERY_COUNT];
    TRY(http_session_accounts(call, &accounts));
    TRY(account_factor_renew(call->cx, accounts, &call->actor, codes));
    return show_codes(call, codes);
}

Err http_factors_end(Call *call)
{
    Accounts *accounts;
    Token token;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_factor_end(call->cx, accounts, &call->actor, http_access_session(call), &token));
    http_access_set_session(call, slice_of(token.text));
    call_empty(call, 204);
    return ERR_OK;
}
