#include "http/http_members.h"

#include "desk/people/account/account_admin.h"
#include "desk/people/account/account_policy.h"
#include "desk/people/organisation/organisation_view.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"
#include "http/http_parts.h"

static OrganisationDesk desk_of(const Call *call)
{
    Flow *flow = call->http->flow;
    return (OrganisationDesk){flow_store(flow), flow_committer(flow)};
}

static Slice id_of(Call *call)
{
    return call_decode(call->cx, call->parameters[0], false);
}

Err http_members_list(Call *call)
{
    OrganisationMember *rows = NULL;
    size_t count = 0;
    Slice json;
    const OrganisationDesk desk = desk_of(call);
    TRY(organisation_member_list(call->cx, &desk, &call->actor, call_query(call, "cursor"), &rows,
                                 &count));
    TRY(organisation_view_members(call->cx, rows, count, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

// ["org_admin","reader"]
static Err roles_of(Cx *cx, const JsonValue *array, uint32_t *ret_roles)
{
    uint32_t roles = 0;
    for (const JsonValue *item = json_in_first(array); item != NULL; item = json_in_next(item)) {
        uint32_t one = 0;
        TRY(organisation_roles_of(cx, json_in_string(item), &one));
        roles |= one;
    }
    if (roles == 0) return err_set(cx, ERR_INPUT, "roles: at least one is required");
    *ret_roles = roles;
    return ERR_OK;
}

Err http_members_roles(Call *call)
{
    JsonIn *in = NULL;
    uint32_t roles = 0;
    const OrganisationDesk desk = desk_of(call);
    TRY(json_in_open(call->cx, exchange_body(call->exchange), &in));
    Err err = roles_of(call->cx, json_in_get(json_in_root(in), "roles"), &roles);
    json_in_close(in);
    TRY(err);
    TRY(organisation_member_roles(call->cx, &desk, &call->actor, id_of(call), roles));
    call_empty(call, 204);
    return ERR_OK;
}

Err http_members_remove(Call *call)
{
    const OrganisationDesk desk = desk_of(call);
    TRY(organisation_member_remove(call->cx, &desk, &call->actor, id_of(call)));
    call_empty(call, 204);
    return ERR_OK;
}

Err http_members_invitations(Call *call)
{
    OrganisationInvitation *rows = NULL;
    size_t count = 0;
    Slice json;
    const OrganisationDesk desk = desk_of(call);
    TRY(organisation_invite_list(call->cx, &desk, &call->actor, &rows, &count));
    TRY(organisation_view_invitations(call->cx, rows, count, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

// What the link begins with: as the policy says, or else by the name that this request asked for,
// which is one that the guard lets in.
static Slice site_of(Call *call)
{
    Accounts *accounts = call->http->accounts;
    AccountPolicy policy = {};
    if (accounts != NULL) policy = account_policy_now(call->cx, accounts);
    if (policy.site_url[0] != '\0') return cx_printf(call->cx, "%s", policy.site_url);
    return cx_printf(call->cx, "%s://" SLICE_FMT,
                     exchange_secure(call->exchange) ? "https" : "http",
                     SLICE_ARG(exchange_get(call->exchange, "Host")));
}

// As the message names who invites; the local administrator is nobody by name.
static Err inviter_of(Call *call, Slice *ret_name)
{
    AccountView view = {};
    *ret_name = SLICE("");
    if (call->actor.kind != PERMISSION_ACCOUNT || call->http->accounts == NULL) return ERR_OK;
    TRY(account_admin_self(call->cx, call->http->accounts, &call->actor, &view));
    *ret_name = view.row.name.size > 0 ? view.row.name : view.row.login;
    if (ret_name->size == 0) *ret_name = view.row.mail;
    return ERR_OK;
}

// The local administrator, who may read the key anyway, is told the link: there may be no mail.
static Err say_link(Call *call, Slice site, Slice token)
{
    JsonOut json = json_out_open(call->cx, LIMIT_FIELD_BYTES);
    Slice link =
        cx_printf(call->cx, SLICE_FMT "/invitation#" SLICE_FMT, SLICE_ARG(site), SLICE_ARG(token));
    Slice text;
    json_out_object(&json);
    json_out_pair(&json, "link", link);
    json_out_end_object(&json);
    TRY(json_out_done(call->cx, &json, &text));
    call_json(call, 201, text);
    return ERR_OK;
}

Err http_members_invite(Call *call)
{
    JsonIn *in = NULL;
    const OrganisationDesk desk = desk_of(call);
    OrganisationInvite invite = {.site = site_of(call)};
    TRY(inviter_of(call, &invite.inviter));
    TRY(json_in_open(call->cx, exchange_body(call->exchange), &in));
    const JsonValue *root = json_in_root(in);
    Slice site = json_in_string(json_in_get(root, "site"));
    const bool linked = call->actor.kind == PERMISSION_LOCAL && site.size > 0;
    if (linked) invite.site = site;
    invite.mail = json_in_string(json_in_get(root, "mail"));
    invite.language = json_in_string(json_in_get(root, "language"));
    Err err = roles_of(call->cx, json_in_get(root, "roles"), &invite.roles);
    json_in_close(in);
    TRY(err);
    Slice token;
    TRY(organisation_invite(call->cx, &desk, &call->actor, &invite, &token));
    if (linked) return say_link(call, invite.site, token);
    TRY(http_members_invitations(call));
    call->status = 201;
    return ERR_OK;
}

Err http_members_withdraw(Call *call)
{
    const OrganisationDesk desk = desk_of(call);
    TRY(organisation_invite_withdraw(call->cx, &desk, &call->actor, id_of(call)));
    call_empty(call, 204);
    return ERR_OK;
}

Err http_members_accept(Call *call)
{
    JsonIn *in = NULL;
    Slice tenant, json;
    const OrganisationDesk desk = desk_of(call);
    TRY(json_in_open(call->cx, exchange_body(call->exchange), &in));
    Slice token = json_in_string(json_in_get(json_in_root(in), "token"));
    json_in_close(in);
    TRY(organisation_invite_accept(call->cx, &desk, &call->actor, token, &tenant));
    JsonOut out = json_out_open(call->cx, 256);
    json_out_object(&out);
    json_out_pair(&out, "organisation", tenant);
    json_out_end_object(&out);
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}
