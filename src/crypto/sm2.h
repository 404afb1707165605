// Sm2: signatures with SM2 and SM3 (GB/T 32918.2-2016, OID 1.2.156.10197.1.501), and the
// signed-data message that carries them (GM/T 0010-2012), which OpenSSL 3.0 can't read.
#pragma once
#include "crypto/der.h"

// The signer ID that every maker uses (GB/T 35276 §10).
#define SM2_SIGNER_ID "1234567812345678"

// Whether `signature` is the certificate's SM2 signature over `message` with the usual signer ID.
// `signature` is DER (r, s) or the 64 bytes of both; zero bytes that a BIT STRING lost at its end
// are put back, and leading zeros may be too many or too few. false, too, when the certificate has
// no SM2 key.
bool sm2_verify(Slice certificate_der, Slice message, Slice signature);
struct evp_pkey_st; // the library's EVP_PKEY
// The same with the certificate's key, where it is decoded already; NULL has signed nothing.
bool sm2_verify_key(struct evp_pkey_st *key, Slice message, Slice signature);
// The OIDs, encoded, under which a signature with SM2 and SM3 goes.
bool sm2_is_signature_oid(const DerItem *oid);

typedef struct Sm2SignedData {
    Slice certificate; // the signer's
    const Slice *certificates;
    size_t certificate_count;
    bool has_time;
    uint64_t time_ms; // the attribute signingTime
    bool holds;       // over `content`
} Sm2SignedData;

// Whether these bytes claim to be GM/T 0010 signed data.
bool sm2_is_signed_data(Slice der);
// Exactly one signer, content outside. ERR_INPUT when it is not of this form.
Err sm2_signed_data_verify(Cx *cx, Slice der, Slice content, Sm2SignedData *ret_data);
