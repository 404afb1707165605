#include "http/http_invoices.h"

#include <stddef.h>

#include "base/limits.h"
#include "desk/invoice/search/search_detail.h"
#include "desk/invoice/search/search_print.h"
#include "http/http_parts.h"

static const struct {
    const char *name;
    size_t offset;
} parameters[] = {
    {"number", offsetof(SearchQuery, number)},
    {"code", offsetof(SearchQuery, code)},
    {"seller", offsetof(SearchQuery, seller)},
    {"buyer", offsetof(SearchQuery, buyer)},
    {"date_from", offsetof(SearchQuery, date_from)},
    {"date_to", offsetof(SearchQuery, date_to)},
    {"amount_min", offsetof(SearchQuery, amount_min)},
    {"amount_max", offsetof(SearchQuery, amount_max)},
    {"total_min", offsetof(SearchQuery, total_min)},
    {"total_max", offsetof(SearchQuery, total_max)},
    {"kind", offsetof(SearchQuery, kind)},
    {"state", offsetof(SearchQuery, state)},
    {"q", offsetof(SearchQuery, q)},
    {"sort", offsetof(SearchQuery, sort)},
    {"cursor", offsetof(SearchQuery, cursor)},
};

Err http_invoices_list(Call *call)
{
    Cx *cx = call->cx;
    SearchQuery query = {.sums = call->http->sums};
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        Slice value = call_query(call, parameters[i].name);
        memcpy((char *)&query + parameters[i].offset, &value, sizeof value);
    }
    TRY(call_query_int(call, "limit", &query.limit));
    SearchPage page;
    Slice json;
    TRY(search_list(cx, call->db, &call->actor, &query, &page));
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    search_print_page(cx, &out, &page);
    TRY(json_out_done(cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_invoices_get(Call *call)
{
    JsonOut out = json_out_open(call->cx, LIMIT_JSON_BYTES);
    Slice json;
    TRY(search_detail_print(call->cx, call->db, &call->actor, call->parameters[0], &out));
    TRY(json_out_done(call->cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}
