#include "crypto/sm2_fixture.h"

#include <stdlib.h>

#include "crypto/der_fixture.h"
#include "crypto/digest.h"

#define OID_SM3         SLICE("\x2A\x81\x1C\xCF\x55\x01\x83\x11")
#define OID_SM2_SIGN    SLICE("\x2A\x81\x1C\xCF\x55\x01\x82\x2D\x01")
#define OID_DATA        SLICE("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x01")
#define OID_SIGNED_DATA SLICE("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x02")
#define OID_DIGEST      SLICE("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04")
#define OID_TIME        SLICE("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x05")

static void must(Err err)
{
    if (err != ERR_OK) abort();
}

// issuer and serial number, as signerInfo names a certificate.
static Slice issuer_and_serial(Cx *cx, Slice certificate)
{
    DerItem outer, body, version, serial, algorithm, issuer;
    must(der_next(cx, &certificate, &outer));
    must(der_next(cx, &outer.body, &body));
    must(der_next(cx, &body.body, &version));
    must(der_next(cx, &body.body, &serial));
    must(der_next(cx, &body.body, &algorithm));
    must(der_next(cx, &body.body, &issuer));
    return DER_FIXTURE(cx, DER_SEQUENCE, issuer.whole, serial.whole);
}

Slice sm2_fixture_signed_data(Cx *cx, const FixtureKey *key, Slice certificate, Slice content,
                              bool attributes)
{
    Digest digest = digest_of(DIGEST_SM3, content);
    Slice list[] = {
        DER_FIXTURE(
            cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_OID, OID_TIME),
            DER_FIXTURE(cx, DER_SET, DER_FIXTURE(cx, DER_UTC_TIME, SLICE("220317072054Z")))),
        DER_FIXTURE(
            cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_OID, OID_DIGEST),
            DER_FIXTURE(cx, DER_SET, DER_FIXTURE(cx, DER_OCTET_STRING, digest_slice(&digest)))),
    };
    Slice set = der_fixture_item(cx, DER_SET, list, 2);
    Slice signature = certificate_fixture_sm2_sign(cx, key, attributes ? set : content);
    Slice sm3 = DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_OID, OID_SM3));
    Slice one = DER_FIXTURE(cx, DER_INTEGER, SLICE("\x01"));
    Slice signer =
        DER_FIXTURE(cx, DER_SEQUENCE, one, issuer_and_serial(cx, certificate), sm3,
                    attributes ? der_fixture_item(cx, DER_CONTEXT_0, list, 2) : (Slice){},
                    DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_OID, OID_SM2_SIGN)),
                    DER_FIXTURE(cx, DER_OCTET_STRING, signature));
    Slice data =
        DER_FIXTURE(cx, DER_SEQUENCE, one, DER_FIXTURE(cx, DER_SET, sm3),
                    DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_OID, OID_DATA)),
                    DER_FIXTURE(cx, DER_CONTEXT_0, certificate), DER_FIXTURE(cx, DER_SET, signer));
    return DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_OID, OID_SIGNED_DATA),
                       DER_FIXTURE(cx, DER_CONTEXT_0, data));
}
