#include "http/http_passwords.h"

#include "desk/people/account/account_password.h"
#include "http/http_access.h"
#include "http/http_form.h"
#include "http/http_parts.h"
#include "http/http_session.h"

Err http_passwords_forgot(Call *call)
{
    Accounts *accounts;
    Slice login, channel;
    const HttpField fields[] = {{"login", &login, true}, {"channel", &channel, false}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 2));
    bool sms = slice_equal(channel, SLICE("sms"));
    if (!sms && channel.size > 0 && !slice_equal(channel, SLICE("mail")))
        return err_set(call->cx, ERR_INPUT, "channel: is neither mail nor sms");
    TRY(account_password_forgot(call->cx, accounts, &call->actor, login,
                                sms ? ACCOUNT_SMS : ACCOUNT_MAIL));
    call_empty(call, 202);
    return ERR_OK;
}

Err http_passwords_reset(Call *call)
{
    Accounts *accounts;
    Slice token, login, code, password;
    const HttpField fields[] = {{"token", &token, false},
                                {"login", &login, false},
                                {"code", &code, false},
                                {"password", &password, true}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 4));
    TRY(account_password_reset(call->cx, accounts, &call->actor, token, login, code, password));
    call_empty(call, 204);
    return ERR_OK;
}

Err http_passwords_change(Call *call)
{
    Accounts *accounts;
    Slice old, password;
    Token token;
    const HttpField fields[] = {{"old", &old, true}, {"password", &password, true}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 2));
    Err err = account_password_change(call->cx, accounts, &call->actor, http_access_session(call),
                                      old, password, &token);
    if (err == ERR_LIMIT) return http_session_later(call);
    TRY(err);
    http_access_set_session(call, slice_of(token.text));
    call_empty(call, 204);
    return ERR_OK;
}
