// What parses prints canonically, and that comes back as the same bytes.
#include <assert.h>

#include "base/limits.h"
#include "model/reading_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Draft draft = {}, back = {};
    Slice once = {}, twice = {};
    if (reading_json_parse(&cx, (Slice){(const char *)data, size}, &draft) == ERR_OK &&
        reading_json_canonical(&cx, &draft, &once) == ERR_OK) {
        Err err = reading_json_parse(&cx, once, &back);
        assert(err == ERR_OK);
        err = reading_json_canonical(&cx, &back, &twice);
        assert(err == ERR_OK && slice_equal(once, twice));
    }
    cx_done(&cx);
    return 0;
}
