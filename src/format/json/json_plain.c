#include "format/json/json_plain.h"

#include <endian.h>

#include "base/utf8.h"

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS (ONES << 7)

// How many of eight bytes, from the first, are ASCII that stands for itself. Each term sets the
// high bit of a byte that does not; a borrow sets others only behind it.
static size_t plain_of_word(const char *bytes)
{
    uint64_t word = 0;
    memcpy(&word, bytes, sizeof word);
    word = le64toh(word);
    uint64_t quote = word ^ ONES * '"', slash = word ^ ONES * '\\';
    uint64_t stops = (word | (word - ONES * 0x20) | (quote - ONES) | (slash - ONES)) & HIGHS;
    return stops == 0 ? sizeof word : (size_t)__builtin_ctzll(stops) / 8;
}

static bool follows(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

// Bytes of a character over ASCII; 0 when it is none. Nearly all are Chinese: three bytes, and none
// between E1 and EC can be overlong or a surrogate.
static size_t wide(Slice s)
{
    unsigned char c = (unsigned char)s.data[0];
    if (c >= 0xE1 && c <= 0xEC && s.size >= 3 && follows(s.data[1]) && follows(s.data[2])) return 3;
    return utf8_head(s, NULL);
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

// Where ASCII that stands for itself ends.
static size_t plain_end(Slice s, size_t at)
{
    while (s.size - at >= sizeof(uint64_t)) {
        size_t plain = plain_of_word(s.data + at);
        at += plain;
        if (plain < sizeof(uint64_t)) return at;
    }
    while (at < s.size && is_plain((unsigned char)s.data[at]))
        at++;
    return at;
}

size_t json_plain_head(Slice s)
{
    size_t at = plain_end(s, 0);
    while (at < s.size) {
        unsigned char c = (unsigned char)s.data[at];
        if (is_plain(c)) {
            at = plain_end(s, at);
            continue;
        }
        size_t size = c < 0x80 ? 0 : wide((Slice){s.data + at, s.size - at});
        if (size == 0) break;
        at += size;
    }
    return at;
}
