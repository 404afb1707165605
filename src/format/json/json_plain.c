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

size_t json_plain_head(Slice s)
{
    size_t at = 0;
    while (at < s.size) {
        if (s.size - at >= sizeof(uint64_t) && plain_word(s.data + at)) {
            at += sizeof(uint64_t);
            continue;
        }
        unsigned char c = (unsigned char)s.data[at];
        if (c < 0x20 || c == '"' || c == '\\') break;
        size_t size = c < 0x80 ? 1 : utf8_head((Slice){s.data + at, s.size - at}, NULL);
        if (size == 0) break;
        at += size;
    }
    return at;
}
