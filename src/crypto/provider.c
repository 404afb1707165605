#include "crypto/provider.h"

#include <openssl/crypto.h>

#include "crypto/hkdf.h"
#include "crypto/sm4.h"

static DigestKind digest_kind(ProviderSuite suite)
{
    return suite == PROVIDER_SM ? DIGEST_SM3 : DIGEST_SHA256;
}

static AeadKey aead_key(const ProviderKey *key)
{
    AeadKey copy;
    memcpy(copy.bytes, key->bytes, sizeof copy.bytes);
    return copy;
}

static Sm4Key sm4_key(const ProviderKey *key)
{
    Sm4Key copy;
    memcpy(copy.bytes, key->bytes, sizeof copy.bytes);
    return copy;
}

static Err software_derive(Cx *cx, const void *self, ProviderSuite suite, Slice name,
                           ProviderKey *ret_key)
{
    (void)cx;
    const AeadKey *root = self;
    hkdf_derive(digest_kind(suite), SLICE(""), (Slice){(const char *)root->bytes, AEAD_KEY_SIZE},
                name, ret_key->bytes, PROVIDER_KEY_SIZE);
    return ERR_OK;
}

static Err software_seal(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key,
                         Slice about, Slice plain, Slice *ret_sealed)
{
    (void)self;
    AeadKey aead = aead_key(key);
    Sm4Key sm4 = sm4_key(key);
    Err err = suite == PROVIDER_SM ? sm4_seal(cx, &sm4, about, plain, ret_sealed)
                                   : aead_seal(cx, &aead, about, plain, ret_sealed);
    OPENSSL_cleanse(&aead, sizeof aead);
    OPENSSL_cleanse(&sm4, sizeof sm4);
    return err;
}

static Err software_open(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key,
                         Slice about, Slice sealed, Slice *ret_plain)
{
    (void)self;
    AeadKey aead = aead_key(key);
    Sm4Key sm4 = sm4_key(key);
    Err err = suite == PROVIDER_SM ? sm4_open(cx, &sm4, about, sealed, ret_plain)
                                   : aead_open(cx, &aead, about, sealed, ret_plain);
    OPENSSL_cleanse(&aead, sizeof aead);
    OPENSSL_cleanse(&sm4, sizeof sm4);
    return err;
}

static Err software_mac(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key,
                        Slice message, Digest *ret_mac)
{
    (void)cx, (void)self;
    Slice bytes = {(const char *)key->bytes, DIGEST_SIZE};
    *ret_mac = digest_hmac_parts(digest_kind(suite), bytes, &message, 1);
    return ERR_OK;
}

static Err software_sign(Cx *cx, const void *self, ProviderSuite suite, const ProviderKey *key,
                         Slice message, uint8_t ret_signature[static SIGNER_SIGNATURE_MAX],
                         size_t *ret_size)
{
    (void)self;
    Signer *signer = NULL;
    TRY(signer_open(cx, suite == PROVIDER_SM ? SIGNER_SM2 : SIGNER_ED25519, key->bytes, &signer));
    Err err = signer_sign(cx, signer, message, ret_signature, ret_size);
    signer_close(signer);
    return err;
}

Provider provider_software(const AeadKey *root)
{
    return (Provider){.name = "openssl",
                      .self = root,
                      .derive = software_derive,
                      .seal = software_seal,
                      .open = software_open,
                      .mac = software_mac,
                      .sign = software_sign};
}
