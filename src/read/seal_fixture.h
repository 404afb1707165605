// Seal_fixture: sealed OFDs and signed PDFs made for tests, with keys of their own.
#pragma once
#include "crypto/certificate_fixture.h"
#include "format/zip/zip_fixture.h"

// Certificates are valid 2020-01-01 to 2025-01-01 (the PDF signer's to 2120), seals 2020-06-01 to
// 2023-06-01.
typedef struct SealFixture {
    FixtureKey *root, *maker, *signer, *pdf_signer;
    Slice root_pem; // issuer of the others
    Slice maker_certificate, signer_certificate, pdf_certificate;
} SealFixture;

#define SEAL_FIXTURE_ENTRIES 7
#define SEAL_FIXTURE_LIST    4 // index of Signatures.xml, Signature.xml, SignedValue.dat
#define SEAL_FIXTURE_XML     5
#define SEAL_FIXTURE_VALUE   6

typedef struct SealFixtureForm {
    bool version_1;
    bool signed_data;   // GM/T 0010 in place of a seal
    bool raw_signature; // r || s
    bool list_digest;   // the seal lists digests of certificates
    bool unlisted;      // the signer's certificate is not in the seal's list
    bool with_sequence; // the maker signs esealInfo, certificate and algorithm as a SEQUENCE
    const char *method; // CheckMethod; NULL: SM3's OID
    const char *time;   // GeneralizedTime; NULL: "20210601000000Z"
} SealFixtureForm;

SealFixture seal_fixture_open(Cx *cx);
void seal_fixture_close(SealFixture *fixture);
// OFD.xml, a page, an attachment, a picture without digest, and the three of the seal.
void seal_fixture_entries(Cx *cx, const SealFixture *fixture, const SealFixtureForm *form,
                          ZipFixtureEntry entries[static SEAL_FIXTURE_ENTRIES]);
Slice seal_fixture_ofd(Cx *cx, const SealFixture *fixture, const SealFixtureForm *form);

typedef struct SealFixturePdf {
    const char *sub_filter; // "adbe.pkcs7.detached", …
    bool packed;            // /Cert names an object in an object stream
    Slice after;            // added when all is signed
} SealFixturePdf;

Slice seal_fixture_pdf(Cx *cx, const SealFixture *fixture, const SealFixturePdf *form);
