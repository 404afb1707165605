#include "base/slice.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool slice_equal_nocase(Slice a, Slice b)
{
    if (a.size != b.size) return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.data[i]) != lower(b.data[i])) return false;
    return true;
}

bool slice_starts(Slice s, Slice prefix)
{
    return s.size >= prefix.size && slice_equal((Slice){s.data, prefix.size}, prefix);
}

bool slice_ends(Slice s, Slice suffix)
{
    return s.size >= suffix.size &&
           slice_equal((Slice){s.data + (s.size - suffix.size), suffix.size}, suffix);
}

size_t slice_find(Slice s, Slice needle)
{
    if (needle.size == 0) return 0;
    if (s.size < needle.size) return SLICE_NONE;
    const char *at = needle.size == 1 ? memchr(s.data, needle.data[0], s.size)
                                      : memmem(s.data, s.size, needle.data, needle.size);
    return at == NULL ? SLICE_NONE : (size_t)(at - s.data);
}

Slice slice_sub(Slice s, size_t from, size_t size)
{
    if (from >= s.size) return (Slice){"", 0};
    size_t left = s.size - from;
    return (Slice){s.data + from, size < left ? size : left};
}

// Bytes of white space that `s` begins with: 1, 2 (U+00A0), 3 (U+3000), or 0.
static size_t space_head(Slice s)
{
    if (s.size >= 1 && memchr(" \t\r\n\v\f", s.data[0], 6) != NULL) return 1;
    if (slice_starts(s, SLICE("\xC2\xA0"))) return 2;
    if (slice_starts(s, SLICE("\xE3\x80\x80"))) return 3;
    return 0;
}

static size_t space_tail(Slice s)
{
    if (s.size >= 1 && memchr(" \t\r\n\v\f", s.data[s.size - 1], 6) != NULL) return 1;
    if (slice_ends(s, SLICE("\xC2\xA0"))) return 2;
    if (slice_ends(s, SLICE("\xE3\x80\x80"))) return 3;
    return 0;
}

static bool visible(char c)
{
    return c > ' ' && c < 0x7f;
}

Slice slice_trim(Slice s)
{
    // Most have nothing to trim.
    if (s.size > 0 && visible(s.data[0]) && visible(s.data[s.size - 1])) return s;
    for (size_t n; (n = space_head(s)) > 0;)
        s = (Slice){s.data + n, s.size - n};
    for (size_t n; (n = space_tail(s)) > 0;)
        s.size -= n;
    return s;
}

bool slice_cut(Slice *rest, char separator, bool *done, Slice *ret_part)
{
    if (*done) return false;
    const char *at = rest->size == 0 ? NULL : memchr(rest->data, separator, rest->size);
    if (at == NULL) {
        *ret_part = *rest;
        *rest = (Slice){"", 0};
        *done = true;
        return true;
    }
    size_t head = (size_t)(at - rest->data);
    *ret_part = (Slice){rest->data, head};
    *rest = (Slice){at + 1, rest->size - head - 1};
    return true;
}

bool slice_digits(Slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] < '0' || s.data[i] > '9') return false;
    return s.size > 0;
}

bool slice_u64(Slice s, uint64_t *ret_value)
{
    if (!slice_digits(s) || s.size > 20) return false;
    uint64_t value = 0;
    for (size_t i = 0; i < s.size; i++)
        if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(s.data[i] - '0'), &value))
            return false;
    *ret_value = value;
    return true;
}

int slice_compare(Slice a, Slice b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    if (order != 0) return order;
    return a.size < b.size ? -1 : a.size > b.size;
}
