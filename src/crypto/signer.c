#include "crypto/signer.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdlib.h>

#include "crypto/sm2.h"

#define ED25519_PUBLIC_SIZE 32
#define SM2_PUBLIC_SIZE     65

struct Signer {
    EVP_PKEY *pkey;
    SignerPublic half;
};

// The key of raw parts; NULL when they are none. `secret` may be NULL.
static EVP_PKEY *sm2_key(const SignerPublic *half, const BIGNUM *secret)
{
    EVP_PKEY *pkey = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();                          // owned: freed below
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL); // owned: freed below
    bool well = build != NULL && context != NULL &&
                OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
                OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, half->bytes,
                                                 half->size) == 1;
    if (well && secret != NULL)
        well = OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1;
    if (well) params = OSSL_PARAM_BLD_to_param(build);
    well = params != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
           EVP_PKEY_fromdata(context, &pkey,
                             secret == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, params) == 1;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    if (well) return pkey;
    EVP_PKEY_free(pkey);
    return NULL;
}

// d = 1 + (seed mod (n - 2)), P = dG.
static bool sm2_open(const uint8_t seed[static SIGNER_SEED_SIZE], Signer *signer)
{
    SignerPublic *half = &signer->half;
    BN_CTX *scratch = BN_CTX_secure_new();                        // owned: freed below
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_sm2);        // owned: freed below
    EC_POINT *point = group == NULL ? NULL : EC_POINT_new(group); // owned: freed below
    BIGNUM *d = BN_secure_new(), *most = BN_new();                // owned: freed below
    bool well = scratch != NULL && point != NULL && d != NULL && most != NULL &&
                BN_sub(most, EC_GROUP_get0_order(group), BN_value_one()) == 1 &&
                BN_sub_word(most, 1) == 1 && BN_bin2bn(seed, SIGNER_SEED_SIZE, d) != NULL &&
                BN_nnmod(d, d, most, scratch) == 1 && BN_add_word(d, 1) == 1 &&
                EC_POINT_mul(group, point, d, NULL, NULL, scratch) == 1;
    if (well) {
        half->size = EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, half->bytes,
                                        sizeof half->bytes, scratch);
        signer->pkey = half->size == SM2_PUBLIC_SIZE ? sm2_key(half, d) : NULL;
    }
    BN_clear_free(d);
    BN_free(most);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    BN_CTX_free(scratch);
    return signer->pkey != NULL;
}

static bool ed25519_open(const uint8_t seed[static SIGNER_SEED_SIZE], Signer *signer)
{
    signer->half.size = ED25519_PUBLIC_SIZE;
    signer->pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, SIGNER_SEED_SIZE);
    return signer->pkey != NULL &&
           EVP_PKEY_get_raw_public_key(signer->pkey, signer->half.bytes, &signer->half.size) == 1;
}

Err signer_open(Cx *cx, SignerKind kind, const uint8_t seed[static SIGNER_SEED_SIZE],
                Signer **ret_signer)
{
    Signer *signer = calloc(1, sizeof *signer); // owned: signer_close
    if (signer == NULL) return err_set(cx, ERR_LIMIT, "no memory for a signing key");
    signer->half.kind = kind;
    if (!(kind == SIGNER_SM2 ? sm2_open(seed, signer) : ed25519_open(seed, signer))) {
        signer_close(signer);
        ERR_clear_error();
        return err_set(cx, ERR_LIMIT, "the library makes no %s key",
                       kind == SIGNER_SM2 ? "SM2" : "Ed25519");
    }
    *ret_signer = signer;
    return ERR_OK;
}

void signer_close(Signer *signer)
{
    if (signer == NULL) return;
    EVP_PKEY_free(signer->pkey); // wipes what is private
    free(signer);
}

SignerPublic signer_public(const Signer *signer)
{
    return signer->half;
}

Err signer_sign(Cx *cx, const Signer *signer, Slice message,
                uint8_t ret_signature[static SIGNER_SIGNATURE_MAX], size_t *ret_size)
{
    bool sm2 = signer->half.kind == SIGNER_SM2;
    uint8_t signature[SIGNER_SIGNATURE_MAX];
    size_t size = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new(); // owned: freed below
    EVP_PKEY_CTX *key_context = NULL;       // belongs to `context`
    bool well = context != NULL && EVP_DigestSignInit_ex(context, &key_context, sm2 ? "SM3" : NULL,
                                                         NULL, NULL, signer->pkey, NULL) == 1;
    if (well && sm2)
        well = EVP_PKEY_CTX_set1_id(key_context, SM2_SIGNER_ID, (int)sizeof SM2_SIGNER_ID - 1) == 1;
    well = well && EVP_DigestSign(context, signature, &size, (const unsigned char *)message.data,
                                  message.size) == 1;
    EVP_MD_CTX_free(context);
    if (!well) {
        ERR_clear_error();
        return err_set(cx, ERR_LIMIT, "the library does not sign %zu bytes", message.size);
    }
    memcpy(ret_signature, signature, size);
    *ret_size = size;
    return ERR_OK;
}

// Whether (r, s) is spelt in the one way that DER has for it. That both are of 1 … n - 1 is
// looked at where the signature is.
static bool is_canonical(Slice signature)
{
    const unsigned char *at = (const unsigned char *)signature.data;
    unsigned char again[SIGNER_SIGNATURE_MAX], *to = again;
    if (signature.size > sizeof again) return false;
    ECDSA_SIG *parts = d2i_ECDSA_SIG(NULL, &at, (long)signature.size); // owned: freed below
    if (parts == NULL) return false;
    int size = i2d_ECDSA_SIG(parts, NULL);
    bool same = size > 0 && (size_t)size == signature.size && i2d_ECDSA_SIG(parts, &to) == size &&
                memcmp(again, signature.data, signature.size) == 0;
    ECDSA_SIG_free(parts);
    return same;
}

static EVP_PKEY *public_key(const SignerPublic *key)
{
    // The library takes the hybrid form (06, 07) as well: two spellings of one key.
    if (key->kind == SIGNER_SM2)
        return key->size == SM2_PUBLIC_SIZE && key->bytes[0] == POINT_CONVERSION_UNCOMPRESSED
                   ? sm2_key(key, NULL)
                   : NULL;
    if (key->size != ED25519_PUBLIC_SIZE) return NULL;
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, key->size);
}

bool signer_verify(const SignerPublic *key, Slice message, Slice signature)
{
    bool sm2 = key->kind == SIGNER_SM2;
    if (sm2 ? !is_canonical(signature) : signature.size != SIGNER_ED25519_SIZE) {
        ERR_clear_error();
        return false;
    }
    EVP_PKEY *pkey = public_key(key);       // owned: freed below
    EVP_MD_CTX *context = EVP_MD_CTX_new(); // owned: freed below
    EVP_PKEY_CTX *key_context = NULL;       // belongs to `context`
    bool holds = pkey != NULL && context != NULL &&
                 EVP_DigestVerifyInit_ex(context, &key_context, sm2 ? "SM3" : NULL, NULL, NULL,
                                         pkey, NULL) == 1;
    if (holds && sm2)
        holds =
            EVP_PKEY_CTX_set1_id(key_context, SM2_SIGNER_ID, (int)sizeof SM2_SIGNER_ID - 1) == 1;
    holds =
        holds && EVP_DigestVerify(context, (const unsigned char *)signature.data, signature.size,
                                  (const unsigned char *)message.data, message.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    ERR_clear_error();
    return holds;
}
