// SM4 (GB/T 32907-2016) in counter mode with HMAC-SM3 behind (encrypt, then MAC): what stands in
// for an AEAD where 国密 is asked for. Debian's OpenSSL has no SM4-GCM.
//
//   nonce[16] ciphertext tag[32], tag = HMAC-SM3(second half of the key, size of about: u64
//   big-endian, about, nonce, ciphertext)
#pragma once
#include "base/cx.h"

#define SM4_KEY_SIZE 48 // 16 encrypt, 32 authenticate
#define SM4_OVERHEAD 48 // nonce + tag, bytes

typedef struct Sm4Key {
    uint8_t bytes[SM4_KEY_SIZE];
} Sm4Key;

// As aead_seal and aead_open.
Err sm4_seal(Cx *cx, const Sm4Key *key, Slice about, Slice plain, Slice *ret_sealed);
Err sm4_open(Cx *cx, const Sm4Key *key, Slice about, Slice sealed, Slice *ret_plain);
