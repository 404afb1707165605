#include "desk/invoice/verify/verify_tag.h"

#include <endian.h>
#include <string.h>

typedef struct Sip {
    uint64_t v0, v1, v2, v3;
} Sip;

static uint64_t turn(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void rounds(Sip *sip, int count)
{
    for (int i = 0; i < count; i++) {
        sip->v0 += sip->v1;
        sip->v1 = turn(sip->v1, 13) ^ sip->v0;
        sip->v0 = turn(sip->v0, 32);
        sip->v2 += sip->v3;
        sip->v3 = turn(sip->v3, 16) ^ sip->v2;
        sip->v0 += sip->v3;
        sip->v3 = turn(sip->v3, 21) ^ sip->v0;
        sip->v2 += sip->v1;
        sip->v1 = turn(sip->v1, 17) ^ sip->v2;
        sip->v2 = turn(sip->v2, 32);
    }
}

static void take(Sip *sip, uint64_t word)
{
    sip->v3 ^= word;
    rounds(sip, 2);
    sip->v0 ^= word;
}

// Eight bytes, the first one lowest.
static uint64_t whole_word(const void *bytes)
{
    uint64_t word = 0;
    memcpy(&word, bytes, sizeof word);
    return le64toh(word);
}

// The key and all of the text, with its size behind.
static Sip begin(const uint8_t key[VERIFY_TAG_KEY_SIZE], Slice text, uint64_t variant)
{
    uint64_t k0 = whole_word(key), k1 = whole_word(key + 8);
    // The paper's constants: "somepseudorandomlygeneratedbytes".
    Sip sip = {k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d) ^ variant,
               k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573)};
    size_t at = 0;
    for (; text.size - at >= 8; at += 8)
        take(&sip, whole_word(text.data + at));
    uint64_t rest = (uint64_t)text.size << 56;
    for (int shift = 0; at < text.size; at++, shift += 8)
        rest |= (uint64_t)(unsigned char)text.data[at] << shift;
    take(&sip, rest);
    return sip;
}

static uint64_t fold(const Sip *sip)
{
    return sip->v0 ^ sip->v1 ^ sip->v2 ^ sip->v3;
}

uint64_t verify_tag(const uint8_t key[VERIFY_TAG_KEY_SIZE], Slice text)
{
    Sip sip = begin(key, text, 0);
    sip.v2 ^= 0xff;
    rounds(&sip, 4);
    return fold(&sip);
}

VerifyTag verify_tag_wide(const uint8_t key[VERIFY_TAG_KEY_SIZE], Slice text)
{
    Sip sip = begin(key, text, 0xee);
    sip.v2 ^= 0xee;
    rounds(&sip, 4);
    VerifyTag tag = {.low = fold(&sip)};
    sip.v1 ^= 0xdd;
    rounds(&sip, 4);
    tag.high = fold(&sip);
    return tag;
}
