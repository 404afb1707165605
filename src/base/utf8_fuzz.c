// What is taken as a character is written back as the same bytes.
#include <assert.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice rest = {(const char *)data, size};
    while (rest.size > 0) {
        uint32_t point = 0;
        char bytes[4];
        size_t head = utf8_head(rest, &point);
        if (head > 0) {
            size_t put = utf8_put(point, bytes);
            assert(put == head && memcmp(bytes, rest.data, head) == 0);
        }
        rest = slice_sub(rest, head == 0 ? 1 : head, SIZE_MAX);
    }
    return 0;
}
