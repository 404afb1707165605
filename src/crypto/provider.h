// Provider: where keys do their work. By default that is OpenSSL in this process; a cryptographic
// device (an HSM, GM/T 0018) is another table of the same five functions.
//
// Every key is derived by name from one root, which a device never gives out. All functions: any
// thread; ERR_STORE when a device does not answer.
#pragma once
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/signer.h"

// What a name stands for: seal, mac, sign.
typedef enum ProviderSuite {
    PROVIDER_AES = 1, // AES-256-GCM, HMAC-SHA-256, Ed25519; HKDF with SHA-256
    PROVIDER_SM = 2,  // SM4-CTR with HMAC-SM3 behind, HMAC-SM3, SM2; HKDF with SM3
} ProviderSuite;

#define PROVIDER_KEY_SIZE 64
typedef struct ProviderKey {
    uint8_t bytes[PROVIDER_KEY_SIZE]; // the provider's own: a key, or a handle of one
} ProviderKey;

typedef struct Provider {
    const char *name;
    const void *self;
    Err (*derive)(Cx *cx, const void *self, ProviderSuite suite, Slice name, ProviderKey *ret_key);
    Err (*seal)(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key, Slice about,
                Slice plain, Slice *ret_sealed);
    // ERR_CORRUPT when key, about or bytes are not what was sealed.
    Err (*open)(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key, Slice about,
                Slice sealed, Slice *ret_plain);
    Err (*mac)(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key, Slice message,
               Digest *ret_mac);
    Err (*sign)(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key,
                Slice message, uint8_t ret_signature[static SIGNER_SIGNATURE_MAX],
                size_t *ret_size);
} Provider;

// OpenSSL's. `root` is borrowed.
Provider provider_software(const AeadKey *root);
