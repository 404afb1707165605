#include "base/utf8.h"

#include <assert.h>

size_t utf8_head(Slice s, uint32_t *ret_point)
{
    if (s.size == 0) return 0;
    const unsigned char *b = (const unsigned char *)s.data;
    size_t size = b[0] < 0x80 ? 1 : b[0] < 0xC2 ? 0 : b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    if (size == 0 || size > s.size || b[0] > 0xF4) return 0;
    uint32_t point = size == 1 ? b[0] : b[0] & (0xFFu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((b[i] & 0xC0) != 0x80) return 0;
        point = point << 6 | (b[i] & 0x3F);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return 0;
    if (ret_point != NULL) *ret_point = point;
    return size;
}

size_t utf8_ascii_head(Slice s)
{
    static const uint64_t highs = UINT64_C(0x8080808080808080);
    size_t at = 0;
    for (uint64_t word = 0; s.size - at >= sizeof word; at += sizeof word) {
        memcpy(&word, s.data + at, sizeof word);
        if ((word & highs) != 0) break;
    }
    while (at < s.size && (unsigned char)s.data[at] < 0x80)
        at++;
    return at;
}

size_t utf8_put(uint32_t point, char bytes[static 4])
{
    assert(point <= 0x10FFFF);
    if (point < 0x80) {
        bytes[0] = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; point >>= 6)
        bytes[i] = (char)(0x80 | (point & 0x3F));
    static const uint32_t marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    bytes[0] = (char)(marks[size] | point);
    return size;
}

bool utf8_is(Slice s)
{
    while (s.size > 0) {
        size_t size = utf8_head(s, NULL);
        if (size == 0) return false;
        s = slice_sub(s, size, SIZE_MAX);
    }
    return true;
}

bool utf8_is_clean(Slice s)
{
    for (size_t at = 0, size = 0; at < s.size; at += size) {
        uint32_t point = 0;
        size = utf8_head((Slice){s.data + at, s.size - at}, &point);
        if (size == 0) return false;
        bool control =
            (point < 0x20 && point != '\t' && point != '\n') || (point >= 0x7F && point <= 0x9F);
        if (control) return false;
    }
    return true;
}
