// What a payload puts into an empty draft never disagrees with the same payload again.
#include <stdlib.h>

#include "base/limits.h"
#include "read/read_qr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Slice payload = {(const char *)data, size};
    Draft draft = {};
    if (read_qr_apply(&cx, &draft, payload) != ERR_OK) abort();
    bool invoice = read_qr_is_invoice(&cx, payload);
    if (!invoice && draft.number.size > 0) abort();
    size_t findings = draft.finding_count;
    if (read_qr_apply(&cx, &draft, payload) != ERR_OK) abort();
    if (draft.finding_count != findings) abort();
    cx_done(&cx);
    return 0;
}
