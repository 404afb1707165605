// Whatever stands in code and number, the kind is one of the table or none, and an area has both
// its name and its code or neither.
#include <assert.h>

#include "base/limits.h"
#include "model/kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Slice rest = {(const char *)data, size}, part[3] = {};
    bool done = false;
    for (int i = 0; i < 3; i++)
        (void)slice_cut(&rest, ',', &done, &part[i]);
    Slice kind = kind_of(part[0], part[1]);
    assert(slice_empty(kind) || kind_row(kind) != NULL);
    kind = kind_of_qr(part[2], part[0], part[1]);
    assert(slice_empty(kind) || kind_row(kind) != NULL);
    Slice area = kind_area_code(&cx, part[0], part[1]);
    assert(slice_empty(kind_area_name(part[0], part[1])) == slice_empty(area));
    assert(area.size == 0 || (area.size == 4 && slice_digits(area)));
    cx_done(&cx);
    return 0;
}
