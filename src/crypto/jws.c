#include "crypto/jws.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/base64.h"

#define EC_PART      ((size_t)32)   // bytes of x, y, r, s
#define RSA_MIN      ((size_t)256)  // bytes of n
#define RSA_MAX      ((size_t)1024) // more costs a verifier too much
#define EXPONENT_MAX ((size_t)4)

static void key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}
static void context_free(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}
static void digest_free(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}
static void number_free(BIGNUM **number)
{
    BN_free(*number);
}
static void build_free(OSSL_PARAM_BLD **build)
{
    OSSL_PARAM_BLD_free(*build);
}
static void params_free(OSSL_PARAM **params)
{
    OSSL_PARAM_free(*params);
}
static void ecdsa_free(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}
#define AUTO(type, done) __attribute__((cleanup(done))) type *

// ---- keys ----

static EVP_PKEY *make(const char *sort, OSSL_PARAM_BLD *build)
{
    EVP_PKEY *key = NULL;
    AUTO(OSSL_PARAM, params_free) params = OSSL_PARAM_BLD_to_param(build);
    AUTO(EVP_PKEY_CTX, context_free) context = EVP_PKEY_CTX_new_from_name(NULL, sort, NULL);
    if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return NULL;
    return key;
}

static BIGNUM *number(Slice bytes)
{
    return BN_bin2bn((const unsigned char *)bytes.data, (int)bytes.size, NULL);
}

static EVP_PKEY *rsa_key(const JwsKey *key)
{
    Slice n = key->n;
    if (n.size < RSA_MIN || n.size > RSA_MAX || ((uint8_t)n.data[0] & 0x80) == 0 ||
        key->e.size == 0 || key->e.size > EXPONENT_MAX)
        return NULL;
    AUTO(BIGNUM, number_free) modulus = number(n);
    AUTO(BIGNUM, number_free) exponent = number(key->e);
    AUTO(OSSL_PARAM_BLD, build_free) build = OSSL_PARAM_BLD_new();
    if (modulus == NULL || exponent == NULL || build == NULL || !BN_is_odd(modulus) ||
        !BN_is_odd(exponent) || BN_is_one(exponent) ||
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) != 1 ||
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent) != 1)
        return NULL;
    return make("RSA", build);
}

// A point that is not on the curve is refused by the library.
static EVP_PKEY *ec_key(const JwsKey *key)
{
    unsigned char point[1 + 2 * EC_PART] = {0x04};
    if (key->x.size != EC_PART || key->y.size != EC_PART) return NULL;
    memcpy(point + 1, key->x.data, EC_PART);
    memcpy(point + 1 + EC_PART, key->y.data, EC_PART);
    AUTO(OSSL_PARAM_BLD, build_free) build = OSSL_PARAM_BLD_new();
    if (build == NULL ||
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) != 1)
        return NULL;
    return make("EC", build);
}

// ---- signatures ----

static bool check(EVP_PKEY *key, bool pss, Slice message, const unsigned char *signature,
                  size_t size)
{
    EVP_PKEY_CTX *of = NULL; // the context's own
    AUTO(EVP_MD_CTX, digest_free) context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestVerifyInit(context, &of, EVP_sha256(), NULL, key) != 1)
        return false;
    if (pss && (EVP_PKEY_CTX_set_rsa_padding(of, RSA_PKCS1_PSS_PADDING) != 1 ||
                EVP_PKEY_CTX_set_rsa_mgf1_md(of, EVP_sha256()) != 1 ||
                EVP_PKEY_CTX_set_rsa_pss_saltlen(of, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    return EVP_DigestVerify(context, signature, size, (const unsigned char *)message.data,
                            message.size) == 1;
}

// r || s as the DER that the library takes.
static bool check_ec(EVP_PKEY *key, Slice message, Slice signature)
{
    unsigned char der[80], *end = der;
    if (signature.size != 2 * EC_PART) return false;
    AUTO(BIGNUM, number_free) r = number(slice_sub(signature, 0, EC_PART));
    AUTO(BIGNUM, number_free) s = number(slice_sub(signature, EC_PART, EC_PART));
    AUTO(ECDSA_SIG, ecdsa_free) parts = ECDSA_SIG_new();
    if (r == NULL || s == NULL || parts == NULL || ECDSA_SIG_set0(parts, r, s) != 1) return false;
    r = s = NULL; // they are the signature's now
    int size = i2d_ECDSA_SIG(parts, NULL);
    if (size <= 0 || (size_t)size > sizeof der || i2d_ECDSA_SIG(parts, &end) != size) return false;
    return check(key, false, message, der, (size_t)size);
}

static const char *const names[JWS_ALGORITHM_COUNT] = {
    [JWS_RS256] = "RS256", [JWS_PS256] = "PS256", [JWS_ES256] = "ES256"};

bool jws_algorithm_of(Slice name, JwsAlgorithm *ret_algorithm)
{
    for (int i = 0; i < JWS_ALGORITHM_COUNT; i++) {
        if (!slice_equal(name, slice_of(names[i]))) continue;
        *ret_algorithm = (JwsAlgorithm)i;
        return true;
    }
    return false;
}

bool jws_verify(JwsAlgorithm algorithm, const JwsKey *key, Slice message, Slice signature)
{
    bool ec = algorithm == JWS_ES256, holds = false;
    if (key->is_ec != ec) return false;
    AUTO(EVP_PKEY, key_free) pkey = ec ? ec_key(key) : rsa_key(key);
    if (pkey != NULL && ec) holds = check_ec(pkey, message, signature);
    if (pkey != NULL && !ec)
        holds = check(pkey, algorithm == JWS_PS256, message, (const unsigned char *)signature.data,
                      signature.size);
    ERR_clear_error();
    return holds;
}

// ---- base64url ----

Err jws_decode(Cx *cx, Slice text, Slice *ret_bytes)
{
    char *standard = arena_try_alloc(&cx->arena, text.size + 4);
    if (standard == NULL) return err_set(cx, ERR_LIMIT, "base64url: %zu bytes", text.size);
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '+' || c == '/' || c == '=')
            return err_set(cx, ERR_INPUT, "base64url: has '%c'", c);
        standard[i] = c;
        if (c == '-') standard[i] = '+';
        if (c == '_') standard[i] = '/';
    }
    size_t size = text.size;
    while (size % 4 != 0)
        standard[size++] = '=';
    return base64_decode(cx, (Slice){standard, size}, true, ret_bytes);
}

Slice jws_encode(Cx *cx, Slice bytes)
{
    Slice standard = base64_encode(cx, bytes);
    char *text = arena_alloc(&cx->arena, standard.size + 1);
    size_t size = 0;
    for (; size < standard.size && standard.data[size] != '='; size++) {
        char c = standard.data[size];
        text[size] = c;
        if (c == '+') text[size] = '-';
        if (c == '/') text[size] = '_';
    }
    return (Slice){text, size};
}
