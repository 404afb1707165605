#include "http/http_erasures.h"

#include "desk/people/account/account_shown.h"
#include "desk/people/erasure/erasure.h"
#include "format/json/json_in.h"
#include "http/http_parts.h"

static ErasureDesk desk_of(const Call *call)
{
    Flow *flow = call->http->flow;
    return (ErasureDesk){flow_store(flow), flow_committer(flow)};
}

static Err fill_names(Call *call, ErasureRequest *requests, size_t count)
{
    Accounts *accounts = call->http->accounts;
    if (accounts == NULL || count == 0) return ERR_OK;
    Slice *names = arena_alloc(&call->cx->arena, 4 * count * sizeof *names);
    Slice *shown = names + 2 * count;
    for (size_t i = 0; i < count; i++) {
        names[2 * i] = requests[i].asked_by;
        names[2 * i + 1] = requests[i].decided_by;
    }
    TRY(account_shown(call->cx, accounts, &call->actor, names, 2 * count, shown));
    for (size_t i = 0; i < count; i++) {
        requests[i].asked_name = shown[2 * i];
        requests[i].decided_name = shown[2 * i + 1];
    }
    return ERR_OK;
}

static Err answer(Call *call, int status, ErasureRequest *request)
{
    Slice json;
    TRY(fill_names(call, request, 1));
    TRY(erasure_print(call->cx, request, &json));
    call_json(call, status, json);
    return ERR_OK;
}

Err http_erasures_list(Call *call)
{
    ErasurePage page;
    Slice json;
    TRY(erasure_list(call->cx, call->db, &call->actor, call_query(call, "cursor"), &page));
    TRY(fill_names(call, page.requests, page.count));
    TRY(erasure_print_page(call->cx, &page, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_erasures_ask(Call *call)
{
    JsonIn *in = NULL;
    const ErasureDesk desk = desk_of(call);
    ErasureRequest request;
    TRY(json_in_open(call->cx, exchange_body(call->exchange), &in));
    const JsonValue *root = json_in_root(in);
    Slice reference = json_in_string(json_in_get(root, "reference"));
    Slice reason = json_in_string(json_in_get(root, "reason"));
    json_in_close(in);
    TRY(erasure_ask(call->cx, &desk, &call->actor, reference, reason, &request));
    return answer(call, 201, &request);
}

static Err decide(Call *call, bool confirm)
{
    const ErasureDesk desk = desk_of(call);
    ErasureRequest request;
    Slice id = call_decode(call->cx, call->parameters[0], false);
    TRY(erasure_decide(call->cx, &desk, &call->actor, id, confirm, &request));
    return answer(call, 200, &request);
}

Err http_erasures_confirm(Call *call)
{
    return decide(call, true);
}

Err http_erasures_refuse(Call *call)
{
    return decide(call, false);
}
