// HKDF (RFC 5869) with SHA-256 or SM3: keys of their own for each purpose, out of one.
#pragma once
#include "crypto/digest.h"

// `size`: at most 255 * DIGEST_SIZE bytes. An empty salt is 32 zero bytes.
void hkdf_derive(DigestKind kind, Slice salt, Slice key, Slice info, uint8_t *ret_bytes,
                 size_t size);
