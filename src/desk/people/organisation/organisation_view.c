#include "desk/people/organisation/organisation_view.h"

#include "base/date.h"
#include "base/limits.h"
#include "desk/people/account/account_print.h"

static void put_time(Cx *cx, JsonOut *out, const char *key, uint64_t ms)
{
    json_out_pair(out, key, date_rfc3339(cx, ms));
}

static void put_organisation(Cx *cx, JsonOut *out, const Organisation *one)
{
    json_out_object(out);
    json_out_pair(out, "id", one->tenant);
    json_out_pair(out, "kind", one->kind);
    json_out_pair(out, "state", one->state);
    json_out_pair(out, "name", one->name);
    json_out_pair(out, "tax_id", one->tax_id);
    put_time(cx, out, "created_at", one->created_ms);
    account_print_roles(out, "roles", one->roles);
    json_out_end_object(out);
}

static JsonOut page_open(Cx *cx)
{
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    return out;
}

static Err page_done(Cx *cx, JsonOut *out, Slice cursor, Slice *ret_json)
{
    json_out_end_array(out);
    json_out_pair(out, "next_cursor", cursor);
    json_out_end_object(out);
    return json_out_done(cx, out, ret_json);
}

Err organisation_view_print(Cx *cx, const Organisation *organisation, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    put_organisation(cx, &out, organisation);
    return json_out_done(cx, &out, ret_json);
}

Err organisation_view_page(Cx *cx, const Organisation *rows, size_t count, Slice *ret_json)
{
    JsonOut out = page_open(cx);
    for (size_t i = 0; i < count; i++)
        put_organisation(cx, &out, &rows[i]);
    bool more = count == ORGANISATION_PAGE;
    return page_done(cx, &out, more ? rows[count - 1].tenant : SLICE(""), ret_json);
}

Err organisation_view_members(Cx *cx, const OrganisationMember *rows, size_t count, Slice *ret_json)
{
    JsonOut out = page_open(cx);
    for (size_t i = 0; i < count; i++) {
        json_out_object(&out);
        json_out_pair(&out, "id", rows[i].id);
        json_out_pair(&out, "login", rows[i].login);
        json_out_pair(&out, "name", rows[i].name);
        json_out_pair(&out, "mail", rows[i].mail);
        json_out_pair(&out, "state", rows[i].state);
        put_time(cx, &out, "since", rows[i].since_ms);
        json_out_key(&out, SLICE("self"));
        json_out_bool(&out, rows[i].self);
        account_print_roles(&out, "roles", rows[i].roles);
        json_out_end_object(&out);
    }
    bool more = count == ORGANISATION_PAGE;
    return page_done(cx, &out, more ? rows[count - 1].id : SLICE(""), ret_json);
}

Err organisation_view_invitations(Cx *cx, const OrganisationInvitation *rows, size_t count,
                                  Slice *ret_json)
{
    JsonOut out = page_open(cx);
    for (size_t i = 0; i < count; i++) {
        json_out_object(&out);
        json_out_pair(&out, "id", rows[i].id);
        json_out_pair(&out, "mail", rows[i].mail);
        put_time(cx, &out, "created_at", rows[i].created_ms);
        put_time(cx, &out, "expires_at", rows[i].expires_ms);
        account_print_roles(&out, "roles", rows[i].roles);
        json_out_end_object(&out);
    }
    return page_done(cx, &out, SLICE(""), ret_json);
}
