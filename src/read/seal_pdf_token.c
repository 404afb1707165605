#include "read/seal_pdf_token.h"

bool seal_pdf_token_is_space(char c)
{
    return c == '\0' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool is_regular(char c)
{
    return !seal_pdf_token_is_space(c) && strchr("()<>[]{}/%", c) == NULL;
}

static void skip_space(Slice *rest)
{
    while (rest->size > 0 && seal_pdf_token_is_space(rest->data[0]))
        *rest = slice_sub(*rest, 1, SIZE_MAX);
}

bool seal_pdf_token_byte(Slice *rest, char c)
{
    skip_space(rest);
    if (rest->size == 0 || rest->data[0] != c) return false;
    *rest = slice_sub(*rest, 1, SIZE_MAX);
    return true;
}

Slice seal_pdf_token_word(Slice *rest)
{
    skip_space(rest);
    size_t size = 0;
    while (size < rest->size && is_regular(rest->data[size]))
        size++;
    Slice word = {rest->data, size};
    *rest = slice_sub(*rest, size, SIZE_MAX);
    return word;
}

bool seal_pdf_token_number(Slice *rest, uint64_t *ret_number)
{
    return slice_u64(seal_pdf_token_word(rest), ret_number);
}

bool seal_pdf_token_after(Slice bytes, Slice key, Slice *ret_rest)
{
    for (;;) {
        size_t at = slice_find(bytes, key);
        if (at == SLICE_NONE) return false;
        bytes = (Slice){bytes.data + at + key.size, bytes.size - at - key.size};
        if (bytes.size > 0 && is_regular(bytes.data[0])) continue;
        *ret_rest = bytes;
        return true;
    }
}
