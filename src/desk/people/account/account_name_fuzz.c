// Property: a name that is understood is understood the same when written again, and holds nothing
// that ends a line or begins a second address.
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "desk/people/account/account_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 16 * LIMIT_MIB);
    AccountNameKind kind, again_kind;
    Slice name, again;
    if (account_name_parse(&cx, (Slice){(const char *)data, size}, &kind, &name) == ERR_OK) {
        if (account_name_parse(&cx, name, &again_kind, &again) != ERR_OK || kind != again_kind ||
            !slice_equal(name, again) || !utf8_is_clean(name) ||
            slice_find(name, SLICE("\n")) != SLICE_NONE ||
            slice_find(name, SLICE(" ")) != SLICE_NONE || name.size > ACCOUNT_NAME_MAIL_MAX)
            abort();
    }
    cx_done(&cx);
    return 0;
}
