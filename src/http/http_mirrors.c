#include "http/http_mirrors.h"

#include "base/limits.h"
#include "desk/running/mirror/node.h"
#include "format/json/json_in.h"
#include "http/http_audit.h"
#include "http/http_parts.h"

static Err name_of(Cx *cx, Slice body, Slice *ret_name)
{
    JsonIn *in = NULL;
    TRY(json_in_open(cx, body, &in));
    const JsonValue *name = json_in_get(json_in_root(in), "name");
    *ret_name = json_in_string(name); // lives as long as the arena
    json_in_close(in);
    if (!slice_empty(*ret_name)) return ERR_OK;
    return err_set(cx, ERR_INPUT, "name: which mirror is it?");
}

Err http_mirrors_add(Call *call)
{
    Cx *cx = call->cx;
    Slice name, token, json;
    TRY(name_of(cx, exchange_body(call->exchange), &name));
    AuditNote note = http_audit_note(call, "mirror.add", "mirror", name);
    TRY(node_add(cx, flow_committer(call->http->flow), name, &token, &note));
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "name", name);
    json_out_pair(&out, "token", token);
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &json));
    call_json(call, 201, json);
    return ERR_OK;
}
