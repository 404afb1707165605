// Signer: private keys that sign for the ledger, and their public halves. Ed25519 (RFC 8032), and
// SM2 with SM3 (GB/T 32918.2-2016) under the usual signer ID.
#pragma once
#include "base/cx.h"

#define SIGNER_SEED_SIZE     32
#define SIGNER_ED25519_SIZE  64 // bytes of a signature
#define SIGNER_PUBLIC_MAX    65
#define SIGNER_SIGNATURE_MAX 80 // bytes: DER of (r, s) has at most 72

typedef enum SignerKind { SIGNER_ED25519, SIGNER_SM2 } SignerKind;

typedef struct SignerPublic {
    SignerKind kind;
    uint8_t bytes[SIGNER_PUBLIC_MAX]; // 32, or 65: 0x04 || x || y
    size_t size;
} SignerPublic;

typedef struct Signer Signer; // any thread

// Ed25519: the seed is the private key. SM2: the private key is 1 + (seed mod (n - 2)).
Err signer_open(Cx *cx, SignerKind kind, const uint8_t seed[static SIGNER_SEED_SIZE],
                Signer **ret_signer);
void signer_close(Signer *signer); // takes NULL; wipes the key
SignerPublic signer_public(const Signer *signer);
// *ret_size: 64, or that of the DER.
Err signer_sign(Cx *cx, const Signer *signer, Slice message,
                uint8_t ret_signature[static SIGNER_SIGNATURE_MAX], size_t *ret_size);
// SM2's DER must be canonical (r, s of 1 … n - 1, shortest form).
bool signer_verify(const SignerPublic *key, Slice message, Slice signature);
