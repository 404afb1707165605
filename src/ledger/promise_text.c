#include "ledger/promise_text.h"

#include <inttypes.h>

// "name N LF" off the head of *rest.
static bool take_number(Slice *rest, Slice name, uint64_t *number)
{
    size_t end = slice_find(*rest, SLICE("\n"));
    if (end == SLICE_NONE || !slice_starts(*rest, name) ||
        !slice_u64(slice_sub(*rest, name.size, end - name.size), number))
        return false;
    *rest = slice_sub(*rest, end + 1, SIZE_MAX);
    return true;
}

Err promise_text_parse(Cx *cx, const Checkpoint *checkpoint, Slice *ret_origin, uint64_t *ret_first,
                       uint64_t *ret_ms)
{
    Slice rest = checkpoint->extension, origin = checkpoint->origin;
    uint64_t first = 0, ms = 0;
    if (!slice_ends(origin, PROMISE_TEXT_SUFFIX) || origin.size == PROMISE_TEXT_SUFFIX.size ||
        !take_number(&rest, SLICE("first "), &first) || !take_number(&rest, SLICE("time "), &ms) ||
        rest.size > 0)
        return err_set(cx, ERR_INPUT, "this checkpoint is no promise");
    Slice again = cx_printf(cx, "first %" PRIu64 "\ntime %" PRIu64 "\n", first, ms);
    if (!slice_equal(again, checkpoint->extension))
        return err_set(cx, ERR_INPUT, "a number of a promise has zeros in front");
    *ret_origin = slice_sub(origin, 0, origin.size - PROMISE_TEXT_SUFFIX.size);
    *ret_first = first;
    *ret_ms = ms;
    return ERR_OK;
}
