// Certificate: an X.509 certificate, DER (RFC 5280; with SM2 keys GM/T 0015): what it says, and
// whether its chain ends in one that we were told to trust.
//
// The SM2 signature of a certificate is made with the signer ID 1234567812345678 (GB/T 35276 §10),
// which OpenSSL 3.0 leaves empty unless it is told for each certificate: done here, in one place.
// Threads: any. Callers: crypto/, read/seal_*.
#pragma once
#include "base/cx.h"

typedef enum KeyKind { KEY_OTHER, KEY_RSA, KEY_EC, KEY_SM2 } KeyKind;

typedef struct Certificate {
    Slice der;                       // as given
    Slice common_name, organization; // of the subject, clean UTF-8; "" when it has none
    uint64_t not_before_ms, not_after_ms;
    KeyKind key;
} Certificate;

// The whole of `der` must be one certificate. ERR_INPUT.
Err certificate_parse(Cx *cx, Slice der, Certificate *ret_certificate);
// The same, and whether it made the SM2 signature over `message` (sm2_verify): to decode it is a
// fifth of that work, and is done once for both.
Err certificate_parse_signed(Cx *cx, Slice der, Slice message, Slice signature,
                             Certificate *ret_certificate, bool *ret_holds);
bool certificate_valid_at(const Certificate *certificate, uint64_t time_ms);
// Whether a chain from `der` through `others` ends, at that time, in a certificate of `trust_pem`
// (concatenated PEM; what in it can't be read is skipped). No network, no revocation.
bool certificate_trusted(Slice der, const Slice *others, size_t other_count, Slice trust_pem,
                         uint64_t time_ms);
