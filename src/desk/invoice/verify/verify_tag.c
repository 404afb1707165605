#include "desk/invoice/verify/verify_tag.h"

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

// Up to eight bytes, the first one lowest.
static uint64_t word_of(const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word |= (uint64_t)at[i] << (8 * i);
    return word;
}

uint64_t verify_tag(const uint8_t key[VERIFY_TAG_KEY_SIZE], Slice text)
{
    uint64_t k0 = word_of(key, 8), k1 = word_of(key + 8, 8);
    // The paper's constants: "somepseudorandomlygeneratedbytes".
    Sip sip = {k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d),
               k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573)};
    size_t whole = text.size / 8 * 8;
    for (size_t at = 0; at < whole; at += 8)
        take(&sip, word_of(text.data + at, 8));
    uint64_t rest = text.size > whole ? word_of(text.data + whole, text.size - whole) : 0;
    take(&sip, rest | (uint64_t)text.size << 56);
    sip.v2 ^= 0xff;
    rounds(&sip, 4);
    return sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
}
