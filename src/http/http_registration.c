#include "http/http_registration.h"

#include "desk/people/account/account_register.h"
#include "desk/people/organisation/organisation_invite.h"
#include "http/http_challenge.h"
#include "http/http_form.h"
#include "http/http_parts.h"
#include "http/http_session.h"

// Whoever shows an invitation reads where it went: their address is confirmed, and they are a
// member at once. Two transactions: should the second fail, the link is still open to the new
// account.
static Err register_invited(Call *call, Accounts *accounts, AccountRegistration *typed, Slice token)
{
    const OrganisationDesk desk = {flow_store(call->http->flow), flow_committer(call->http->flow)};
    Cx *cx = call->cx;
    AccountRow row = {};
    Slice mail, wanted = SLICE(""), tenant, json;
    TRY(organisation_invite_mail(cx, &desk, token, &mail));
    if (typed->mail.size > 0) TRY(account_name_of(cx, ACCOUNT_NAME_MAIL, typed->mail, &wanted));
    if (wanted.size > 0 && !slice_equal(wanted, mail))
        return err_set(cx, ERR_INPUT, "mail: is not the one that was invited");
    typed->mail = mail;
    TRY(account_register_invited(cx, accounts, &call->actor, typed, &row));
    PermissionActor self = permission_actor(PERMISSION_ACCOUNT);
    self.tenant = SLICE("");
    self.name = account_row_actor_name(cx, account_row_id(&row));
    self.address = call->actor.address;
    self.roles = ROLE_BIT(ROLE_PERSON);
    self.acts = ACTS_ALL;
    memcpy(self.account, row.id, sizeof self.account);
    TRY(organisation_invite_accept(cx, &desk, &self, token, &tenant));
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "state", slice_of(account_row_state(row.state)));
    json_out_pair(&out, "login", row.login.size > 0 ? row.login : row.mail);
    json_out_pair(&out, "organisation", tenant);
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &json));
    call_json(call, 202, json);
    return ERR_OK;
}

Err http_registration_begin(Call *call)
{
    Accounts *accounts;
    Slice invitation;
    AccountRegistration typed = {};
    AccountState state = ACCOUNT_PENDING;
    const HttpField fields[] = {
        {"login", &typed.login, false},       {"mail", &typed.mail, false},
        {"phone", &typed.phone, false},       {"name", &typed.name, false},
        {"language", &typed.language, false}, {"password", &typed.password, true},
        {"invitation", &invitation, false}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 7));
    // A robot pays for each; a person's browser does it while they read.
    if (call->actor.kind == PERMISSION_STRANGER && !http_challenge_shown(call)) {
        call_problem(call, HTTP_PROBLEM_ROBOT, SLICE(""));
        return ERR_OK;
    }
    if (invitation.size > 0) return register_invited(call, accounts, &typed, invitation);
    TRY(account_register(call->cx, accounts, &call->actor, &typed, &state));
    call_json(call, 202, cx_printf(call->cx, "{\"state\":\"%s\"}", account_row_state(state)));
    return ERR_OK;
}

Err http_registration_confirm(Call *call)
{
    Accounts *accounts;
    Slice token, login, code;
    const HttpField fields[] = {
        {"token", &token, false}, {"login", &login, false}, {"code", &code, false}};
    TRY(http_session_accounts(call, &accounts));
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 3));
    TRY(account_register_confirm(call->cx, accounts, &call->actor, token, login, code));
    call_empty(call, 204);
    return ERR_OK;
}
