#include "http/http_today.h"

#include "base/date.h"
#include "base/limits.h"
#include "desk/invoice/document/document.h"
#include "desk/running/completeness/completeness_view.h"
#include "http/http_parts.h"
#include "model/kind.h"

// In one snapshot: months that were counted apart would be of different moments.
static Err count_invoices(Call *call, SearchSum *ret_sum)
{
    SearchSums *sums = call->http->sums;
    uint64_t seen = search_sums_now(sums);
    TRY(db_begin_read(call->cx, call->db));
    Err err = search_sums_invoices(call->cx, sums, call->db, seen, call->actor.tenant, ret_sum);
    db_rollback(call->db);
    return err;
}

Err http_today_get(Call *call)
{
    Cx *cx = call->cx;
    char text[DATE_TEXT_SIZE + 1];
    Slice asked = slice_trim(call_query(call, "day"));
    Date date = date_in_china(cx_now_ms(cx));
    if (asked.size > 0 && date_parse(cx, asked, &date) != ERR_OK)
        return err_set(cx, ERR_INPUT, "day: is no date");
    Slice day = date_print(date, text), json;
    int64_t events = 0;
    EquationDay equation;
    SearchSum invoices;
    TRY(document_events(cx, call->db, &events));
    TRY(completeness_day(cx, call->db, call->actor.tenant, day, &equation));
    TRY(count_invoices(call, &invoices));
    const struct {
        const char *name;
        int64_t count;
    } counts[] = {{"invoices", invoices.count},
                  {"events", events},
                  {"commits", (int64_t)commit_count(flow_committer(call->http->flow))}};
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "day", day);
    json_out_key(&out, SLICE("signed"));
    json_out_bool(&out, equation.is_signed);
    completeness_view_count(&out, &equation.all);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        json_out_key(&out, slice_of(counts[i].name));
        json_out_number(&out, counts[i].count);
    }
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_today_print_kinds(Cx *cx, Slice *ret_json)
{
    static const char *const fourths[] = {"none", "amount", "total", "check_code"};
    size_t count = 0;
    const KindRow *kinds = kind_rows(&count);
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < count; i++) {
        json_out_object(&out);
        json_out_pair(&out, "code", slice_of(kinds[i].code));
        json_out_pair(&out, "name", slice_of(kinds[i].name));
        json_out_pair(&out, "name_en", slice_of(kinds[i].name_en));
        json_out_key(&out, SLICE("has_code"));
        json_out_bool(&out, kinds[i].has_code);
        json_out_pair(&out, "fourth", slice_of(fourths[kinds[i].fourth]));
        json_out_end_object(&out);
    }
    json_out_end_array(&out);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err http_today_kinds(Call *call)
{
    call_json(call, 200, call->http->kinds);
    return ERR_OK;
}

// From memory alone: it is asked by whoever watches the process, while a disk may hang.
Err http_today_health(Call *call)
{
    Cx *cx = call->cx;
    Committer *committer = flow_committer(call->http->flow);
    Slice halted = committer == NULL ? SLICE("") : commit_halted(cx, committer), json;
    WatchBrief brief = watch_brief(call->http->options.watch);
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "status", halted.size == 0 ? SLICE("ok") : SLICE("read_only"));
    json_out_pair(&out, "version", SLICE(VERSION_TEXT));
    json_out_pair(&out, "listens",
                  call->http->options.trust_loopback ? SLICE("loopback") : SLICE(""));
    json_out_pair(&out, "halted", halted);
    json_out_key(&out, SLICE("witnesses"));
    json_out_number(&out, (int64_t)brief.witnesses);
    json_out_key(&out, SLICE("need"));
    json_out_number(&out, (int64_t)brief.need);
    json_out_key(&out, SLICE("cosigned"));
    json_out_number(&out, (int64_t)brief.cosigned);
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}
