#include "commit/file_name.h"

#include "base/limits.h"
#include "base/utf8.h"

Slice file_name_clean(Cx *cx, Slice name)
{
    size_t room = name.size < LIMIT_FILE_NAME_BYTES ? name.size : LIMIT_FILE_NAME_BYTES;
    char *bytes = arena_alloc(&cx->arena, room);
    size_t size = 0;
    while (name.size > 0) {
        size_t n = utf8_head(name, NULL);
        if (size + (n == 0 ? 1 : n) > room) break;
        if (n == 0 || (n == 1 && ((uint8_t)name.data[0] < 0x20 || name.data[0] == 0x7F)))
            bytes[size++] = '?';
        else
            memcpy(bytes + size, name.data, n), size += n;
        name = slice_sub(name, n == 0 ? 1 : n, name.size);
    }
    return (Slice){bytes, size};
}
