// Whatever a draft holds, the rules neither fail nor say on a second run what they have said.
#include <assert.h>

#include "base/limits.h"
#include "model/reading_json.h"
#include "validate/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    ValidateContext context = {.today = {2026, 11, 21}};
    Draft draft = {};
    if (reading_json_parse(&cx, (Slice){(const char *)data, size}, &draft) == ERR_OK) {
        Err err = validate_draft(&cx, &context, &draft);
        assert(err == ERR_OK);
        size_t once = draft.finding_count;
        err = validate_draft(&cx, &context, &draft);
        assert(err == ERR_OK && draft.finding_count == once);
    }
    cx_done(&cx);
    return 0;
}
