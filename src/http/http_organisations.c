#include "http/http_organisations.h"

#include "desk/people/organisation/organisation_view.h"
#include "format/json/json_in.h"
#include "http/http_parts.h"

static OrganisationDesk desk_of(const Call *call)
{
    Flow *flow = call->http->flow;
    return (OrganisationDesk){flow_store(flow), flow_committer(flow)};
}

static Err show(Call *call, const PermissionActor *actor, int status)
{
    Organisation organisation;
    Slice json;
    const OrganisationDesk desk = desk_of(call);
    TRY(organisation_show(call->cx, &desk, actor, &organisation));
    TRY(organisation_view_print(call->cx, &organisation, &json));
    call_json(call, status, json);
    return ERR_OK;
}

Err http_organisations_list(Call *call)
{
    Organisation *rows = NULL;
    size_t count = 0;
    Slice json;
    const OrganisationDesk desk = desk_of(call);
    const OrganisationList list = {.after = call_query(call, "cursor"),
                                   .tax_id = call_query(call, "tax_id")};
    TRY(organisation_list(call->cx, &desk, &call->actor, &list, &rows, &count));
    TRY(organisation_view_page(call->cx, rows, count, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

static Err name_of(Call *call, OrganisationName *ret_name)
{
    JsonIn *in = NULL;
    TRY(json_in_open(call->cx, exchange_body(call->exchange), &in));
    ret_name->name = json_in_string(json_in_get(json_in_root(in), "name"));
    ret_name->tax_id = json_in_string(json_in_get(json_in_root(in), "tax_id"));
    json_in_close(in);
    return ERR_OK;
}

Err http_organisations_found(Call *call)
{
    OrganisationName name;
    Slice tenant;
    const OrganisationDesk desk = desk_of(call);
    TRY(name_of(call, &name));
    TRY(organisation_found(call->cx, &desk, &call->actor, &name, &tenant));
    // Whoever founded it is its administrator, and may look at what they made.
    PermissionActor actor = call->actor;
    actor.tenant = tenant;
    return show(call, &actor, 201);
}

Err http_organisations_show(Call *call)
{
    return show(call, &call->actor, 200);
}

Err http_organisations_change(Call *call)
{
    OrganisationName name;
    const OrganisationDesk desk = desk_of(call);
    TRY(name_of(call, &name));
    TRY(organisation_change(call->cx, &desk, &call->actor, &name));
    return show(call, &call->actor, 200);
}
