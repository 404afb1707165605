#include "crypto/signature.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "base/limits.h"
#include "crypto/der.h"

static void cms_free(CMS_ContentInfo **cms)
{
    CMS_ContentInfo_free(*cms);
}
#define AUTO_CMS __attribute__((cleanup(cms_free))) CMS_ContentInfo *

static void bio_free_all(BIO **bio)
{
    BIO_free_all(*bio);
}
#define AUTO_BIO __attribute__((cleanup(bio_free_all))) BIO *

static void stack_free(STACK_OF(X509) * *stack)
{
    sk_X509_pop_free(*stack, X509_free);
}
#define AUTO_STACK __attribute__((cleanup(stack_free))) STACK_OF(X509) *

// Always ERR_OK: what a signature is like is an answer, not a failure.
static Err answer(Signature *signature, SignatureState state, const char *detail)
{
    ERR_clear_error();
    signature->state = state;
    signature->detail = detail;
    return ERR_OK;
}

// China's own algorithms all lie under 1.2.156.10197.
static bool is_chinese(const ASN1_OBJECT *object)
{
    char text[80];
    return OBJ_obj2txt(text, sizeof text, object, 1) > 0 &&
           strncmp(text, "1.2.156.10197.", 14) == 0;
}

static bool zeros_only(Slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.data[i] != 0) return false;
    return true;
}

static Err copy_der(Cx *cx, X509 *x509, Slice *ret_der)
{
    unsigned char *bytes = NULL;
    int size = i2d_X509(x509, &bytes);
    if (size <= 0) {
        *ret_der = SLICE("");
        return ERR_OK;
    }
    Err err = cx_copy(cx, (Slice){(const char *)bytes, (size_t)size}, ret_der);
    OPENSSL_free(bytes);
    return err;
}

// All certificates of the message, and the signer's.
static Err take_certificates(Cx *cx, CMS_ContentInfo *cms, CMS_SignerInfo *signer,
                             Signature *signature)
{
    AUTO_STACK all = CMS_get1_certs(cms);
    int count = all == NULL ? 0 : sk_X509_num(all);
    if (count > LIMIT_CMS_CERTIFICATES) count = LIMIT_CMS_CERTIFICATES;
    Slice *certificates = arena_alloc(&cx->arena, ((size_t)count + 1) * sizeof *certificates);
    for (int i = 0; i < count; i++) {
        X509 *x509 = sk_X509_value(all, i);
        TRY(copy_der(cx, x509, &certificates[i]));
        if (signature->certificate.der.size == 0 && CMS_SignerInfo_cert_cmp(signer, x509) == 0) {
            Err err = certificate_parse(cx, certificates[i], &signature->certificate);
            if (err != ERR_OK && err != ERR_INPUT) return err;
            CMS_SignerInfo_set1_signer_cert(signer, x509);
        }
    }
    signature->certificates = certificates;
    signature->certificate_count = (size_t)count;
    return ERR_OK;
}

static Err take_time(Cx *cx, const CMS_SignerInfo *signer, Signature *signature)
{
    int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
    if (at < 0) return ERR_OK;
    X509_ATTRIBUTE *attribute = CMS_signed_get_attr(signer, at);
    const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, 0);
    if (value == NULL || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME))
        return ERR_OK;
    const ASN1_STRING *text = value->value.asn1_string;
    DerItem item = {
        .tag = value->type == V_ASN1_UTCTIME ? DER_UTC_TIME : DER_GENERALIZED_TIME,
        .body = {(const char *)ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text)}};
    signature->has_time = der_time(cx, &item, &signature->time_ms) == ERR_OK;
    return ERR_OK;
}

// The SHA-1 of the parts, which adbe.pkcs7.sha1 wraps.
static bool sha1_is(Slice held, const Slice *parts, size_t part_count)
{
    unsigned char digest[SHA_DIGEST_LENGTH];
    unsigned int size = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new(); // owned: freed below
    bool well = context != NULL && EVP_DigestInit_ex(context, EVP_sha1(), NULL) == 1;
    for (size_t i = 0; well && i < part_count; i++)
        well = EVP_DigestUpdate(context, parts[i].data, parts[i].size) == 1;
    well = well && EVP_DigestFinal_ex(context, digest, &size) == 1;
    EVP_MD_CTX_free(context);
    return well && slice_equal(held, (Slice){(const char *)digest, size});
}

static bool write_all(BIO *bio, Slice bytes)
{
    while (bytes.size > 0) {
        int n = BIO_write(bio, bytes.data, bytes.size > 1 << 20 ? 1 << 20 : (int)bytes.size);
        if (n <= 0) return false;
        bytes = slice_sub(bytes, (size_t)n, bytes.size);
    }
    return true;
}

// The content runs through the message's own digests; nothing of it is kept.
static bool content_holds(CMS_ContentInfo *cms, CMS_SignerInfo *signer, const Slice *parts,
                          size_t part_count)
{
    BIO *sink = BIO_new(BIO_s_null()); // owned: by the chain once there is one
    if (sink == NULL) return false;
    AUTO_BIO chain = CMS_dataInit(cms, sink);
    if (chain == NULL) {
        BIO_free(sink);
        return false;
    }
    for (size_t i = 0; i < part_count; i++)
        if (!write_all(chain, parts[i])) return false;
    return CMS_SignerInfo_verify_content(signer, chain) == 1;
}

// Why this signer can't be checked, or NULL.
static const char *unknown_signer(CMS_SignerInfo *signer, const Signature *signature)
{
    X509_ALGOR *digest = NULL, *algorithm = NULL;
    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &algorithm);
    const ASN1_OBJECT *digest_oid = NULL, *algorithm_oid = NULL;
    X509_ALGOR_get0(&digest_oid, NULL, NULL, digest);
    X509_ALGOR_get0(&algorithm_oid, NULL, NULL, algorithm);
    if (is_chinese(digest_oid) || is_chinese(algorithm_oid)) return "SM2 or SM3 in CMS";
    if (signature->certificate.der.size == 0) return "the signer's certificate is not there";
    if (signature->certificate.key == KEY_SM2) return "SM2 key in CMS";
    if (signature->certificate.key == KEY_OTHER) return "a key of another sort";
    if (EVP_get_digestbyobj(digest_oid) == NULL) return "a digest of another sort";
    return NULL;
}

static Err check_signer(Cx *cx, CMS_ContentInfo *cms, CMS_SignerInfo *signer, const Slice *parts,
                        size_t part_count, bool digest_inside, Signature *signature)
{
    ASN1_OCTET_STRING **inside = CMS_get0_content(cms);
    bool has_content = inside != NULL && *inside != NULL;
    signature->is_cms = true;
    signature->inside_size = has_content ? (size_t)ASN1_STRING_length(*inside) : 0;
    TRY(take_certificates(cx, cms, signer, signature));
    TRY(take_time(cx, signer, signature));
    const char *unknown = unknown_signer(signer, signature);
    if (unknown != NULL) return answer(signature, SIGNATURE_UNKNOWN, unknown);

    if (has_content != digest_inside)
        return answer(signature, SIGNATURE_BROKEN, "content where none belongs, or none");
    Slice held = {};
    if (has_content) {
        held = (Slice){(const char *)ASN1_STRING_get0_data(*inside), signature->inside_size};
        if (!sha1_is(held, parts, part_count))
            return answer(signature, SIGNATURE_BROKEN, "the digest inside is of other bytes");
        parts = &held;
        part_count = 1;
    }
    // Without signed attributes the content's digest is what is signed.
    if (CMS_signed_get_attr_count(signer) > 0 && CMS_SignerInfo_verify(signer) != 1)
        return answer(signature, SIGNATURE_BROKEN, "the signature over the attributes");
    if (!content_holds(cms, signer, parts, part_count))
        return answer(signature, SIGNATURE_BROKEN, "the content's digest");
    return answer(signature, SIGNATURE_HOLDS, "");
}

Err signature_cms(Cx *cx, Slice message, const Slice *parts, size_t part_count, bool digest_inside,
                  Signature *ret_signature)
{
    *ret_signature = (Signature){.detail = ""};
    if (message.size > LIMIT_CMS_BYTES)
        return answer(ret_signature, SIGNATURE_UNKNOWN, "a very long message");
    const unsigned char *at = (const unsigned char *)message.data;
    AUTO_CMS cms = d2i_CMS_ContentInfo(NULL, &at, (long)message.size);
    if (cms == NULL) return answer(ret_signature, SIGNATURE_BROKEN, "no CMS message");
    size_t used = (size_t)(at - (const unsigned char *)message.data);
    if (!zeros_only(slice_sub(message, used, message.size)))
        return answer(ret_signature, SIGNATURE_BROKEN, "something follows the message");
    const ASN1_OBJECT *type = CMS_get0_type(cms);
    if (is_chinese(type)) return answer(ret_signature, SIGNATURE_UNKNOWN, "GM/T 0010 message");
    if (OBJ_obj2nid(type) != NID_pkcs7_signed)
        return answer(ret_signature, SIGNATURE_BROKEN, "no signed data");
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    if (signers == NULL || sk_CMS_SignerInfo_num(signers) != 1)
        return answer(ret_signature, SIGNATURE_UNKNOWN, "not one signer");
    return check_signer(cx, cms, sk_CMS_SignerInfo_value(signers, 0), parts, part_count,
                        digest_inside, ret_signature);
}

static bool pkcs1_holds(EVP_PKEY *key, const EVP_MD *digest, Slice value, const Slice *parts,
                        size_t part_count)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new(); // owned: freed below
    bool holds = context != NULL && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1;
    for (size_t i = 0; holds && i < part_count; i++)
        holds = EVP_DigestVerifyUpdate(context, parts[i].data, parts[i].size) == 1;
    holds =
        holds && EVP_DigestVerifyFinal(context, (const unsigned char *)value.data, value.size) == 1;
    EVP_MD_CTX_free(context);
    return holds;
}

// With the digest that it was made with: SHA-1 by the name of the type, SHA-256 in real files too.
static bool pkcs1_holds_somehow(Slice certificate_der, Slice value, const Slice *parts,
                                size_t part_count)
{
    const unsigned char *at = (const unsigned char *)certificate_der.data;
    X509 *x509 = d2i_X509(NULL, &at, (long)certificate_der.size);
    EVP_PKEY *key = x509 == NULL ? NULL : X509_get0_pubkey(x509);
    const EVP_MD *digests[] = {EVP_sha256(), EVP_sha1(), EVP_sha384(), EVP_sha512()};
    bool holds = false;
    for (size_t i = 0; key != NULL && !holds && i < sizeof digests / sizeof digests[0]; i++)
        holds = pkcs1_holds(key, digests[i], value, parts, part_count);
    X509_free(x509);
    ERR_clear_error();
    return holds;
}

Err signature_pkcs1(Cx *cx, Slice certificate_der, Slice signature, const Slice *parts,
                    size_t part_count, Signature *ret_signature)
{
    *ret_signature = (Signature){.detail = ""};
    Err err = certificate_parse(cx, certificate_der, &ret_signature->certificate);
    if (err == ERR_INPUT) return answer(ret_signature, SIGNATURE_BROKEN, "no certificate");
    TRY(err);
    if (ret_signature->certificate.key == KEY_SM2)
        return answer(ret_signature, SIGNATURE_UNKNOWN, "SM2 key");
    if (ret_signature->certificate.key != KEY_RSA)
        return answer(ret_signature, SIGNATURE_BROKEN, "no RSA key");
    DerItem octets;
    if (der_expect(cx, &signature, DER_OCTET_STRING, &octets) != ERR_OK || !zeros_only(signature))
        return answer(ret_signature, SIGNATURE_BROKEN, "no OCTET STRING");
    bool holds = pkcs1_holds_somehow(certificate_der, octets.body, parts, part_count);
    return answer(ret_signature, holds ? SIGNATURE_HOLDS : SIGNATURE_BROKEN,
                  holds ? "" : "the signature");
}
