#include "http/http_audit.h"

#include "commit/audited.h"
#include "commit/commit_wait.h"
#include "desk/people/account/account_shown.h"
#include "desk/people/audit_log/audit_log_print.h"
#include "http/http_parts.h"

static Err take_query(Call *call, AuditLogQuery *ret_query)
{
    Cx *cx = call->cx;
    int limit = 0;
    Slice from = call_query(call, "from"), to = call_query(call, "to");
    AuditLogQuery query = {.actor = call_query(call, "actor"),
                           .act = call_query(call, "act"),
                           .object_kind = call_query(call, "object_kind"),
                           .object = call_query(call, "object"),
                           .result = call_query(call, "result"),
                           .documents = slice_equal(call_query(call, "documents"), SLICE("true")),
                           .cursor = call_query(call, "cursor")};
    TRY(audit_log_scope(cx, &call->actor, call_query(call, "organisation"), &query));
    if (!slice_empty(from)) TRY(audit_log_time(cx, from, false, &query.from_ms));
    if (!slice_empty(to)) TRY(audit_log_time(cx, to, true, &query.to_ms));
    TRY(call_query_int(call, "limit", &limit));
    query.limit = limit < 1 ? LIMIT_AUDIT_LOG_PAGE : (size_t)limit;
    *ret_query = query;
    return ERR_OK;
}

// What is exported is the record as it stands, without names.
static Err fill_names(Call *call, AuditLogPage *page)
{
    Accounts *accounts = call->http->accounts;
    if (accounts == NULL || page->count == 0) return ERR_OK;
    Slice *names = arena_alloc(&call->cx->arena, 4 * page->count * sizeof *names);
    Slice *shown = names + 2 * page->count;
    for (size_t i = 0; i < page->count; i++) {
        const AuditLogEntry *entry = &page->entries[i];
        names[2 * i] = entry->actor;
        bool person = slice_equal(entry->object_kind, SLICE("account")) ||
                      slice_equal(entry->object_kind, SLICE("member"));
        names[2 * i + 1] = person ? entry->object : SLICE("");
    }
    TRY(account_shown(call->cx, accounts, &call->actor, names, 2 * page->count, shown));
    for (size_t i = 0; i < page->count; i++) {
        page->entries[i].actor_name = shown[2 * i];
        page->entries[i].object_name = shown[2 * i + 1];
    }
    return ERR_OK;
}

Err http_audit_list(Call *call)
{
    AuditLogQuery query;
    AuditLogPage page;
    Slice json;
    audit_log_refused_flush(call->http->refused, call->cx, false);
    TRY(take_query(call, &query));
    TRY(audit_log_page(call->cx, flow_store(call->http->flow), call->db, &query, &page));
    TRY(fill_names(call, &page));
    TRY(audit_log_print_page(call->cx, &page, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

// The same question from where this answer ends.
static void link_next(Call *call, Slice next)
{
    Text link = text_open(call->cx, LIMIT_FIELD_BYTES);
    text_add(&link, SLICE("<"));
    text_add(&link, exchange_path(call->exchange));
    text_add(&link, SLICE("?"));
    Slice rest = exchange_query(call->exchange), pair;
    bool done = rest.size == 0;
    while (slice_cut(&rest, '&', &done, &pair)) {
        if (slice_starts(pair, SLICE("cursor="))) continue;
        text_add(&link, pair);
        text_add(&link, SLICE("&"));
    }
    text_printf(&link, "cursor=" SLICE_FMT ">; rel=\"next\"", SLICE_ARG(next));
    exchange_set(call->exchange, "Link", text_so_far(&link));
}

static Err export(Call *call, AuditLogForm form, Slice type, Slice file)
{
    AuditLogQuery query;
    AuditLogPage page = {};
    audit_log_refused_flush(call->http->refused, call->cx, false);
    TRY(take_query(call, &query));
    query.limit = LIMIT_AUDIT_LOG_PAGE_MAX;
    Text text = text_open(call->cx, LIMIT_AUDIT_LOG_EXPORT_BYTES);
    size_t count = 0, scanned = 0;
    bool first = slice_empty(query.cursor);
    do {
        Slice lines;
        TRY(audit_log_page(call->cx, flow_store(call->http->flow), call->db, &query, &page));
        TRY(audit_log_print_lines(call->cx, form, &page, first, &lines));
        text_add(&text, lines);
        count += page.count;
        scanned += page.scanned;
        query.cursor = page.next;
        first = false;
    } while (!slice_empty(page.next) && count < LIMIT_AUDIT_LOG_EXPORT &&
             scanned < LIMIT_AUDIT_LOG_EXPORT);
    if (!slice_empty(page.next)) link_next(call, page.next);
    exchange_set(call->exchange, "Content-Disposition", file);
    TRY(text_done(call->cx, &text, &call->body));
    call->status = 200;
    call->type = type;
    return ERR_OK;
}

Err http_audit_csv(Call *call)
{
    return export(call, AUDIT_LOG_CSV, SLICE("text/csv; charset=utf-8"),
                  SLICE("attachment; filename=\"audit.csv\""));
}

Err http_audit_ndjson(Call *call)
{
    return export(call, AUDIT_LOG_NDJSON, SLICE("application/x-ndjson"),
                  SLICE("attachment; filename=\"audit.ndjson\""));
}

AuditNote http_audit_note(const Call *call, const char *act, const char *object_kind, Slice object)
{
    const PermissionActor *actor = &call->actor;
    return (AuditNote){.tenant = actor->kind == PERMISSION_STRANGER ? SLICE("") : actor->tenant,
                       .actor = actor->name,
                       .source = SLICE("http"),
                       .address = actor->address,
                       .act = slice_of(act),
                       .object_kind = slice_of(object_kind),
                       .object = object};
}

// An address may name a person or an invoice, so the route stands in clear and the path sealed.
void http_audit_refused(Call *call)
{
    Cx *cx = call->cx;
    const Route *route = call->route;
    Slice object =
        cx_printf(cx, "%s %s", routes_method_name(exchange_method(call->exchange)), route->pattern);
    AuditNote note = http_audit_note(call, permission_act_name(route->act), "route", object);
    JsonOut out = json_out_open(cx, LIMIT_AUDIT_VALUE_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "path", slice_sub(exchange_path(call->exchange), 0, 1024));
    json_out_end_object(&out);
    if (json_out_done(cx, &out, &note.after) != ERR_OK) note.after = SLICE("");
    bool known = call->actor.kind == PERMISSION_ACCOUNT || slice_empty(call->actor.address);
    const PeerBlock block = peer_block(&call->peer);
    audit_log_refused(call->http->refused, cx, &note,
                      known ? call->actor.name : peer_block_print(cx, &block));
}

Err http_audit_wrote(Call *call, const AuditNote *note, Err err)
{
    Cx *cx = call->cx;
    Committer *committer = flow_committer(call->http->flow);
    if (committer == NULL) return err;
    char text[sizeof cx->err_text];
    memcpy(text, cx->err_text, sizeof text);
    AuditNote wrote = *note;
    if (slice_empty(wrote.result)) wrote.result = audited_result(err);
    // While the log is halted nothing can be written to it; what was done stands all the same.
    Err written = commit_wait_audited(cx, committer, NULL, NULL, &wrote);
    (void)written;
    memcpy(cx->err_text, text, sizeof text);
    return err;
}
