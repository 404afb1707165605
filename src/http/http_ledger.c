#include "http/http_ledger.h"

#include "desk/running/ledger/ledger_tiles.h"
#include "desk/running/ledger/ledger_view.h"
#include "http/http_parts.h"

Err http_ledger_of(Call *call, Log **ret_log)
{
    Log *log = flow_log(call->http->flow);
    if (log == NULL) return err_set(call->cx, ERR_MISSING, "this folder has no ledger yet");
    *ret_log = log;
    return ERR_OK;
}

Err http_ledger_get(Call *call)
{
    Log *log = NULL;
    Slice json;
    TRY(http_ledger_of(call, &log));
    TRY(ledger_view_print(call->cx, log, call->db, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_ledger_checkpoint(Call *call)
{
    Log *log = NULL;
    TRY(http_ledger_of(call, &log));
    TRY(ledger_view_checkpoint(call->cx, log, call->db, &call->body));
    call->status = 200;
    call->type = SLICE("text/plain; charset=utf-8");
    return ERR_OK;
}

Err http_ledger_tile(Call *call)
{
    Log *log = NULL;
    Slice path = cx_printf(call->cx, "tile/" SLICE_FMT "/" SLICE_FMT,
                           SLICE_ARG(call->parameters[0]), SLICE_ARG(call->parameters[1]));
    TRY(http_ledger_of(call, &log));
    TRY(ledger_tiles_find(call->cx, log, call->db, path, &call->body));
    call->status = 200;
    call->type = SLICE("application/octet-stream");
    // The bytes under a name never change, a partial tile's neither. Private: who may read them is
    // asked each time.
    call->cache = SLICE("private, max-age=31536000, immutable");
    return ERR_OK;
}
