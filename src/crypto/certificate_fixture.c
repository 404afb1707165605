#include "crypto/certificate_fixture.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "crypto/sm2.h"

struct FixtureKey {
    EVP_PKEY *pkey;
    KeyKind kind;
};

static void must(bool well)
{
    if (!well) abort();
}

FixtureKey *certificate_fixture_key_open(KeyKind kind)
{
    FixtureKey *key = calloc(1, sizeof *key); // owned: certificate_fixture_key_close
    must(key != NULL);
    key->kind = kind;
    if (kind == KEY_SM2) key->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    if (kind == KEY_RSA) key->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    if (kind == KEY_EC) key->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    must(key->pkey != NULL);
    return key;
}

void certificate_fixture_key_close(FixtureKey *key)
{
    EVP_PKEY_free(key->pkey);
    free(key);
}

static Slice taken(Cx *cx, unsigned char *bytes, int size)
{
    Slice copy = {};
    must(size > 0 && cx_copy(cx, (Slice){(const char *)bytes, (size_t)size}, &copy) == ERR_OK);
    OPENSSL_free(bytes);
    return copy;
}

static EVP_MD_CTX *sign_start(const FixtureKey *key, const EVP_MD *digest)
{
    EVP_PKEY_CTX *key_context = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new(); // owned: by the caller
    must(context != NULL &&
         EVP_DigestSignInit(context, &key_context, digest, NULL, key->pkey) == 1);
    if (key->kind == KEY_SM2)
        must(EVP_PKEY_CTX_set1_id(key_context, SM2_SIGNER_ID, (int)strlen(SM2_SIGNER_ID)) == 1);
    return context;
}

static void set_name(X509_NAME *name, const char *text)
{
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)text, -1, -1,
                                    0) == 1);
}

Slice certificate_fixture_make(Cx *cx, FixtureName subject, FixtureName issuer, bool authority,
                               uint64_t not_before_ms, uint64_t not_after_ms)
{
    static long serial = 1;
    X509 *x509 = X509_new(); // owned: freed below
    must(x509 != NULL && X509_set_version(x509, 2) == 1);
    must(ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++) == 1);
    set_name(X509_get_subject_name(x509), subject.name);
    X509_NAME *issuer_name = X509_NAME_new(); // owned: freed below
    must(issuer_name != NULL);
    set_name(issuer_name, issuer.name);
    must(X509_set_issuer_name(x509, issuer_name) == 1);
    X509_NAME_free(issuer_name);
    must(ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)(not_before_ms / 1000)) != NULL);
    must(ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)(not_after_ms / 1000)) != NULL);
    must(X509_set_pubkey(x509, subject.key->pkey) == 1);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints,
                                                    authority ? "critical,CA:TRUE" : "CA:FALSE");
    must(extension != NULL && X509_add_ext(x509, extension, -1) == 1);
    X509_EXTENSION_free(extension);

    EVP_MD_CTX *context =
        sign_start(issuer.key, issuer.key->kind == KEY_SM2 ? EVP_sm3() : EVP_sha256());
    must(X509_sign_ctx(x509, context) > 0);
    EVP_MD_CTX_free(context);
    unsigned char *bytes = NULL;
    int size = i2d_X509(x509, &bytes);
    X509_free(x509);
    return taken(cx, bytes, size);
}

Slice certificate_fixture_pem(Cx *cx, Slice der)
{
    BIO *bio = BIO_new(BIO_s_mem()); // owned: freed below
    must(bio != NULL && PEM_write_bio(bio, PEM_STRING_X509, "", (const unsigned char *)der.data,
                                      (long)der.size) > 0);
    char *text = NULL;
    long size = BIO_get_mem_data(bio, &text);
    Slice copy = {};
    must(cx_copy(cx, (Slice){text, (size_t)size}, &copy) == ERR_OK);
    BIO_free(bio);
    return copy;
}

static Slice sign(Cx *cx, const FixtureKey *key, const EVP_MD *digest, Slice message)
{
    EVP_MD_CTX *context = sign_start(key, digest);
    size_t size = 0;
    const unsigned char *bytes = (const unsigned char *)message.data;
    must(EVP_DigestSign(context, NULL, &size, bytes, message.size) == 1);
    char *signature = arena_alloc(&cx->arena, size);
    must(EVP_DigestSign(context, (unsigned char *)signature, &size, bytes, message.size) == 1);
    EVP_MD_CTX_free(context);
    return (Slice){signature, size};
}

Slice certificate_fixture_sm2_sign(Cx *cx, const FixtureKey *key, Slice message)
{
    return sign(cx, key, EVP_sm3(), message);
}

Slice certificate_fixture_pkcs1_sign(Cx *cx, const FixtureKey *key, Slice message, bool sha256)
{
    return sign(cx, key, sha256 ? EVP_sha256() : EVP_sha1(), message);
}

Slice certificate_fixture_cms(Cx *cx, const FixtureKey *key, Slice certificate_der, Slice content,
                              bool inside)
{
    const unsigned char *at = (const unsigned char *)certificate_der.data;
    X509 *x509 = d2i_X509(NULL, &at, (long)certificate_der.size); // owned: freed below
    BIO *bio = BIO_new_mem_buf(content.data, (int)content.size);  // owned: freed below
    must(x509 != NULL && bio != NULL);
    unsigned int flags = CMS_BINARY | (inside ? 0 : CMS_DETACHED);
    CMS_ContentInfo *cms = CMS_sign(x509, key->pkey, NULL, bio, flags);
    must(cms != NULL);
    unsigned char *bytes = NULL;
    int size = i2d_CMS_ContentInfo(cms, &bytes);
    CMS_ContentInfo_free(cms);
    BIO_free(bio);
    X509_free(x509);
    return taken(cx, bytes, size);
}
