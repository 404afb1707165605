// Jws: signatures of JSON Web Signature (RFC 7515, RFC 7518 §3) under a public key that was given
// as numbers. RS256, PS256 and ES256, each with its one sort of key; there is no "none" and nothing
// keyed by a secret, so nobody talks a verifier into treating a public key as one.
// Threads: any. Callers: desk/people/account.
#pragma once
#include "base/cx.h"

typedef enum JwsAlgorithm {
    JWS_RS256, // RSASSA-PKCS1-v1_5, SHA-256
    JWS_PS256, // RSASSA-PSS, SHA-256, MGF1 with SHA-256, a salt of 32 bytes
    JWS_ES256, // ECDSA on P-256, SHA-256; the signature is r || s
    JWS_ALGORITHM_COUNT
} JwsAlgorithm;

// Borrowed. RSA: n of 2048 … 8192 bits, e odd and at most 32 bits. EC: x and y of 32 bytes.
typedef struct JwsKey {
    bool is_ec;
    Slice n, e; // RSA, big-endian
    Slice x, y; // EC
} JwsKey;

// Exactly as registered; false for all others.
bool jws_algorithm_of(Slice name, JwsAlgorithm *ret_algorithm);
// False also when the key is none, or not of the algorithm's sort.
bool jws_verify(JwsAlgorithm algorithm, const JwsKey *key, Slice message, Slice signature);
// base64url without padding (RFC 7515 §2), canonical. ERR_INPUT, ERR_LIMIT.
Err jws_decode(Cx *cx, Slice text, Slice *ret_bytes);
// In the arena.
Slice jws_encode(Cx *cx, Slice bytes);
