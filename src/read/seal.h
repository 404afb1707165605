// Seal: is the document as its signer left it? Checked offline, before the document is read, by
// what parses only zip, Signature.xml and DER (OFD), or the signature dictionary and CMS (PDF).
//
//   OFD -> seal_ofd      GB/T 38540-2020 (v4), GM/T 0031-2014 (v1): SM2 over the exact DER bytes
//   PDF -> seal_pdf      ISO 32000-1 §12.8: adbe.pkcs7.*, adbe.x509.rsa_sha1, ETSI.CAdES.detached
//   anything else        SEAL_ABSENT
//
// `valid` means that the cryptography holds; whether the issuer's chain ends in a certificate of
// `trust_pem` (concatenated PEM, may be empty) is a field of its own. Certificates are judged at
// the time of signing, never now: several real ones have expired since.
#pragma once
#include "format/zip/zip.h"
#include "model/draft.h"

typedef struct SealAnswer {
    Seal seal;
    uint32_t *trusted; // zip indexes whose digest the valid seal holds, ascending
    size_t trusted_count;
    Zip *zip; // of an OFD: its package, with what was unpacked; NULL when it can't be opened
} SealAnswer;

// Always answers. Slices live in cx's arena or point into `bytes`.
void seal_check(Cx *cx, Slice bytes, Slice trust_pem, SealAnswer *ret_answer);
