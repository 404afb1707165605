// Digests: SHA-256 and SM3 (GB/T 32905-2016), and HMAC
// (RFC 2104) with each of them.
#pragma once
#include "base/cx.h"

#define DIGEST_SIZE 32 // bytes, of both

typedef struct Digest {
    uint8_t bytes[DIGEST_SIZE];
} Digest;

typedef enum DigestKind { DIGEST_SHA256, DIGEST_SM3 } DigestKind;

// Never fails on memory that is there; aborts when the library has lost the algorithm.
Digest digest_of(DigestKind kind, Slice bytes);
// Over several pieces, as one message.
Digest digest_of_parts(DigestKind kind, const Slice *parts, size_t count);
Digest digest_hmac_parts(DigestKind kind, Slice key, const Slice *parts, size_t count);
Digest digest_hmac_sha256(Slice key, Slice message);
Digest digest_hmac_sha256_parts(Slice key, const Slice *parts, size_t count);
static inline Slice digest_slice(const Digest *digest)
{
    return (Slice){(const char *)digest->bytes, DIGEST_SIZE};
}
// In constant time.
bool digest_equal(const Digest *a, const Digest *b);

// SHA-1, for lists of breached passwords that were made with it; it proves nothing.
#define DIGEST_SHA1_SIZE 20
void digest_sha1(Slice bytes, uint8_t ret_digest[static DIGEST_SHA1_SIZE]);

// A digest that grows: open, add, done. For bytes that never lie in memory at once.
typedef struct DigestStream DigestStream;
DigestStream *digest_stream_open(DigestKind kind);
void digest_stream_add(DigestStream *stream, Slice bytes);
Digest digest_stream_close(DigestStream *stream); // answers and frees
