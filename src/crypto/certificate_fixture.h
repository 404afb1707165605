// Certificate_fixture: keys, certificates and signatures made for tests, so that they need no
// sample file and no OpenSSL of their own. Aborts when the library fails.
#pragma once
#include "crypto/certificate.h"

typedef struct FixtureKey FixtureKey;

// KEY_SM2, KEY_RSA (2048 bits) or KEY_EC (P-256).
FixtureKey *certificate_fixture_key_open(KeyKind kind);
void certificate_fixture_key_close(FixtureKey *key);

typedef struct FixtureName {
    const FixtureKey *key;
    const char *name; // common name, UTF-8
} FixtureName;

// DER in the arena. `issuer` signs; the same as `subject` makes it self-signed. An SM2 issuer signs
// with the usual signer ID.
Slice certificate_fixture_make(Cx *cx, FixtureName subject, FixtureName issuer, bool authority,
                               uint64_t not_before_ms, uint64_t not_after_ms);
Slice certificate_fixture_pem(Cx *cx, Slice der);

// (r, s) as DER.
Slice certificate_fixture_sm2_sign(Cx *cx, const FixtureKey *key, Slice message);
// PKCS#1 with SHA-1 or SHA-256, bare.
Slice certificate_fixture_pkcs1_sign(Cx *cx, const FixtureKey *key, Slice message, bool sha256);
// Signed data with SHA-256 over `content`, detached unless `inside`; signingTime is now.
Slice certificate_fixture_cms(Cx *cx, const FixtureKey *key, Slice certificate_der, Slice content,
                              bool inside);
