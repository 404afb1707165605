// Property: what is parsed, printed again, is byte for byte what was there.
#include <assert.h>

#include "base/limits.h"
#include "publish/replica_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Slice left = {(const char *)data, size};
    for (;;) {
        Slice before = left;
        ReplicaRow row;
        if (left.size == 0 || replica_row_parse(&cx, &left, &row) != ERR_OK) break;
        Text text = text_open(&cx, LIMIT_JOB_ARENA);
        replica_row_print(&text, &row);
        assert(slice_equal(text_so_far(&text), slice_sub(before, 0, before.size - left.size)));
    }
    cx_done(&cx);
    return 0;
}
