// Signature: detached signatures with RSA or ECDSA, as PDF files carry them (ISO 32000-1 §12.8.3):
// CMS / PKCS#7 signed data (RFC 5652), and the bare PKCS#1 signature of adbe.x509.rsa_sha1.
// Those with SM2 are not checked here; OpenSSL 3.0 can't.
// Threads: any. Callers: read/seal_pdf.
#pragma once
#include "crypto/certificate.h"

typedef enum SignatureState {
    SIGNATURE_HOLDS,
    SIGNATURE_BROKEN,
    SIGNATURE_UNKNOWN, // of a sort that can't be checked here
} SignatureState;

typedef struct Signature {
    SignatureState state;
    Certificate certificate;   // the signer's; its der is "" when it was not found
    const Slice *certificates; // all that came along, for the chain
    size_t certificate_count;
    bool is_cms;        // signed data of RFC 5652 with one signer
    size_t inside_size; // bytes of content inside it
    bool has_time;      // the signed attribute signingTime
    uint64_t time_ms;
    const char *detail; // English, for the log: why it is not HOLDS; ""
} Signature;

// A CMS message over the content in `parts`, joined. With `digest_inside` the message holds the
// SHA-1 of the content instead (adbe.pkcs7.sha1). Zero bytes may follow the message.
// ERR_LIMIT only, when memory does not do.
Err signature_cms(Cx *cx, Slice message, const Slice *parts, size_t part_count, bool digest_inside,
                  Signature *ret_signature);
// A PKCS#1 v1.5 signature: a DER OCTET STRING, zero bytes may follow. Its type says SHA-1, real
// files carry SHA-256 as well; SHA-384 and SHA-512 are taken too.
Err signature_pkcs1(Cx *cx, Slice certificate_der, Slice signature, const Slice *parts,
                    size_t part_count, Signature *ret_signature);
