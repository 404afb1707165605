#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode_group(uint32_t group, char *text)
{
    text[0] = alphabet[group >> 18];
    text[1] = alphabet[group >> 12 & 63];
    text[2] = alphabet[group >> 6 & 63];
    text[3] = alphabet[group & 63];
}

Slice base64_encode(Cx *cx, Slice bytes)
{
    char *text = arena_alloc(&cx->arena, (bytes.size + 2) / 3 * 4 + 1);
    const uint8_t *in = (const uint8_t *)bytes.data;
    size_t out = 0, i = 0;
    for (; i + 3 <= bytes.size; i += 3, out += 4)
        encode_group((uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2], text + out);
    const size_t left = bytes.size - i;
    if (left == 0) return (Slice){text, out};
    encode_group((uint32_t)in[i] << 16 | (left == 2 ? (uint32_t)in[i + 1] << 8 : 0), text + out);
    text[out + 3] = '=';
    if (left == 1) text[out + 2] = '=';
    return (Slice){text, out + 4};
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static Err refuse(Cx *cx)
{
    return err_set(cx, ERR_INPUT, "text is not base64");
}

Err base64_decode(Cx *cx, Slice text, bool strict, Slice *ret_bytes)
{
    uint8_t *bytes = arena_try_alloc(&cx->arena, text.size / 4 * 3 + 3);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "base64 of %zu bytes does not fit", text.size);
    size_t out = 0, count = 0, padding = 0;
    uint32_t group = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (memchr(" \t\r\n", c, 4) != NULL) {
            if (strict) return refuse(cx);
            continue;
        }
        int value = value_of(c);
        if (c == '=')
            padding++;
        else if (value < 0 || padding > 0)
            return refuse(cx);
        group = group << 6 | (uint32_t)(value < 0 ? 0 : value);
        if (++count % 4 != 0) continue;
        if (padding > 2) return refuse(cx);
        bytes[out++] = (uint8_t)(group >> 16);
        if (padding < 2) bytes[out++] = (uint8_t)(group >> 8);
        if (padding < 1) bytes[out++] = (uint8_t)group;
        uint32_t idle = padding == 2 ? group & 0xFFFF : padding == 1 ? group & 0xFF : 0;
        if (strict && idle != 0) return refuse(cx);
        group = 0;
    }
    if (count % 4 != 0) return refuse(cx);
    *ret_bytes = (Slice){(const char *)bytes, out};
    return ERR_OK;
}

Slice base64_hex(Cx *cx, Slice bytes)
{
    char *text = arena_alloc(&cx->arena, bytes.size * 2 + 1);
    for (size_t i = 0; i < bytes.size; i++) {
        text[2 * i] = "0123456789abcdef"[(uint8_t)bytes.data[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[(uint8_t)bytes.data[i] & 15];
    }
    return (Slice){text, bytes.size * 2};
}

// Of a digit its value and one: 0 is what stands for all that is none.
static const uint8_t hex_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

Err base64_unhex(Cx *cx, Slice text, uint8_t *bytes, size_t size)
{
    if (text.size != size * 2)
        return err_set(cx, ERR_INPUT, "%zu hexadecimal digits are due, not %zu", size * 2,
                       text.size);
    const uint8_t *in = (const uint8_t *)text.data;
    for (size_t i = 0; i < size; i++) {
        const uint8_t high = hex_values[in[2 * i]], low = hex_values[in[2 * i + 1]];
        if (high == 0 || low == 0) return err_set(cx, ERR_INPUT, "text is not hexadecimal");
        bytes[i] = (uint8_t)((high - 1) << 4 | (low - 1));
    }
    return ERR_OK;
}
