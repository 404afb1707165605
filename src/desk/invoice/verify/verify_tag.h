// A short keyed tag of a text: SipHash-2-4 (Aumasson, Bernstein 2012), a pseudorandom function.
//
// Tells texts apart without telling what they are, at a hundredth of the cost of an HMAC.
#pragma once
#include "base/slice.h"

#define VERIFY_TAG_KEY_SIZE 16 // bytes

uint64_t verify_tag(const uint8_t key[VERIFY_TAG_KEY_SIZE], Slice text);

// The same in 128 bits (SipHash-2-4-128): for telling apart without a doubt.
typedef struct VerifyTag {
    uint64_t low, high;
} VerifyTag;
VerifyTag verify_tag_wide(const uint8_t key[VERIFY_TAG_KEY_SIZE], Slice text);
