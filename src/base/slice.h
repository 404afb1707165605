// Slice: a borrowed view of bytes, UTF-8 where it is text. It never owns and is never
// NUL-terminated.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Slice {
    const char *data;
    size_t size; // bytes
} Slice;

#define SLICE(literal) ((Slice){"" literal, sizeof(literal) - 1})
#define SLICE_FMT      "%.*s"
#define SLICE_ARG(s)   (int)(s).size, (s).data

// Position that slice_find answers when the needle is not there.
#define SLICE_NONE SIZE_MAX

static inline bool slice_equal(Slice a, Slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}
static inline Slice slice_of(const char *text)
{
    return text == NULL ? (Slice){"", 0} : (Slice){text, strlen(text)};
}
static inline bool slice_empty(Slice s)
{
    return s.size == 0;
}

// ASCII letters compare without case; all other bytes exactly.
bool slice_equal_nocase(Slice a, Slice b);
bool slice_starts(Slice s, Slice prefix);
bool slice_ends(Slice s, Slice suffix);
// First position of `needle`, or SLICE_NONE. An empty needle is found at 0.
size_t slice_find(Slice s, Slice needle);
// `size` bytes from `from`; both are clamped to what is there.
Slice slice_sub(Slice s, size_t from, size_t size);
// Without ASCII white space, U+3000 and U+00A0 at both ends.
Slice slice_trim(Slice s);
// What stands before the first `separator`; *rest becomes what stands after it (empty when none is
// left). Returns false when *rest was exhausted already. Start with *rest = the whole, and done =
// false.
bool slice_cut(Slice *rest, char separator, bool *done, Slice *ret_part);
// Digits only, at most 20 of them, no overflow.
bool slice_u64(Slice s, uint64_t *ret_value);
// One or more ASCII digits and nothing else.
bool slice_digits(Slice s);
// memcmp order, the shorter one first where one is the other's prefix.
int slice_compare(Slice a, Slice b);
