#include "http/http_notifications.h"

#include "base/base64.h"
#include "base/limits.h"
#include "desk/people/notify/notify_view.h"
#include "format/json/json_in.h"
#include "http/http_audit.h"
#include "http/http_parts.h"

#define PAGE    20
#define SET_MAX NOTIFY_SETTING_COUNT

// All of them, whichever organisation's: who manages settings does so for the whole folder.
//
// Only who can read the key file is shown recipients as they are.
static bool whole(const Call *call)
{
    return call->actor.kind == PERMISSION_LOCAL;
}

Err http_notifications_list(Call *call)
{
    int limit = 0;
    NotifyRow *rows = NULL;
    size_t count = 0;
    Slice json;
    TRY(call_query_int(call, "limit", &limit));
    if (limit < 1) limit = PAGE;
    if ((size_t)limit > LIMIT_NOTIFY_PAGE) limit = (int)LIMIT_NOTIFY_PAGE;
    TRY(notify_list(call->cx, flow_store(call->http->flow), call->db, NULL,
                    call_query(call, "state"), call_query(call, "cursor"), (size_t)limit, &rows,
                    &count));
    TRY(notify_view_page(call->cx, rows, count, (size_t)limit, whole(call), &json));
    call_json(call, 200, json);
    return ERR_OK;
}

static Err show(Call *call, Slice id, int status)
{
    NotifyRow row;
    Slice json;
    TRY(notify_find(call->cx, flow_store(call->http->flow), call->db, id, &row));
    TRY(notify_view_print(call->cx, &row, whole(call), &json));
    call_json(call, status, json);
    return ERR_OK;
}

Err http_notifications_test(Call *call)
{
    Cx *cx = call->cx;
    Flow *flow = call->http->flow;
    JsonIn *in = NULL;
    uint8_t id[COMMIT_ID_SIZE];
    TRY(json_in_open(cx, exchange_body(call->exchange), &in));
    Slice channel = json_in_string(json_in_get(json_in_root(in), "channel"));
    Slice to = json_in_string(json_in_get(json_in_root(in), "to"));
    Slice language = json_in_string(json_in_get(json_in_root(in), "language"));
    json_in_close(in);
    TRY(notify_test_message(cx, flow_store(flow), flow_committer(flow), call->actor.tenant, channel,
                            to, language, id));
    return show(call, base64_hex(cx, (Slice){(const char *)id, sizeof id}), 201);
}

Err http_notifications_retry(Call *call)
{
    Slice id = call_decode(call->cx, call->parameters[0], false);
    TRY(notify_retry(call->cx, flow_committer(call->http->flow), id));
    return show(call, id, 202);
}

Err http_notifications_settings(Call *call)
{
    NotifySettings settings;
    Slice json;
    TRY(notify_setting_read(call->cx, flow_store(call->http->flow), call->db, &settings));
    TRY(notify_view_settings(call->cx, &settings, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_notifications_set(Call *call)
{
    Cx *cx = call->cx;
    Flow *flow = call->http->flow;
    NotifySet sets[SET_MAX];
    size_t count = 0;
    JsonIn *in = NULL;
    TRY(json_in_open(cx, exchange_body(call->exchange), &in));
    const JsonValue *item = json_in_first(json_in_get(json_in_root(in), "items"));
    for (; item != NULL && count < SET_MAX; item = json_in_next(item))
        sets[count++] = (NotifySet){json_in_string(json_in_get(item, "name")),
                                    json_in_string(json_in_get(item, "value"))};
    json_in_close(in);
    if (item != NULL || count == 0)
        return err_set(cx, ERR_INPUT, "items are from 1 to %d settings", (int)SET_MAX);
    // The first name alone: among the values there are secrets.
    AuditNote note = http_audit_note(call, "setting.change", "setting", sets[0].name);
    TRY(notify_setting_set(cx, flow_store(flow), flow_committer(flow), sets, count, &note));
    return http_notifications_settings(call);
}
