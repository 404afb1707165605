#include "format/json/json_plain.h"

#include "base/utf8.h"

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS (ONES << 7)

// Whether eight bytes are ASCII that stands for itself. Each term sets the high bit of a byte that
// does not; a borrow can set the next one's as well, and then they are looked at one by one.
static bool plain_word(const char *bytes)
{
    uint64_t word = 0;
    memcpy(&word, bytes, sizeof word);
    uint64_t quote = word ^ ONES * '"', slash = word ^ ONES * '\\';
    return ((word | (word - ONES * 0x20) | (quote - ONES) | (slash - ONES)) & HIGHS) == 0;
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

size_t json_plain_head(Slice s)
{
    size_t at = 0;
    while (at < s.size) {
        unsigned char c = (unsigned char)s.data[at];
        if (c >= 0x80) {
            size_t size = wide((Slice){s.data + at, s.size - at});
            if (size == 0) break;
            at += size;
        } else if (s.size - at >= sizeof(uint64_t) && plain_word(s.data + at)) {
            at += sizeof(uint64_t);
        } else {
            if (c < 0x20 || c == '"' || c == '\\') break;
            at++;
        }
    }
    return at;
}
