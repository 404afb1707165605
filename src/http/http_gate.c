#include "http/http_gate.h"

#include "base/date.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"
#include "http/http_parts.h"

static Err show(Call *call, int status)
{
    Cx *cx = call->cx;
    GateRule *rules = NULL;
    size_t count = 0;
    Slice json;
    TRY(gate_list(cx, call->http->gate, &call->actor, &rules, &count));
    JsonOut out = json_out_open(cx, LIMIT_GATE_RULES * (LIMIT_GATE_NOTE_BYTES * 6 + 256));
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < count; i++) {
        json_out_object(&out);
        json_out_pair(&out, "block", peer_block_print(cx, &rules[i].block));
        json_out_pair(&out, "effect", rules[i].allow ? SLICE("allow") : SLICE("deny"));
        json_out_pair(&out, "note", rules[i].note);
        json_out_pair(&out, "created_at", date_rfc3339(cx, rules[i].created_ms));
        json_out_end_object(&out);
    }
    json_out_end_array(&out);
    // So that whoever adds a rule sees whether it is about them.
    json_out_pair(&out, "address", call->actor.address);
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &json));
    call_json(call, status, json);
    return ERR_OK;
}

Err http_gate_list(Call *call)
{
    return show(call, 200);
}

Err http_gate_add(Call *call)
{
    Cx *cx = call->cx;
    JsonIn *in = NULL;
    TRY(json_in_open(cx, exchange_body(call->exchange), &in));
    Slice block = json_in_string(json_in_get(json_in_root(in), "block"));
    Slice effect = json_in_string(json_in_get(json_in_root(in), "effect"));
    Slice note = json_in_string(json_in_get(json_in_root(in), "note"));
    json_in_close(in);
    bool allow = slice_equal(effect, SLICE("allow"));
    if (!allow && !slice_equal(effect, SLICE("deny")))
        return err_set(cx, ERR_INPUT, "effect: is neither allow nor deny");
    TRY(gate_add(cx, call->http->gate, &call->actor, block, allow, note));
    return show(call, 201);
}

Err http_gate_remove(Call *call)
{
    Slice block = call_decode(call->cx, call->parameters[0], false);
    TRY(gate_remove(call->cx, call->http->gate, &call->actor, block));
    call_empty(call, 204);
    return ERR_OK;
}
