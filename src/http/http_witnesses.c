#include "http/http_witnesses.h"

#include "desk/running/watch/watch_view.h"
#include "format/json/json_in.h"
#include "http/http_audit.h"
#include "http/http_parts.h"

static Err show(Call *call, Db *db, int status)
{
    Cx *cx = call->cx;
    Flow *flow = call->http->flow;
    Slice json, halted = SLICE("");
    uint64_t size = 0;
    if (flow_sealer(flow) != NULL) size = sealer_size(flow_sealer(flow));
    if (flow_committer(flow) != NULL) halted = commit_halted(cx, flow_committer(flow));
    WatchBrief brief = watch_brief(call->http->options.watch);
    TRY(watch_view_print(cx, db, &brief, size, halted, &json));
    call_json(call, status, json);
    return ERR_OK;
}

Err http_witnesses_list(Call *call)
{
    return show(call, call->db, 200);
}

Err http_witnesses_add(Call *call)
{
    Cx *cx = call->cx;
    JsonIn *in = NULL;
    TRY(json_in_open(cx, exchange_body(call->exchange), &in));
    Slice vkey = json_in_string(json_in_get(json_in_root(in), "vkey"));
    Slice url = json_in_string(json_in_get(json_in_root(in), "url"));
    json_in_close(in);
    NoteKey key;
    bool named = note_key_parse(cx, vkey, &key) == ERR_OK;
    AuditNote note = http_audit_note(call, "witness.add", "witness", named ? key.name : SLICE(""));
    JsonOut after = json_out_open(cx, LIMIT_AUDIT_VALUE_BYTES);
    json_out_object(&after);
    json_out_pair(&after, "url", url);
    json_out_pair(&after, "vkey", vkey);
    json_out_end_object(&after);
    TRY(json_out_done(cx, &after, &note.after));
    TRY(watch_list_add(cx, flow_committer(call->http->flow), vkey, url, &note));
    watch_reload(call->http->options.watch);
    return show(call, call->db, 201);
}

Err http_witnesses_remove(Call *call)
{
    Slice name = call_decode(call->cx, call->parameters[0], false);
    AuditNote note = http_audit_note(call, "witness.remove", "witness", name);
    TRY(watch_list_remove(call->cx, flow_committer(call->http->flow), name, &note));
    watch_reload(call->http->options.watch);
    call_empty(call, 204);
    return ERR_OK;
}
