#include "http/http_verifications.h"

#include <stddef.h>

#include "base/limits.h"
#include "format/json/json_in.h"
#include "http/http_form.h"
#include "http/http_parts.h"

// The request: one flat object of strings; nothing else is known, so nothing else is taken.
//
//   {"kind"?,"code"?,"number","issue_date","amount"?,"total"?,"check_code"?}
#define BODY_MAX ((size_t)4096)

static const struct {
    const char *name;
    size_t offset;
} fields[] = {
    {"kind", offsetof(VerifyQuery, kind)},
    {"code", offsetof(VerifyQuery, code)},
    {"number", offsetof(VerifyQuery, number)},
    {"issue_date", offsetof(VerifyQuery, issue_date)},
    {"amount", offsetof(VerifyQuery, amount)},
    {"total", offsetof(VerifyQuery, total)},
    {"check_code", offsetof(VerifyQuery, check_code)},
};

static Err take_member(Cx *cx, const JsonValue *member, VerifyQuery *query)
{
    Slice key = json_in_key(member);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (!slice_equal(key, slice_of(fields[i].name))) continue;
        if (!json_in_is_string(member))
            return err_set(cx, ERR_INPUT, "%s: is no text", fields[i].name);
        Slice value = json_in_string(member); // lives as long as the arena
        memcpy((char *)query + fields[i].offset, &value, sizeof value);
        return ERR_OK;
    }
    return http_form_unknown(cx, key);
}

Err http_verifications_parse(Cx *cx, Slice json, VerifyQuery *ret_query)
{
    if (json.size > BODY_MAX) return err_set(cx, ERR_INPUT, "the request is too long");
    VerifyQuery query = {};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        Slice empty = SLICE("");
        memcpy((char *)&query + fields[i].offset, &empty, sizeof empty);
    }
    JsonIn *in = NULL;
    TRY(json_in_open(cx, json, &in));
    const JsonValue *root = json_in_root(in);
    Err err = json_in_is_object(root) ? ERR_OK : err_set(cx, ERR_INPUT, "it is no object");
    for (const JsonValue *m = json_in_first(root); err == ERR_OK && m != NULL; m = json_in_next(m))
        err = take_member(cx, m, &query);
    json_in_close(in);
    if (err == ERR_OK) *ret_query = query;
    return err;
}

Err http_verifications_print(Cx *cx, const VerifyAnswer *answer, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES * 16);
    json_out_object(&out);
    json_out_pair(&out, "result", slice_of(verify_result_name(answer->result)));
    json_out_pair(&out, "state", slice_of(answer->state));
    json_out_pair(&out, "basis", slice_of(answer->basis));
    json_out_key(&out, SLICE("conflict"));
    json_out_bool(&out, answer->conflict);
    json_out_key(&out, SLICE("mismatch"));
    json_out_array(&out);
    for (size_t i = 0; i < answer->mismatch_count; i++)
        json_out_string(&out, slice_of(answer->mismatch[i]));
    json_out_end_array(&out);
    json_out_key(&out, SLICE("message"));
    json_out_object(&out);
    json_out_pair(&out, "zh", slice_of(answer->zh));
    json_out_pair(&out, "en", slice_of(answer->en));
    json_out_end_object(&out);
    json_out_pair(&out, "signer", answer->signer);
    json_out_key(&out, SLICE("sequence"));
    json_out_number(&out, (int64_t)answer->sequence);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err http_verifications_ask(Call *call)
{
    Cx *cx = call->cx;
    VerifyQuery query;
    VerifyAnswer answer;
    Slice json;
    TRY(http_verifications_parse(cx, exchange_body(call->exchange), &query));
    // Asked first: a question that is not well-formed costs no try.
    TRY(verify_ask(cx, flow_store(call->http->flow), call->http->index, &query, &answer));
    if (!permission_may(&call->actor, PERMISSION_VERIFY_UNCOUNTED) &&
        verify_tries_count(cx, call->http->tries, answer.code, answer.number) != ERR_OK) {
        exchange_set(call->exchange, "Retry-After",
                     cx_printf(cx, "%llu", (unsigned long long)verify_tries_seconds_left(cx)));
        call_problem(call, HTTP_PROBLEM_TOO_MANY_TRIES, SLICE(""));
        return ERR_OK;
    }
    TRY(http_verifications_print(cx, &answer, &json));
    call_json(call, 200, json);
    return ERR_OK;
}

Err http_verifications_needs(Call *call)
{
    static const char *const fourths[] = {"none", "amount", "total", "check_code"};
    Cx *cx = call->cx;
    VerifyNeeds needs;
    verify_needs(slice_trim(call_query(call, "code")), slice_trim(call_query(call, "number")),
                 &needs);
    const KindRow *kind = kind_row(needs.kind);
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    json_out_object(&out);
    json_out_pair(&out, "kind", needs.kind);
    json_out_pair(&out, "kind_name", kind == NULL ? SLICE("") : slice_of(kind->name));
    json_out_key(&out, SLICE("code"));
    json_out_bool(&out, needs.code);
    json_out_pair(&out, "fourth", slice_of(fourths[needs.fourth]));
    json_out_end_object(&out);
    Slice json;
    TRY(json_out_done(cx, &out, &json));
    call_json(call, 200, json);
    return ERR_OK;
}
