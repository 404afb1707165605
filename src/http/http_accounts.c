#include "http/http_accounts.h"

#include "desk/people/account/account_factor.h"
#include "desk/people/account/account_password.h"
#include "desk/people/account/account_print.h"
#include "desk/people/account/account_self.h"
#include "http/http_access.h"
#include "http/http_form.h"
#include "http/http_parts.h"
#include "http/http_session.h"

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
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 5));
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
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 8));
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
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), fields, 2));
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
    TRY(http_form_parse(call->cx, exchange_body(call->exchange), &field, 1));
    TRY(take_roles(call->cx, roles, &bits, &platform));
    if (bits != 0) return err_set(call->cx, ERR_INPUT, "roles: is none of the platform");
    TRY(find(call, accounts, &view));
    TRY(account_admin_roles(call->cx, accounts, &call->actor, account_row_id(&view.row), platform));
    return show_id(call, accounts, account_row_id(&view.row));
}
