// What decodes encodes to the same bytes.
#include <assert.h>

#include "base/limits.h"
#include "model/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Slice bytes = {(const char *)data, size}, again = {};
    Reading reading = {};
    if (wire_decode(&cx, bytes, &reading) == ERR_OK) {
        Err err = wire_encode(&cx, &reading, &again);
        assert(err == ERR_OK && slice_equal(bytes, again));
    }
    Seal seal = {};
    if (wire_decode_seal(&cx, bytes, &seal) == ERR_OK) {
        Err err = wire_encode_seal(&cx, &seal, &again);
        assert(err == ERR_OK && slice_equal(bytes, again));
    }
    cx_done(&cx);
    return 0;
}
