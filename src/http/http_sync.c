#include "http/http_sync.h"

#include "desk/running/completeness/completeness_view.h"
#include "desk/running/sync/sync_view.h"
#include "http/http_audit.h"
#include "http/http_parts.h"

#define PAGE     20
#define PAGE_MAX 100

static Err show(Call *call, int status)
{
    Slice json;
    TRY(sync_view_print(call->cx, call->db, call->http->flow, call->http->options.sync,
                        call->actor.tenant, &json));
    call_json(call, status, json);
    return ERR_OK;
}

Err http_sync_get(Call *call)
{
    return show(call, 200);
}

Err http_sync_start(Call *call)
{
    if (call->http->options.sync == NULL)
        return err_set(call->cx, ERR_STORE, "nothing is synchronised by this process");
    const AuditNote note = http_audit_note(call, "sync.start", "sync", SLICE(""));
    (void)sync_start(call->http->options.sync); // one that is under way is as good
    TRY(http_audit_wrote(call, &note, ERR_OK));
    return show(call, 202);
}

static Err limit_of(Call *call, int *ret_limit)
{
    TRY(call_query_int(call, "limit", ret_limit));
    if (*ret_limit < 1) *ret_limit = PAGE;
    if (*ret_limit > PAGE_MAX) *ret_limit = PAGE_MAX;
    return ERR_OK;
}

Err http_sync_runs(Call *call)
{
    int limit = 0;
    Slice json;
    TRY(limit_of(call, &limit));
    TRY(sync_view_runs(call->cx, call->db, call_query(call, "cursor"), limit,
                       permission_may(&call->actor, PERMISSION_READ_FINDINGS), &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_sync_day(Call *call)
{
    Slice json;
    TRY(completeness_view_day(call->cx, call->db, call->actor.tenant,
                              call_decode(call->cx, call->parameters[0], false), &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_sync_days(Call *call)
{
    int limit = 0;
    Slice json;
    TRY(limit_of(call, &limit));
    TRY(completeness_view_days(call->cx, call->db, call->actor.tenant, call_query(call, "cursor"),
                               limit, &json));
    call_json(call, 200, json);
    return ERR_OK;
}
