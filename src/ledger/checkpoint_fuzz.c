// What checkpoint_parse takes, checkpoint_print writes again byte for byte; and so for a promise.
#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "ledger/promise_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 4 * LIMIT_MIB);
    Slice bytes = {(const char *)data, size}, again = {}, origin = {};
    Checkpoint checkpoint;
    uint64_t first = 0, ms = 0;
    if (checkpoint_parse(&cx, bytes, &checkpoint) == ERR_OK) {
        if (checkpoint_print(&cx, &checkpoint, &again) != ERR_OK || !slice_equal(again, bytes))
            abort();
        if (promise_text_parse(&cx, &checkpoint, &origin, &first, &ms) == ERR_OK) {
            checkpoint.origin = cx_printf(&cx, SLICE_FMT "/promise", SLICE_ARG(origin));
            checkpoint.extension =
                cx_printf(&cx, "first %" PRIu64 "\ntime %" PRIu64 "\n", first, ms);
            if (checkpoint_print(&cx, &checkpoint, &again) != ERR_OK || !slice_equal(again, bytes))
                abort();
        }
    }
    cx_done(&cx);
    return 0;
}
