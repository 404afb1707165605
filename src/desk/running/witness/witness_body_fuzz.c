// What is parsed prints to the same bytes.
#include <assert.h>

#include "base/limits.h"
#include "desk/running/witness/witness_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Slice bytes = {(const char *)data, size}, again = {};
    WitnessBody body;
    if (witness_body_parse(&cx, bytes, &body) == ERR_OK) {
        Err err = witness_body_print(&cx, &body, &again);
        assert(err == ERR_OK && slice_equal(bytes, again));
    }
    cx_done(&cx);
    return 0;
}
