#include "crypto/der_fixture.h"

#include <assert.h>

Slice der_fixture_item(Cx *cx, uint8_t tag, const Slice *parts, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    assert(size <= 0xFFFFFF);
    char *bytes = arena_alloc(&cx->arena, size + 5);
    size_t at = 0;
    bytes[at++] = (char)tag;
    if (size >= 0x80) {
        size_t length = size > 0xFFFF ? 3 : size > 0xFF ? 2 : 1;
        bytes[at++] = (char)(0x80 | length);
        while (length-- > 0)
            bytes[at++] = (char)(size >> (8 * length));
    } else {
        bytes[at++] = (char)size;
    }
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > 0) memcpy(bytes + at, parts[i].data, parts[i].size);
        at += parts[i].size;
    }
    return (Slice){bytes, at};
}

Slice der_fixture_bits(Cx *cx, Slice bytes)
{
    return DER_FIXTURE(cx, DER_BIT_STRING, SLICE("\0"), bytes);
}
