#include "http/http_accounts.h"

#include "desk/people/account/account_factor.h"
#include "desk/people/account/account_password.h"
#include "desk/people/account/account_policy.h"
#include "desk/people/account/account_print.h"
#include "desk/people/account/account_self.h"
#include "desk/people/account/account_setup.h"
#include "desk/people/organisation/organisation_invite.h"
#include "format/json/json_in.h"
#include "http/http_access.h"
#include "http/http_challenge.h"
#include "http/http_form.h"
#include "http/http_parts.h"
#include "http/http_session.h"

static Err form(Call *call, const HttpField *fields, size_t count)
{
    return http_form_parse(call->cx, exchange_body(call->exchange), fields, count);
}

// ---- the first ----

Err http_accounts_setup_get(Call *call)
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

Err http_accounts_setup(Call *call)
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

Err http_accounts_setup_code(Call *call)
{
    Accounts *accounts;
    Token code;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_setup_code(call->cx, accounts, &call->actor, &code));
    call_json(call, 201, cx_printf(call->cx, "{\"code\":\"%s\"}", code.text));
    return ERR_OK;
}

// ---- strangers ----

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

Err http_accounts_register(Call *call)
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
    TRY(form(call, fields, 7));
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

Err http_accounts_confirm(Call *call)
{
    Accounts *accounts;
    Slice token, login, code;
    const HttpField fields[] = {
        {"token", &token, false}, {"login", &login, false}, {"code", &code, false}};
    TRY(http_session_accounts(call, &accounts));
    TRY(form(call, fields, 3));
    TRY(account_register_confirm(call->cx, accounts, &call->actor, token, login, code));
    call_empty(call, 204);
    return ERR_OK;
}

Err http_accounts_forgot(Call *call)
{
    Accounts *accounts;
    Slice login, channel;
    const HttpField fields[] = {{"login", &login, true}, {"channel", &channel, false}};
    TRY(http_session_accounts(call, &accounts));
    TRY(form(call, fields, 2));
    bool sms = slice_equal(channel, SLICE("sms"));
    if (!sms && channel.size > 0 && !slice_equal(channel, SLICE("mail")))
        return err_set(call->cx, ERR_INPUT, "channel: is neither mail nor sms");
    TRY(account_password_forgot(call->cx, accounts, &call->actor, login,
                                sms ? ACCOUNT_SMS : ACCOUNT_MAIL));
    call_empty(call, 202);
    return ERR_OK;
}

Err http_accounts_reset(Call *call)
{
    Accounts *accounts;
    Slice token, login, code, password;
    const HttpField fields[] = {{"token", &token, false},
                                {"login", &login, false},
                                {"code", &code, false},
                                {"password", &password, true}};
    TRY(http_session_accounts(call, &accounts));
    TRY(form(call, fields, 4));
    TRY(account_password_reset(call->cx, accounts, &call->actor, token, login, code, password));
    call_empty(call, 204);
    return ERR_OK;
}

// ---- an account as it is shown ----

// What only its owner is shown.
typedef struct Own {
    size_t left; // recovery codes
    AccountWishes wishes;
} Own;

static void print_own(JsonOut *out, const AccountView *view, const Own *own)
{
    json_out_key(out, SLICE("recovery_codes_left"));
    json_out_number(out, (int64_t)own->left);
    json_out_pair(out, "new_mail", own->wishes.mail);
    json_out_pair(out, "new_phone", own->wishes.phone);
    json_out_key(out, SLICE("password"));
    json_out_bool(out, view->password);
}

static void print_view(Cx *cx, JsonOut *out, const AccountView *view, const Own *own)
{
    const AccountRow *row = &view->row;
    json_out_object(out);
    json_out_pair(out, "id", account_row_hex(cx, account_row_id(row)));
    json_out_pair(out, "login", row->login);
    json_out_pair(out, "name", row->name);
    json_out_pair(out, "mail", row->mail);
    json_out_pair(out, "phone", row->phone);
    json_out_pair(out, "language", row->language);
    json_out_pair(out, "state", slice_of(account_row_state(row->state)));
    json_out_time(cx, out, "mail_confirmed_at", row->mail_ms);
    json_out_time(cx, out, "phone_confirmed_at", row->phone_ms);
    json_out_time(cx, out, "created_at", row->created_ms);
    json_out_key(out, SLICE("factor"));
    json_out_bool(out, view->factor);
    if (own != NULL) print_own(out, view, own);
    account_print_roles(out, "platform_roles", view->platform);
    account_print_organisations(out, view);
    json_out_end_object(out);
}

static Err show_view(Call *call, const AccountView *view, const Own *own, int status)
{
    Slice json;
    JsonOut out = json_out_open(call->cx, LIMIT_MIB);
    print_view(call->cx, &out, view, own);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, status, json);
    return ERR_OK;
}

// ---- one's own ----

Err http_accounts_own(Call *call)
{
    Accounts *accounts;
    AccountView view = {};
    Own own = {};
    TRY(http_session_accounts(call, &accounts));
    TRY(account_admin_self(call->cx, accounts, &call->actor, &view));
    TRY(account_factor_left(call->cx, accounts, &call->actor, &own.left));
    TRY(account_self_wishes(call->cx, accounts, &call->actor, &own.wishes));
    return show_view(call, &view, &own, 200);
}

Err http_accounts_change(Call *call)
{
    Accounts *accounts;
    Slice texts[5];
    static const char *const names[] = {"login", "name", "mail", "phone", "language"};
    HttpField fields[5];
    const Slice *given[5];
    TRY(http_session_accounts(call, &accounts));
    for (size_t i = 0; i < 5; i++)
        fields[i] = (HttpField){names[i], &texts[i], false};
    TRY(form(call, fields, 5));
    for (size_t i = 0; i < 5; i++)
        given[i] = texts[i].data == NULL ? NULL : &texts[i];
    const AccountProfile profile = {given[0], given[1], given[2], given[3], given[4]};
    TRY(account_self_change(call->cx, accounts, &call->actor, &profile));
    return http_accounts_own(call);
}

Err http_accounts_delete(Call *call)
{
    Accounts *accounts;
    TRY(http_session_accounts(call, &accounts));
    TRY(account_self_delete(call->cx, accounts, &call->actor));
    http_access_drop_session(call);
    call_empty(call, 204);
    return ERR_OK;
}

Err http_accounts_password(Call *call)
{
    Accounts *accounts;
    Slice old, password;
    Token token;
    const HttpField fields[] = {{"old", &old, true}, {"password", &password, true}};
    TRY(http_session_accounts(call, &accounts));
    TRY(form(call, fields, 2));
    Err err = account_password_change(call->cx, accounts, &call->actor, http_access_session(call),
                                      old, password, &token);
    if (err == ERR_LIMIT) return http_session_later(call);
    TRY(err);
    http_access_set_session(call, slice_of(token.text));
    call_empty(call, 204);
    return ERR_OK;
}

// ---- everybody's ----

Err http_accounts_list(Call *call)
{
    Accounts *accounts;
    AccountAdminPage page = {};
    Slice json;
    const AccountAdminQuery query = {.cursor = call_query(call, "cursor"),
                                     .text = call_query(call, "q"),
                                     .state = call_query(call, "state")};
    TRY(http_session_accounts(call, &accounts));
    TRY(account_admin_list(call->cx, accounts, &call->actor, &query, &page));
    JsonOut out = json_out_open(call->cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < page.count; i++)
        print_view(call->cx, &out, &page.views[i], NULL);
    json_out_end_array(&out);
    json_out_pair(&out, "next_cursor", page.next);
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

// "org_admin,issuer" as bits; those of the platform apart.
static Err take_roles(Cx *cx, Slice names, uint32_t *ret_roles, uint32_t *ret_platform)
{
    Slice name;
    *ret_roles = *ret_platform = 0;
    for (bool done = names.size == 0; slice_cut(&names, ',', &done, &name);) {
        PermissionRole role;
        if (!permission_role_of(slice_trim(name), &role))
            return err_set(cx, ERR_INPUT, "roles: there is no such role");
        uint32_t bit = ROLE_BIT(role);
        *((bit & ROLES_PLATFORM) != 0 ? ret_platform : ret_roles) |= bit;
    }
    return ERR_OK;
}

Err http_accounts_add(Call *call)
{
    Accounts *accounts;
    AccountRegistration typed = {};
    AccountRow row = {};
    AccountView view = {};
    Slice roles, organisation;
    uint32_t bits = 0, platform = 0;
    const HttpField fields[] = {{"login", &typed.login, false},
                                {"mail", &typed.mail, false},
                                {"phone", &typed.phone, false},
                                {"name", &typed.name, false},
                                {"language", &typed.language, false},
                                {"password", &typed.password, true},
                                {"roles", &roles, false},
                                {"organisation", &organisation, false}};
    TRY(http_session_accounts(call, &accounts));
    TRY(form(call, fields, 8));
    TRY(take_roles(call->cx, roles, &bits, &platform));
    if (organisation.size == 0) organisation = SLICE("local");
    TRY(account_admin_add(call->cx, accounts, &call->actor, &typed, organisation, bits, platform,
                          &row));
    TRY(account_admin_find(call->cx, accounts, &call->actor,
                           account_row_hex(call->cx, account_row_id(&row)), &view));
    return show_view(call, &view, NULL, 201);
}

static Err find(Call *call, Accounts *accounts, AccountView *ret_view)
{
    Slice which = call_decode(call->cx, call->parameters[0], false);
    return account_admin_find(call->cx, accounts, &call->actor, which, ret_view);
}

Err http_accounts_get(Call *call)
{
    Accounts *accounts;
    AccountView view = {};
    TRY(http_session_accounts(call, &accounts));
    TRY(find(call, accounts, &view));
    return show_view(call, &view, NULL, 200);
}

// A state or a new password: one a request. "deleted" deletes, for somebody who asked.
static Err patch(Call *call, Accounts *accounts, Slice id, Slice state, Slice password)
{
    Cx *cx = call->cx;
    AccountState wanted;
    if (password.size > 0) return account_password_set(cx, accounts, &call->actor, id, password);
    if (!account_row_state_of(state, &wanted))
        return err_set(cx, ERR_INPUT, "state: there is no such state");
    if (wanted == ACCOUNT_DELETED) return account_self_delete_for(cx, accounts, &call->actor, id);
    return account_admin_state(cx, accounts, &call->actor, id, wanted);
}

static Err show_id(Call *call, Accounts *accounts, Slice id)
{
    AccountView view = {};
    TRY(account_admin_find(call->cx, accounts, &call->actor, account_row_hex(call->cx, id), &view));
    return show_view(call, &view, NULL, 200);
}

Err http_accounts_patch(Call *call)
{
    Accounts *accounts;
    AccountView view = {};
    Slice state, password;
    const HttpField fields[] = {{"state", &state, false}, {"password", &password, false}};
    TRY(http_session_accounts(call, &accounts));
    TRY(form(call, fields, 2));
    TRY(find(call, accounts, &view));
    TRY(patch(call, accounts, account_row_id(&view.row), state, password));
    return show_id(call, accounts, account_row_id(&view.row));
}

Err http_accounts_factor_reset(Call *call)
{
    Accounts *accounts;
    AccountView view = {};
    TRY(http_session_accounts(call, &accounts));
    TRY(find(call, accounts, &view));
    TRY(account_factor_reset(call->cx, accounts, &call->actor, account_row_id(&view.row)));
    return show_id(call, accounts, account_row_id(&view.row));
}

Err http_accounts_roles(Call *call)
{
    Accounts *accounts;
    AccountView view = {};
    Slice roles;
    uint32_t bits = 0, platform = 0;
    const HttpField field = {"roles", &roles, false};
    TRY(http_session_accounts(call, &accounts));
    TRY(form(call, &field, 1));
    TRY(take_roles(call->cx, roles, &bits, &platform));
    if (bits != 0) return err_set(call->cx, ERR_INPUT, "roles: is none of the platform");
    TRY(find(call, accounts, &view));
    TRY(account_admin_roles(call->cx, accounts, &call->actor, account_row_id(&view.row), platform));
    return show_id(call, accounts, account_row_id(&view.row));
}

// ---- policy ----

Err http_accounts_policy(Call *call)
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

Err http_accounts_policy_set(Call *call)
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
    return http_accounts_policy(call);
}
