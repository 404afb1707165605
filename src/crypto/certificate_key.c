#include "crypto/certificate_key.h"

#include <limits.h>
#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>

#define POINT_SIZE 65 // bytes: 4, x, y

static OSSL_LIB_CTX *bare; // no algorithm is to be had in it, so no decoder either
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void bare_open(void)
{
    bare = OSSL_LIB_CTX_new(); // owned: for ever
    if (bare == NULL || OSSL_PROVIDER_load(bare, "null") == NULL) abort();
}

X509 *certificate_key_without(Slice der, size_t *ret_size)
{
    if (der.size > LONG_MAX || pthread_once(&once, bare_open) != 0) return NULL;
    const unsigned char *from = (const unsigned char *)der.data, *at = from;
    ASN1_VALUE *value =
        ASN1_item_d2i_ex(NULL, &at, (long)der.size, ASN1_ITEM_rptr(X509), bare, NULL);
    ERR_clear_error();
    *ret_size = (size_t)(at - from);
    return (X509 *)value;
}

// Whether these are the OIDs of a key on the curve SM2 (GB/T 35276 §7.1).
static bool is_sm2(const ASN1_OBJECT *algorithm, const X509_ALGOR *with)
{
    int type = V_ASN1_UNDEF;
    const void *curve = NULL;
    X509_ALGOR_get0(NULL, &type, &curve, with);
    return OBJ_obj2nid(algorithm) == NID_X9_62_id_ecPublicKey && type == V_ASN1_OBJECT &&
           OBJ_obj2nid(curve) == NID_sm2;
}

// NULL, too, when the point does not lie on the curve.
static EVP_PKEY *sm2_key(const unsigned char *point)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL); // owned: freed below
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"SM2", 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point,
                                          POINT_SIZE),
        OSSL_PARAM_construct_end()};
    if (context != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *any_key(X509_PUBKEY *held)
{
    unsigned char *der = NULL;
    int size = i2d_X509_PUBKEY(held, &der);
    const unsigned char *at = der;
    EVP_PKEY *key = size <= 0 ? NULL : d2i_PUBKEY(NULL, &at, size);
    OPENSSL_free(der);
    return key;
}

EVP_PKEY *certificate_key_of(const X509 *x509)
{
    X509_PUBKEY *held = X509_get_X509_PUBKEY(x509);
    ASN1_OBJECT *algorithm = NULL;
    X509_ALGOR *with = NULL;
    const unsigned char *bits = NULL;
    int size = 0;
    if (X509_PUBKEY_get0_param(&algorithm, &bits, &size, &with, held) != 1) return NULL;
    // One byte is a curve's point at infinity: the library takes it, and whoever knows no secret
    // can sign for it (GB/T 32918.1 §6.2.1).
    if (size < 2) return NULL;
    bool plain = size == POINT_SIZE && bits[0] == 4 && is_sm2(algorithm, with);
    EVP_PKEY *key = plain ? sm2_key(bits) : any_key(held);
    ERR_clear_error();
    return key;
}
