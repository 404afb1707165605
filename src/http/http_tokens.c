#include "http/http_tokens.h"

#include "base/date.h"
#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_token.h"
#include "http/http_form.h"
#include "http/http_parts.h"
#include "http/http_session.h"

static void print_row(Cx *cx, JsonOut *out, const AccountTokenRow *row)
{
    json_out_object(out);
    json_out_pair(out, "id", row->id);
    json_out_pair(out, "name", row->name);
    json_out_pair(out, "acts", row->acts);
    json_out_pair(out, "organisation", row->organisation);
    json_out_pair(out, "created_at", date_rfc3339(cx, row->created_ms));
    json_out_pair(out, "expires_at", date_rfc3339(cx, row->expires_ms));
    json_out_time(cx, out, "used_at", row->used_ms);
    json_out_end_object(out);
}

Err http_tokens_list(Call *call)
{
    Accounts *accounts;
    AccountTokenRow *rows = NULL;
    size_t count = 0;
    Slice json;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_token_list(call->cx, accounts, &call->actor, &rows, &count));
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

static Err make(Call *call, bool for_somebody)
{
    Accounts *accounts;
    Slice name, acts, days_text, json;
    uint64_t days = 0;
    AccountTokenNew new = {};
    AccountView view = {};
    const HttpField fields[] = {
        {"name", &name, true}, {"acts", &acts, true}, {"days", &days_text, true}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 3));
    if (!slice_u64(days_text, &days)) return err_set(call->cx, ERR_INPUT, "days: is no number");
    if (for_somebody) {
        Slice which = call_decode(call->cx, call->parameters[0], false);
        TRY(account_admin_find(call->cx, accounts, &call->actor, which, &view));
        TRY(account_token_make_for(call->cx, accounts, &call->actor, account_row_id(&view.row),
                                   name, acts, days, &new));
    } else {
        TRY(account_token_make(call->cx, accounts, &call->actor, name, acts, days, &new));
    }
    JsonOut out = json_out_open(call->cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "id", new.id);
    json_out_pair(&out, "token", slice_of(new.text));
    json_out_pair(&out, "expires_at", date_rfc3339(call->cx, new.expires_ms));
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 201, json);
    return ERR_OK;
}

Err http_tokens_make(Call *call)
{
    return make(call, false);
}

Err http_tokens_make_for(Call *call)
{
    return make(call, true);
}

Err http_tokens_revoke(Call *call)
{
    Accounts *accounts;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_token_revoke(call->cx, accounts, &call->actor, call->parameters[0]));
    call_empty(call, 204);
    return ERR_OK;
}
