#include "crypto/jws_fixture.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>

struct JwsFixture {
    JwsAlgorithm algorithm;
    EVP_PKEY *key;
};

static void need(bool good)
{
    if (!good) abort();
}

JwsFixture *jws_fixture_open(JwsAlgorithm algorithm)
{
    JwsFixture *fixture = calloc(1, sizeof *fixture); // owned: until jws_fixture_close
    need(fixture != NULL);
    fixture->algorithm = algorithm;
    fixture->key = algorithm == JWS_ES256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
    need(fixture->key != NULL);
    return fixture;
}

void jws_fixture_close(JwsFixture *fixture)
{
    EVP_PKEY_free(fixture->key);
    free(fixture);
}

// DER as r || s.
static Slice raw_of(Cx *cx, const unsigned char *der, size_t size)
{
    unsigned char *raw = arena_alloc(&cx->arena, 64);
    ECDSA_SIG *parts = d2i_ECDSA_SIG(NULL, &der, (long)size);
    need(parts != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(parts), raw, 32) == 32 &&
         BN_bn2binpad(ECDSA_SIG_get0_s(parts), raw + 32, 32) == 32);
    ECDSA_SIG_free(parts);
    return (Slice){(const char *)raw, 64};
}

Slice jws_fixture_sign(Cx *cx, const JwsFixture *fixture, Slice message)
{
    EVP_PKEY_CTX *of = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = 1024;
    unsigned char *bytes = arena_alloc(&cx->arena, size);
    need(EVP_DigestSignInit(context, &of, EVP_sha256(), NULL, fixture->key) == 1);
    if (fixture->algorithm == JWS_PS256)
        need(EVP_PKEY_CTX_set_rsa_padding(of, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(of, RSA_PSS_SALTLEN_DIGEST) == 1);
    need(EVP_DigestSign(context, bytes, &size, (const unsigned char *)message.data, message.size) ==
         1);
    EVP_MD_CTX_free(context);
    if (fixture->algorithm == JWS_ES256) return raw_of(cx, bytes, size);
    return (Slice){(const char *)bytes, size};
}

static Slice number(Cx *cx, const JwsFixture *fixture, const char *name, int size)
{
    BIGNUM *value = NULL;
    need(EVP_PKEY_get_bn_param(fixture->key, name, &value) == 1);
    if (size == 0) size = BN_num_bytes(value);
    unsigned char *bytes = arena_alloc(&cx->arena, (size_t)size);
    need(BN_bn2binpad(value, bytes, size) == size);
    BN_free(value);
    return (Slice){(const char *)bytes, (size_t)size};
}

JwsKey jws_fixture_key(Cx *cx, const JwsFixture *fixture)
{
    if (fixture->algorithm == JWS_ES256)
        return (JwsKey){.is_ec = true,
                        .x = number(cx, fixture, OSSL_PKEY_PARAM_EC_PUB_X, 32),
                        .y = number(cx, fixture, OSSL_PKEY_PARAM_EC_PUB_Y, 32)};
    return (JwsKey){.n = number(cx, fixture, OSSL_PKEY_PARAM_RSA_N, 0),
                    .e = number(cx, fixture, OSSL_PKEY_PARAM_RSA_E, 0)};
}

Slice jws_fixture_jwk(Cx *cx, const JwsFixture *fixture, const char *kid)
{
    JwsKey key = jws_fixture_key(cx, fixture);
    if (key.is_ec)
        return cx_printf(
            cx,
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"kid\":\"%s\",\"x\":\"" SLICE_FMT
            "\",\"y\":\"" SLICE_FMT "\"}",
            kid, SLICE_ARG(jws_encode(cx, key.x)), SLICE_ARG(jws_encode(cx, key.y)));
    return cx_printf(cx,
                     "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"" SLICE_FMT
                     "\",\"e\":\"" SLICE_FMT "\"}",
                     kid, SLICE_ARG(jws_encode(cx, key.n)), SLICE_ARG(jws_encode(cx, key.e)));
}

Slice jws_fixture_token(Cx *cx, const JwsFixture *fixture, Slice header, Slice claims)
{
    Slice head = jws_encode(cx, header), body = jws_encode(cx, claims);
    Slice both = cx_printf(cx, SLICE_FMT "." SLICE_FMT, SLICE_ARG(head), SLICE_ARG(body));
    Slice signature = jws_encode(cx, jws_fixture_sign(cx, fixture, both));
    return cx_printf(cx, SLICE_FMT "." SLICE_FMT, SLICE_ARG(both), SLICE_ARG(signature));
}
