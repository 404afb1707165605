// What der_next accepts re-encodes to the same bytes, to any depth; the small readers stay inside.
#include <stdlib.h>

#include "crypto/der.h"

#define DEPTH_MAX 32

static size_t put_head(uint8_t head[static 6], uint8_t tag, size_t size)
{
    head[0] = tag;
    if (size < 0x80) {
        head[1] = (uint8_t)size;
        return 2;
    }
    size_t count = size > 0xFFFFFF ? 4 : size > 0xFFFF ? 3 : size > 0xFF ? 2 : 1;
    head[1] = (uint8_t)(0x80 | count);
    for (size_t i = 0; i < count; i++)
        head[2 + i] = (uint8_t)(size >> (8 * (count - 1 - i)));
    return 2 + count;
}

static void walk(Cx *cx, Slice rest, int depth)
{
    DerItem item;
    while (depth < DEPTH_MAX && der_next(cx, &rest, &item) == ERR_OK) {
        uint8_t head[6];
        size_t size = put_head(head, item.tag, item.body.size);
        if (size + item.body.size != item.whole.size || memcmp(head, item.whole.data, size) != 0 ||
            item.whole.data + size != item.body.data)
            abort();
        uint64_t number = 0;
        Slice bytes;
        if (der_number(cx, &item, &number) == ERR_OK && item.tag != DER_INTEGER) abort();
        if (der_bits(cx, &item, &bytes) == ERR_OK && bytes.size + 1 != item.body.size) abort();
        if (der_time(cx, &item, &number) == ERR_OK && item.body.size < 12) abort();
        if ((item.tag & 0x20) != 0) walk(cx, item.body, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 1024);
    walk(&cx, (Slice){(const char *)data, size}, 0);
    cx_done(&cx);
    return 0;
}
