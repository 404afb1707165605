// AEAD: AES-256-GCM with a random 12-byte nonce in front and a 16-byte tag behind.
#pragma once
#include "base/cx.h"

#define AEAD_KEY_SIZE 32
#define AEAD_OVERHEAD 28 // nonce + tag, bytes

typedef struct AeadKey {
    uint8_t bytes[AEAD_KEY_SIZE];
} AeadKey;

// nonce || ciphertext || tag, in the arena. `about` is authenticated, not encrypted: name there
// what the bytes belong to, so that they can't be moved elsewhere. ERR_LIMIT.
Err aead_seal(Cx *cx, const AeadKey *key, Slice about, Slice plain, Slice *ret_sealed);
// ERR_CORRUPT when key, about or bytes are not what was sealed; ERR_LIMIT.
Err aead_open(Cx *cx, const AeadKey *key, Slice about, Slice sealed, Slice *ret_plain);
