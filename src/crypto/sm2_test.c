#include "crypto/sm2.h"

#include "base/base64.h"
#include "base/test.h"
#include "crypto/certificate.h"
#include "crypto/certificate_fixture.h"
#include "crypto/der_fixture.h"
#include "crypto/sm2_fixture.h"

#define Y2020 UINT64_C(1'577'836'800'000)
#define Y2025 (Y2020 + UINT64_C(157'680'000'000))

static Slice changed(Cx *cx, Slice bytes, size_t at)
{
    Slice copy;
    EXPECT_OK(cx_copy(cx, bytes, &copy));
    ((char *)(uintptr_t)copy.data)[at] ^= 1;
    return copy;
}

// r || s of a DER signature.
static Slice raw_of(Cx *cx, Slice der)
{
    char *raw = arena_alloc(&cx->arena, 64);
    DerItem sequence, part;
    EXPECT_OK(der_next(cx, &der, &sequence));
    for (size_t i = 0; i < 2; i++) {
        EXPECT_OK(der_expect(cx, &sequence.body, DER_INTEGER, &part));
        Slice body = part.body.size > 32 ? slice_sub(part.body, 1, 32) : part.body;
        memcpy(raw + 32 * i + 32 - body.size, body.data, body.size);
    }
    return (Slice){raw, 64};
}

TEST("sm2: a signature holds over its message and no other, in each form that seals carry")
{
    FixtureKey *key = certificate_fixture_key_open(KEY_SM2);
    FixtureName name = {key, "x"};
    Slice certificate = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
    for (int i = 0; i < 20; i++) {
        Slice message = cx_printf(cx, "message %d", i);
        Slice signature = certificate_fixture_sm2_sign(cx, key, message);
        EXPECT(sm2_verify(certificate, message, signature));
        Certificate parsed = {};
        bool holds = false;
        EXPECT_OK(certificate_parse_signed(cx, certificate, message, signature, &parsed, &holds));
        EXPECT(holds && parsed.key == KEY_SM2 && slice_equal(parsed.der, certificate));
        EXPECT_OK(certificate_parse_signed(cx, certificate, changed(cx, message, 0), signature,
                                           &parsed, &holds));
        EXPECT(!holds);
        EXPECT(sm2_verify(certificate, message, raw_of(cx, signature)));
        EXPECT(!sm2_verify(certificate, changed(cx, message, 0), signature));
        for (size_t at = 0; at < signature.size; at++)
            EXPECT(!sm2_verify(certificate, message, changed(cx, signature, at)));
        EXPECT(!sm2_verify(certificate, message, slice_sub(signature, 0, 60)));
        EXPECT(!sm2_verify(certificate, message, SLICE("")));
    }
    certificate_fixture_key_close(key);
}

TEST("sm2: zero bytes that a bit string lost at its end are put back")
{
    FixtureKey *key = certificate_fixture_key_open(KEY_SM2);
    FixtureName name = {key, "x"};
    Slice certificate = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
    bool seen = false;
    for (int i = 0; i < 5000 && !seen; i++) {
        Slice signature = certificate_fixture_sm2_sign(cx, key, SLICE("m"));
        seen = signature.data[signature.size - 1] == 0;
        if (seen)
            EXPECT(
                sm2_verify(certificate, SLICE("m"), slice_sub(signature, 0, signature.size - 1)));
    }
    EXPECT(seen);
    certificate_fixture_key_close(key);
}

// Real seals of one maker carry numbers whose first bit is set, without the zero before them.
TEST("sm2: numbers with a leading zero too many or too few are read as what they mean")
{
    FixtureKey *key = certificate_fixture_key_open(KEY_SM2);
    FixtureName name = {key, "x"};
    Slice certificate = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
    for (int i = 0; i < 8; i++) {
        Slice raw = raw_of(cx, certificate_fixture_sm2_sign(cx, key, SLICE("m")));
        Slice r = slice_sub(raw, 0, 32), s = slice_sub(raw, 32, 32), zero = SLICE("\0\0");
        Slice few = DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_INTEGER, r),
                                DER_FIXTURE(cx, DER_INTEGER, s));
        Slice many = DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_INTEGER, zero, r),
                                 DER_FIXTURE(cx, DER_INTEGER, zero, s));
        EXPECT(sm2_verify(certificate, SLICE("m"), few));
        EXPECT(sm2_verify(certificate, SLICE("m"), many));
        for (size_t at = 0; at < many.size; at++)
            EXPECT(!sm2_verify(certificate, SLICE("m"), changed(cx, many, at)));
    }
    certificate_fixture_key_close(key);
}

TEST("sm2: a certificate with another sort of key verifies nothing")
{
    FixtureKey *key = certificate_fixture_key_open(KEY_EC);
    FixtureName name = {key, "x"};
    Slice certificate = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
    EXPECT(!sm2_verify(certificate, SLICE("m"), certificate_fixture_sm2_sign(cx, key, SLICE("m"))));
    EXPECT(!sm2_verify(SLICE("no certificate"), SLICE("m"), SLICE("")));
    certificate_fixture_key_close(key);
}

// Source: GB/T 32918.5-2017 appendix A.2: the standard's own key, message and signature.
TEST("sm2: the example of GB/T 32918.5 verifies under its key")
{
    static const char *const head = "3059301306072a8648ce3d020106082a811ccf5501822d03420004";
    static const char *const x = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020";
    static const char *const y = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
    static const char *const signature_hex =
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
    Slice hex = cx_printf(cx, "%s%s%s", head, x, y);
    uint8_t spki[91], signature[64];
    EXPECT_OK(base64_unhex(cx, hex, spki, sizeof spki));
    EXPECT_OK(base64_unhex(cx, slice_of(signature_hex), signature, sizeof signature));
    // A certificate around that key: nobody checks who signed it here.
    Slice name = DER_FIXTURE(cx, DER_SEQUENCE, {});
    Slice algorithm = DER_FIXTURE(
        cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_OID, SLICE("\x2A\x81\x1C\xCF\x55\x01\x83\x75")));
    Slice date = DER_FIXTURE(cx, DER_UTC_TIME, SLICE("200101000000Z"));
    Slice body = DER_FIXTURE(cx, DER_SEQUENCE, DER_FIXTURE(cx, DER_INTEGER, SLICE("\x01")),
                             algorithm, name, DER_FIXTURE(cx, DER_SEQUENCE, date, date), name,
                             (Slice){(const char *)spki, sizeof spki});
    Slice certificate =
        DER_FIXTURE(cx, DER_SEQUENCE, body, algorithm, der_fixture_bits(cx, SLICE("x")));
    EXPECT(sm2_verify(certificate, SLICE("message digest"),
                      (Slice){(const char *)signature, sizeof signature}));
    EXPECT(!sm2_verify(certificate, SLICE("message digesT"),
                       (Slice){(const char *)signature, sizeof signature}));
}

TEST("sm2: GM/T 0010 signed data holds over its content, with and without attributes")
{
    FixtureKey *key = certificate_fixture_key_open(KEY_SM2);
    FixtureName name = {key, "电子发票（铁路电子客票）"};
    Slice certificate = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
    for (int attributes = 0; attributes < 2; attributes++) {
        Slice der =
            sm2_fixture_signed_data(cx, key, certificate, SLICE("<Signature/>"), attributes != 0);
        Sm2SignedData data = {};
        EXPECT(sm2_is_signed_data(der));
        EXPECT_OK(sm2_signed_data_verify(cx, der, SLICE("<Signature/>"), &data));
        EXPECT(data.holds && slice_equal(data.certificate, certificate));
        EXPECT(data.has_time == (attributes != 0) && data.certificate_count == 1);
        EXPECT_OK(sm2_signed_data_verify(cx, der, SLICE("<Signature />"), &data));
        EXPECT(!data.holds);
        // No altered byte outside the certificate leaves the signature standing.
        size_t certificate_at = slice_find(der, certificate);
        for (size_t at = 0; at < der.size; at++) {
            if (at >= certificate_at && at < certificate_at + certificate.size) continue;
            Sm2SignedData other = {};
            Err err =
                sm2_signed_data_verify(cx, changed(cx, der, at), SLICE("<Signature/>"), &other);
            EXPECT(err != ERR_OK || !other.holds || slice_equal(other.certificate, certificate));
        }
    }
    EXPECT(!sm2_is_signed_data(SLICE("")) && !sm2_is_signed_data(SLICE("0\x03\x02\x01\x04")));
    certificate_fixture_key_close(key);
}
