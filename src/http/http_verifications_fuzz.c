// Property: a question that is understood is understood the same when written again.
#include <stdlib.h>

#include "base/limits.h"
#include "format/json/json_out.h"
#include "http/http_verifications.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 16 * LIMIT_MIB);
    VerifyQuery query, again;
    if (http_verifications_parse(&cx, (Slice){(const char *)data, size}, &query) == ERR_OK) {
        JsonOut out = json_out_open(&cx, LIMIT_MIB);
        Slice json;
        json_out_object(&out);
        json_out_pair(&out, "kind", query.kind);
        json_out_pair(&out, "code", query.code);
        json_out_pair(&out, "number", query.number);
        json_out_pair(&out, "issue_date", query.issue_date);
        json_out_pair(&out, "amount", query.amount);
        json_out_pair(&out, "total", query.total);
        json_out_pair(&out, "check_code", query.check_code);
        json_out_end_object(&out);
        if (json_out_done(&cx, &out, &json) != ERR_OK) abort();
        // Escapes may make it longer than a request may be.
        if (http_verifications_parse(&cx, json, &again) == ERR_OK &&
            (!slice_equal(again.number, query.number) || !slice_equal(again.kind, query.kind) ||
             !slice_equal(again.check_code, query.check_code)))
            abort();
        VerifyNeeds needs;
        verify_needs(query.code, query.number, &needs);
    }
    cx_done(&cx);
    return 0;
}
