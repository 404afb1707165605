#include "format/xml/xml_utf32.h"

#include "base/utf8.h"

static bool is_little(Slice bytes)
{
    return slice_starts(bytes, SLICE("\xff\xfe\0\0")) || slice_starts(bytes, SLICE("<\0\0\0"));
}

bool xml_utf32_is(Slice bytes)
{
    return is_little(bytes) || slice_starts(bytes, SLICE("\0\0\xfe\xff")) ||
           slice_starts(bytes, SLICE("\0\0\0<"));
}

static uint32_t point_at(const char *bytes, bool little)
{
    uint32_t point = 0;
    for (size_t i = 0; i < 4; i++)
        point = point << 8 | (uint8_t)bytes[little ? 3 - i : i];
    return point;
}

Err xml_utf32_text(Cx *cx, Slice bytes, Slice *ret_utf8)
{
    bool little = is_little(bytes);
    char *text = arena_try_alloc(&cx->arena, bytes.size); // no character has more than four bytes
    if (text == NULL) return err_set(cx, ERR_LIMIT, "the document needs too much memory");
    size_t size = 0;
    for (size_t at = 0; at < bytes.size; at += 4) {
        bool whole = bytes.size - at >= 4;
        uint32_t point = whole ? point_at(bytes.data + at, little) : UINT32_MAX;
        if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
            return err_set(cx, ERR_INPUT, "no UTF-32 text at byte %zu", at);
        size += utf8_put(point, text + size);
    }
    *ret_utf8 = (Slice){text, size};
    return ERR_OK;
}
