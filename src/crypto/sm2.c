#include "crypto/sm2.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/limits.h"
#include "crypto/certificate_key.h"
#include "crypto/digest.h"

#define PART_SIZE          32 // bytes of r and of s
#define SIGNATURE_SIZE_MAX 80 // bytes of DER, some leading zeros too many

static const Slice oid_sm2_sm3 = SLICE("\x2A\x81\x1C\xCF\x55\x01\x83\x75");      // …10197.1.501
static const Slice oid_sm2_sign = SLICE("\x2A\x81\x1C\xCF\x55\x01\x82\x2D\x01"); // …1.301.1
static const Slice oid_sm3 = SLICE("\x2A\x81\x1C\xCF\x55\x01\x83\x11");          // …10197.1.401
// GM/T 0010 §7: …10197.6.1.4.2.2
static const Slice oid_signed_data = SLICE("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x02");
// RFC 5652 §11: 1.2.840.113549.1.9.4, .5
static const Slice oid_message_digest = SLICE("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04");
static const Slice oid_signing_time = SLICE("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x05");

bool sm2_is_signature_oid(const DerItem *oid)
{
    return der_is_oid(oid, oid_sm2_sm3) || der_is_oid(oid, oid_sm2_sign);
}

// One half of a raw signature as a DER INTEGER.
static size_t put_integer(uint8_t *to, const uint8_t part[static PART_SIZE])
{
    size_t zeros = 0;
    while (zeros < PART_SIZE - 1 && part[zeros] == 0)
        zeros++;
    size_t size = PART_SIZE - zeros, pad = part[zeros] >= 0x80 ? 1 : 0;
    to[0] = DER_INTEGER;
    to[1] = (uint8_t)(size + pad);
    to[2] = 0;
    memcpy(to + 2 + pad, part + zeros, size);
    return 2 + pad + size;
}

// An INTEGER as 32 bytes. Seen in real seals: a leading zero too many, or the one missing that
// keeps a number positive; the numbers are never negative, so both are read as what they mean.
static bool take_integer(const uint8_t *bytes, size_t size, size_t *at,
                         uint8_t ret_part[static PART_SIZE])
{
    if (size - *at < 2 || bytes[*at] != DER_INTEGER || bytes[*at + 1] > size - *at - 2)
        return false;
    size_t count = bytes[*at + 1];
    const uint8_t *body = bytes + *at + 2;
    *at += 2 + count;
    while (count > PART_SIZE && *body == 0) {
        body++;
        count--;
    }
    if (count == 0 || count > PART_SIZE) return false;
    memset(ret_part, 0, PART_SIZE);
    memcpy(ret_part + PART_SIZE - count, body, count);
    return true;
}

// r and s. Of the three forms that seals carry: DER; DER without the zero bytes at its end (lost by
// makers that write any BIT STRING as a named one); and r || s.
static bool take_parts(Slice given, uint8_t ret_parts[static 2 * PART_SIZE])
{
    const uint8_t *bytes = (const uint8_t *)given.data;
    if (given.size >= 2 && bytes[0] == DER_SEQUENCE && bytes[1] <= SIGNATURE_SIZE_MAX - 2 &&
        given.size <= (size_t)bytes[1] + 2 && given.size + 4 >= bytes[1]) {
        uint8_t whole[SIGNATURE_SIZE_MAX] = {};
        memcpy(whole, bytes, given.size);
        size_t size = (size_t)whole[1] + 2, at = 2;
        return take_integer(whole, size, &at, ret_parts) &&
               take_integer(whole, size, &at, ret_parts + PART_SIZE) && at == size;
    }
    if (given.size != (size_t)2 * PART_SIZE) return false;
    memcpy(ret_parts, bytes, (size_t)2 * PART_SIZE);
    return true;
}

// The signature as the library takes it, or 0.
static size_t signature_of(Slice given, uint8_t der[static SIGNATURE_SIZE_MAX])
{
    uint8_t parts[2 * PART_SIZE];
    if (!take_parts(given, parts)) return 0;
    size_t size = put_integer(der + 2, parts);
    size += put_integer(der + 2 + size, parts + PART_SIZE);
    der[0] = DER_SEQUENCE;
    der[1] = (uint8_t)size;
    return size + 2;
}

static bool verify_with(EVP_PKEY *key, Slice message, const uint8_t *signature, size_t size)
{
    if (key == NULL || !EVP_PKEY_is_a(key, "SM2")) return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new(); // owned: freed below
    EVP_PKEY_CTX *key_context = NULL;       // belongs to `context`
    bool holds =
        context != NULL &&
        EVP_DigestVerifyInit_ex(context, &key_context, "SM3", NULL, NULL, key, NULL) == 1 &&
        EVP_PKEY_CTX_set1_id(key_context, SM2_SIGNER_ID, (int)sizeof SM2_SIGNER_ID - 1) == 1 &&
        EVP_DigestVerify(context, signature, size, (const unsigned char *)message.data,
                         message.size) == 1;
    EVP_MD_CTX_free(context);
    return holds;
}

bool sm2_verify_key(EVP_PKEY *key, Slice message, Slice signature)
{
    uint8_t der[SIGNATURE_SIZE_MAX];
    size_t size = signature_of(signature, der);
    bool holds = size > 0 && verify_with(key, message, der, size);
    ERR_clear_error();
    return holds;
}

bool sm2_verify(Slice certificate_der, Slice message, Slice signature)
{
    if (certificate_der.size > LIMIT_CERTIFICATE_BYTES) return false;
    size_t used = 0;
    X509 *x509 = certificate_key_without(certificate_der, &used);
    EVP_PKEY *key = x509 == NULL ? NULL : certificate_key_of(x509);
    bool holds = sm2_verify_key(key, message, signature);
    EVP_PKEY_free(key);
    X509_free(x509);
    return holds;
}

bool sm2_is_signed_data(Slice der)
{
    // SEQUENCE { OID: looked for without trusting the length.
    for (size_t head = 2; head <= 6 && head + 2 <= der.size; head++)
        if (der.data[0] == DER_SEQUENCE && der.data[head] == DER_OID)
            return slice_starts(slice_sub(der, head + 2, der.size), oid_signed_data);
    return false;
}

// signerInfo's parts that matter.
typedef struct Signer {
    DerItem serial, issuer;
    Slice attributes; // whole [0], or "" when there is none
    Slice signature;
} Signer;

static Err read_signer(Cx *cx, Slice infos, Signer *ret_signer)
{
    DerItem info, item, oid;
    TRY(der_expect(cx, &infos, DER_SEQUENCE, &info));
    TRY(der_end(cx, infos)); // one signer
    Slice rest = info.body;
    Signer signer = {};
    TRY(der_expect(cx, &rest, DER_INTEGER, &item));
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
    Slice who = item.body;
    TRY(der_expect(cx, &who, DER_SEQUENCE, &signer.issuer));
    TRY(der_expect(cx, &who, DER_INTEGER, &signer.serial));
    TRY(der_end(cx, who));
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
    TRY(der_expect(cx, &item.body, DER_OID, &oid));
    if (!der_is_oid(&oid, oid_sm3)) return err_set(cx, ERR_INPUT, "a digest that is not SM3");
    if (der_peek(rest, DER_CONTEXT_0)) {
        TRY(der_next(cx, &rest, &item));
        signer.attributes = item.whole;
    }
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
    TRY(der_expect(cx, &item.body, DER_OID, &oid));
    if (!sm2_is_signature_oid(&oid)) return err_set(cx, ERR_INPUT, "a signature that is not SM2");
    TRY(der_expect(cx, &rest, DER_OCTET_STRING, &item));
    signer.signature = item.body;
    *ret_signer = signer;
    return ERR_OK;
}

static Err read_attributes(Cx *cx, Slice attributes, Slice *ret_digest, Sm2SignedData *data)
{
    DerItem set;
    TRY(der_next(cx, &attributes, &set));
    for (Slice rest = set.body; rest.size > 0;) {
        DerItem attribute, oid, values, value;
        TRY(der_expect(cx, &rest, DER_SEQUENCE, &attribute));
        TRY(der_expect(cx, &attribute.body, DER_OID, &oid));
        TRY(der_expect(cx, &attribute.body, DER_SET, &values));
        TRY(der_next(cx, &values.body, &value));
        if (der_is_oid(&oid, oid_message_digest)) *ret_digest = value.body;
        if (der_is_oid(&oid, oid_signing_time)) {
            TRY(der_time(cx, &value, &data->time_ms));
            data->has_time = true;
        }
    }
    return ERR_OK;
}

// tbsCertificate: [0] version, serial, algorithm, issuer.
static Err certificate_is_of(Cx *cx, Slice certificate, const Signer *signer, bool *ret_match)
{
    DerItem outer, body, item, serial, issuer;
    TRY(der_expect(cx, &certificate, DER_SEQUENCE, &outer));
    TRY(der_expect(cx, &outer.body, DER_SEQUENCE, &body));
    if (der_peek(body.body, DER_CONTEXT_0)) TRY(der_next(cx, &body.body, &item));
    TRY(der_expect(cx, &body.body, DER_INTEGER, &serial));
    TRY(der_expect(cx, &body.body, DER_SEQUENCE, &item));
    TRY(der_expect(cx, &body.body, DER_SEQUENCE, &issuer));
    *ret_match = slice_equal(serial.body, signer->serial.body) &&
                 slice_equal(issuer.whole, signer->issuer.whole);
    return ERR_OK;
}

static Err read_certificates(Cx *cx, Slice rest, const Signer *signer, Sm2SignedData *data)
{
    Slice *certificates = arena_alloc(&cx->arena, LIMIT_CMS_CERTIFICATES * sizeof *certificates);
    while (rest.size > 0) {
        if (data->certificate_count == LIMIT_CMS_CERTIFICATES)
            return err_set(cx, ERR_INPUT, "over %d certificates", LIMIT_CMS_CERTIFICATES);
        DerItem item;
        TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
        bool match = false;
        TRY(certificate_is_of(cx, item.whole, signer, &match));
        if (match) data->certificate = item.whole;
        certificates[data->certificate_count++] = item.whole;
    }
    data->certificates = certificates;
    if (slice_empty(data->certificate))
        return err_set(cx, ERR_INPUT, "the signer's certificate is missing");
    return ERR_OK;
}

static Err verify_signer(Cx *cx, const Signer *signer, Slice content, Sm2SignedData *data)
{
    if (slice_empty(signer->attributes)) {
        data->holds = sm2_verify(data->certificate, content, signer->signature);
        return ERR_OK;
    }
    Slice digest = {};
    TRY(read_attributes(cx, signer->attributes, &digest, data));
    // What is signed is the attributes, spelt as a SET (RFC 5652 §5.4).
    Slice copy;
    TRY(cx_copy(cx, signer->attributes, &copy));
    ((char *)(uintptr_t)copy.data)[0] = DER_SET;
    Digest real = digest_of(DIGEST_SM3, content);
    data->holds = slice_equal(digest, digest_slice(&real)) &&
                  sm2_verify(data->certificate, copy, signer->signature);
    return ERR_OK;
}

Err sm2_signed_data_verify(Cx *cx, Slice der, Slice content, Sm2SignedData *ret_data)
{
    DerItem outer, item, certificates = {};
    TRY(der_expect(cx, &der, DER_SEQUENCE, &outer));
    TRY(der_end(cx, der));
    TRY(der_expect(cx, &outer.body, DER_OID, &item));
    if (!der_is_oid(&item, oid_signed_data)) return err_set(cx, ERR_INPUT, "no GM/T 0010 data");
    TRY(der_expect(cx, &outer.body, DER_CONTEXT_0, &item));
    TRY(der_end(cx, outer.body));
    Slice rest = item.body;
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
    TRY(der_end(cx, rest));
    rest = item.body;
    TRY(der_expect(cx, &rest, DER_INTEGER, &item));
    TRY(der_expect(cx, &rest, DER_SET, &item));
    TRY(der_expect(cx, &rest, DER_SEQUENCE, &item));
    DerItem type;
    TRY(der_expect(cx, &item.body, DER_OID, &type));
    TRY(der_end(cx, item.body)); // content lies outside
    if (der_peek(rest, DER_CONTEXT_0)) TRY(der_next(cx, &rest, &certificates));
    if (der_peek(rest, DER_CONTEXT_0 + 1)) TRY(der_next(cx, &rest, &item)); // revocations
    TRY(der_expect(cx, &rest, DER_SET, &item));
    TRY(der_end(cx, rest));

    Signer signer = {};
    Sm2SignedData data = {};
    TRY(read_signer(cx, item.body, &signer));
    TRY(read_certificates(cx, certificates.body, &signer, &data));
    TRY(verify_signer(cx, &signer, content, &data));
    *ret_data = data;
    return ERR_OK;
}
