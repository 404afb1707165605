// Any remark: what is read from it are values of the table's names, clean and not empty, that stand
// in the remark. Input: the remark.
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "read/read_extra.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Draft draft = {};
    Slice raw = {(const char *)data, size < LIMIT_FIELD_BYTES ? size : LIMIT_FIELD_BYTES};
    if (draft_set(&cx, &draft, DRAFT_REMARK, raw, SOURCE_XML, 1000) != ERR_OK) abort();
    if (read_extra_of_remark(&cx, &draft) != ERR_OK) abort();
    if (draft.extra_count > LIMIT_EXTRAS) abort();
    for (size_t i = 0; i < draft.extra_count; i++) {
        const Extra *extra = &draft.extras[i];
        if (extra_row(extra->name) == NULL || extra->value.size == 0) abort();
        if (!utf8_is_clean(extra->value) || extra->source != SOURCE_XML) abort();
    }
    cx_done(&cx);
    return 0;
}
