// What parses prints canonically, and that comes back as the same bytes, and as what reading_again
// makes of the draft without them.
#include <assert.h>

#include "base/limits.h"
#include "model/reading_again.h"
#include "model/reading_again_fixture.h"
#include "model/reading_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Draft draft = {}, back = {}, again = {};
    bool plain = false;
    Slice once = {}, twice = {};
    if (reading_json_parse(&cx, (Slice){(const char *)data, size}, &draft) == ERR_OK &&
        reading_json_print_canonical(&cx, &draft, &once, &plain) == ERR_OK) {
        Err err = reading_json_parse(&cx, once, &back);
        assert(err == ERR_OK);
        err = reading_again_of(&cx, &draft, once, plain, &again);
        assert(err == ERR_OK && reading_again_same(&back, &again));
        err = reading_json_canonical(&cx, &back, &twice);
        assert(err == ERR_OK && slice_equal(once, twice));
    }
    cx_done(&cx);
    return 0;
}
