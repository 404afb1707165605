#include "crypto/certificate.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crypto/certificate_key.h"
#include "crypto/sm2.h"

static void x509_free(X509 **x509)
{
    X509_free(*x509);
}
#define AUTO_X509 __attribute__((cleanup(x509_free))) X509 *

static void key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}
#define AUTO_KEY __attribute__((cleanup(key_free))) EVP_PKEY *

static void stack_free(STACK_OF(X509) * *stack)
{
    sk_X509_pop_free(*stack, X509_free);
}
#define AUTO_STACK __attribute__((cleanup(stack_free))) STACK_OF(X509) *

// NULL when the bytes are not exactly one certificate. Without its key, and for that much cheaper.
static X509 *x509_without_key(Slice der)
{
    size_t used = 0;
    if (der.size == 0 || der.size > LIMIT_CERTIFICATE_BYTES) return NULL;
    X509 *x509 = certificate_key_without(der, &used);
    if (used == der.size) return x509;
    X509_free(x509);
    return NULL;
}

// The same, as chains need it.
static X509 *x509_of(Slice der)
{
    const unsigned char *at = (const unsigned char *)der.data;
    if (der.size == 0 || der.size > LIMIT_CERTIFICATE_BYTES) return NULL;
    X509 *x509 = d2i_X509(NULL, &at, (long)der.size);
    ERR_clear_error();
    if (x509 != NULL && at != (const unsigned char *)der.data + der.size) {
        X509_free(x509);
        return NULL;
    }
    return x509;
}

// The last one counts where a name has several: it is the most special.
static Err name_part(Cx *cx, const X509_NAME *name, int nid, Slice *ret_text)
{
    *ret_text = SLICE("");
    int at = -1;
    for (int next; (next = X509_NAME_get_index_by_NID(name, nid, at)) >= 0;)
        at = next;
    if (at < 0) return ERR_OK;
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, at);
    unsigned char *text = NULL;
    int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    ERR_clear_error();
    if (size < 0) return ERR_OK;
    Slice all = slice_trim((Slice){(const char *)text, (size_t)size});
    // A name that is no clean text is as good as none: it goes to people and into JSON.
    Err err = ERR_OK;
    if (all.size <= LIMIT_FIELD_BYTES && utf8_is_clean(all)) err = cx_copy(cx, all, ret_text);
    OPENSSL_free(text);
    return err;
}

static bool time_of(const ASN1_TIME *time, uint64_t *ret_ms)
{
    struct tm tm = {};
    if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1) return false;
    // Before 1970 is as good as the beginning; past 2200 (RFC 5280's "no end" is 9999) as the end.
    int year = tm.tm_year + 1900;
    if (year < 1970) {
        *ret_ms = 0;
        return true;
    }
    if (year > 2200) {
        *ret_ms = UINT64_MAX;
        return true;
    }
    int32_t days = date_days((Date){(int16_t)year, (uint8_t)(tm.tm_mon + 1), (uint8_t)tm.tm_mday});
    int32_t second = (tm.tm_hour * 60 + tm.tm_min) * 60 + tm.tm_sec;
    *ret_ms = (uint64_t)days * DATE_MS_PER_DAY + (uint64_t)second * 1000;
    return true;
}

static KeyKind key_kind(const EVP_PKEY *key)
{
    if (key == NULL) return KEY_OTHER;
    if (EVP_PKEY_is_a(key, "SM2")) return KEY_SM2;
    if (EVP_PKEY_is_a(key, "RSA")) return KEY_RSA;
    return EVP_PKEY_is_a(key, "EC") ? KEY_EC : KEY_OTHER;
}

static Err read_certificate(Cx *cx, const X509 *x509, const EVP_PKEY *key, Slice der,
                            Certificate *ret_certificate)
{
    Certificate certificate = {.der = der, .key = key_kind(key)};
    if (!time_of(X509_get0_notBefore(x509), &certificate.not_before_ms) ||
        !time_of(X509_get0_notAfter(x509), &certificate.not_after_ms))
        return err_set(cx, ERR_INPUT, "a certificate without dates");
    const X509_NAME *subject = X509_get_subject_name(x509);
    TRY(name_part(cx, subject, NID_commonName, &certificate.common_name));
    TRY(name_part(cx, subject, NID_organizationName, &certificate.organization));
    *ret_certificate = certificate;
    return ERR_OK;
}

Err certificate_parse(Cx *cx, Slice der, Certificate *ret_certificate)
{
    AUTO_X509 x509 = x509_without_key(der);
    if (x509 == NULL) return err_set(cx, ERR_INPUT, "%zu bytes are no certificate", der.size);
    AUTO_KEY key = certificate_key_of(x509);
    return read_certificate(cx, x509, key, der, ret_certificate);
}

Err certificate_parse_signed(Cx *cx, Slice der, Slice message, Slice signature,
                             Certificate *ret_certificate, bool *ret_holds)
{
    AUTO_X509 x509 = x509_without_key(der);
    if (x509 == NULL) return err_set(cx, ERR_INPUT, "%zu bytes are no certificate", der.size);
    AUTO_KEY key = certificate_key_of(x509);
    TRY(read_certificate(cx, x509, key, der, ret_certificate));
    *ret_holds = sm2_verify_key(key, message, signature);
    return ERR_OK;
}

bool certificate_valid_at(const Certificate *certificate, uint64_t time_ms)
{
    return time_ms >= certificate->not_before_ms && time_ms <= certificate->not_after_ms;
}

// On each certificate that was signed with SM2; one signed with RSA can't be verified with an ID.
static void set_signer_id(X509 *x509)
{
    if (X509_get_signature_nid(x509) != NID_SM2_with_SM3) return;
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (id == NULL || ASN1_OCTET_STRING_set(id, (const unsigned char *)SM2_SIGNER_ID,
                                            (int)sizeof SM2_SIGNER_ID - 1) != 1)
        abort();
    X509_set0_distinguishing_id(x509, id);
}

// Takes the certificate over.
static void push(STACK_OF(X509) * stack, X509 *x509)
{
    set_signer_id(x509);
    if (sk_X509_push(stack, x509) <= 0) abort();
}

static void push_pem(STACK_OF(X509) * stack, Slice pem)
{
    if (pem.size == 0 || pem.size > LIMIT_TRUST_BYTES) return;
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    if (bio == NULL) abort();
    char *name = NULL, *header = NULL;
    unsigned char *der = NULL;
    long size = 0;
    while (sk_X509_num(stack) < LIMIT_TRUST_CERTIFICATES &&
           PEM_read_bio(bio, &name, &header, &der, &size) == 1) {
        X509 *x509 = NULL;
        if (strcmp(name, PEM_STRING_X509) == 0 && size > 0)
            x509 = x509_of((Slice){(const char *)der, (size_t)size});
        if (x509 != NULL) push(stack, x509);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    ERR_clear_error();
    BIO_free(bio);
}

bool certificate_trusted(Slice der, const Slice *others, size_t other_count, Slice trust_pem,
                         uint64_t time_ms)
{
    // Asked of every seal, and most have nobody to trust: taking a certificate apart isn't cheap.
    if (slice_empty(trust_pem)) return false;
    AUTO_X509 leaf = x509_of(der);
    if (leaf == NULL) return false;
    set_signer_id(leaf);
    AUTO_STACK trusted = sk_X509_new_null();
    AUTO_STACK between = sk_X509_new_null();
    if (trusted == NULL || between == NULL) abort();
    push_pem(trusted, trust_pem);
    for (size_t i = 0; i < other_count && i < LIMIT_TRUST_CERTIFICATES; i++) {
        X509 *x509 = x509_of(others[i]);
        if (x509 != NULL) push(between, x509);
    }

    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    if (store == NULL || context == NULL || X509_STORE_CTX_init(context, store, leaf, between) != 1)
        abort();
    X509_STORE_CTX_set0_trusted_stack(context, trusted);
    // A certificate of ours is an end of the chain whether or not it signed itself.
    X509_STORE_CTX_set_flags(context, X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_time(context, 0, (time_t)(time_ms / 1000));
    X509_STORE_CTX_set_depth(context, LIMIT_CHAIN_DEPTH);
    bool holds = X509_verify_cert(context) == 1;
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    ERR_clear_error();
    return holds;
}
