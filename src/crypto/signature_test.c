#include "crypto/signature.h"

#include "base/test.h"
#include "crypto/certificate_fixture.h"
#include "crypto/der_fixture.h"

#define Y2020 UINT64_C(1'577'836'800'000)
#define Y2025 (Y2020 + UINT64_C(157'680'000'000))

static const Slice content = SLICE("%PDF-1.7 the first part, and the second part");

static Slice changed(Cx *cx, Slice bytes, size_t at)
{
    Slice copy;
    EXPECT_OK(cx_copy(cx, bytes, &copy));
    ((char *)(uintptr_t)copy.data)[at] ^= 1;
    return copy;
}

TEST("signature: CMS with RSA or ECDSA holds over the parts, joined, and over nothing else")
{
    static const KeyKind kinds[] = {KEY_RSA, KEY_EC};
    for (size_t i = 0; i < 2; i++) {
        FixtureKey *key = certificate_fixture_key_open(kinds[i]);
        FixtureName name = {key, "京东"};
        Slice certificate = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
        Slice message = certificate_fixture_cms(cx, key, certificate, content, false);
        char *padded = arena_alloc(&cx->arena, message.size + 100);
        memcpy(padded, message.data, message.size);
        Slice parts[] = {slice_sub(content, 0, 11), slice_sub(content, 11, content.size)};
        Signature signature;
        EXPECT_OK(
            signature_cms(cx, (Slice){padded, message.size + 100}, parts, 2, false, &signature));
        EXPECT(signature.state == SIGNATURE_HOLDS && signature.has_time);
        EXPECT(slice_equal(signature.certificate.common_name, SLICE("京东")));
        EXPECT(signature.certificate_count == 1);

        Slice others[] = {parts[0], SLICE("x")};
        EXPECT_OK(signature_cms(cx, message, others, 2, false, &signature));
        EXPECT(signature.state == SIGNATURE_BROKEN);
        EXPECT_OK(signature_cms(cx, message, parts, 1, false, &signature));
        EXPECT(signature.state == SIGNATURE_BROKEN);
        // The signature value is the message's end.
        for (size_t at = message.size - 60; at < message.size; at++) {
            EXPECT_OK(signature_cms(cx, changed(cx, message, at), parts, 2, false, &signature));
            EXPECT(signature.state != SIGNATURE_HOLDS);
        }
        padded[message.size + 50] = 1;
        EXPECT_OK(
            signature_cms(cx, (Slice){padded, message.size + 100}, parts, 2, false, &signature));
        EXPECT(signature.state == SIGNATURE_BROKEN);
        certificate_fixture_key_close(key);
    }
}

TEST("signature: content must lie where the type says: outside, or its SHA-1 inside")
{
    static const char sha1[] = "\xA9\x99\x3E\x36\x47\x06\x81\x6A\xBA\x3E"
                               "\x25\x71\x78\x50\xC2\x6C\x9C\xD0\xD8\x9D"; // of "abc"
    FixtureKey *key = certificate_fixture_key_open(KEY_RSA);
    FixtureName name = {key, "x"};
    Slice certificate = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
    Slice abc = SLICE("abc"), abd = SLICE("abd");
    Slice inside = certificate_fixture_cms(cx, key, certificate, (Slice){sha1, 20}, true);
    Slice outside = certificate_fixture_cms(cx, key, certificate, abc, false);
    Signature signature;
    EXPECT_OK(signature_cms(cx, inside, &abc, 1, true, &signature));
    EXPECT(signature.state == SIGNATURE_HOLDS);
    EXPECT_OK(signature_cms(cx, inside, &abd, 1, true, &signature));
    EXPECT(signature.state == SIGNATURE_BROKEN);
    EXPECT_OK(signature_cms(cx, inside, &abc, 1, false, &signature));
    EXPECT(signature.state == SIGNATURE_BROKEN);
    EXPECT_OK(signature_cms(cx, outside, &abc, 1, true, &signature));
    EXPECT(signature.state == SIGNATURE_BROKEN);
    certificate_fixture_key_close(key);
}

TEST("signature: a message with SM2 is said to be unknown, bytes that are no message broken")
{
    Signature signature;
    Slice empty = SLICE("");
    Slice chinese =
        DER_FIXTURE(cx, DER_SEQUENCE,
                    DER_FIXTURE(cx, DER_OID, SLICE("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x02")),
                    DER_FIXTURE(cx, DER_CONTEXT_0, DER_FIXTURE(cx, DER_SEQUENCE, empty)));
    EXPECT_OK(signature_cms(cx, chinese, &empty, 1, false, &signature));
    EXPECT(signature.state == SIGNATURE_UNKNOWN);
    static const Slice nothings[] = {SLICE(""), SLICE("x"), SLICE("0\x80"), SLICE("0\x00")};
    for (size_t i = 0; i < 4; i++) {
        EXPECT_OK(signature_cms(cx, nothings[i], &empty, 1, false, &signature));
        EXPECT(signature.state == SIGNATURE_BROKEN);
    }
}

TEST("signature: PKCS#1 holds with its certificate, and with no altered byte")
{
    FixtureKey *key = certificate_fixture_key_open(KEY_RSA);
    FixtureKey *ec_key = certificate_fixture_key_open(KEY_EC);
    FixtureName name = {key, "深圳"}, ec_name = {ec_key, "x"};
    Slice certificate = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
    Slice ec = certificate_fixture_make(cx, ec_name, ec_name, false, Y2020, Y2025);
    Slice value = certificate_fixture_pkcs1_sign(cx, key, content, false);
    Slice with_sha256 =
        DER_FIXTURE(cx, DER_OCTET_STRING, certificate_fixture_pkcs1_sign(cx, key, content, true));
    Slice octets = DER_FIXTURE(cx, DER_OCTET_STRING, value);
    Slice parts[] = {slice_sub(content, 0, 20), slice_sub(content, 20, content.size)};
    Signature signature;
    EXPECT_OK(signature_pkcs1(cx, certificate, octets, parts, 2, &signature));
    EXPECT(signature.state == SIGNATURE_HOLDS && !signature.has_time);
    EXPECT(slice_equal(signature.certificate.common_name, SLICE("深圳")));
    for (size_t at = 0; at < octets.size; at += 7) {
        EXPECT_OK(signature_pkcs1(cx, certificate, changed(cx, octets, at), parts, 2, &signature));
        EXPECT(signature.state == SIGNATURE_BROKEN);
    }
    EXPECT_OK(signature_pkcs1(cx, certificate, with_sha256, parts, 2, &signature));
    EXPECT(signature.state == SIGNATURE_HOLDS);
    EXPECT_OK(signature_pkcs1(cx, certificate, octets, parts, 1, &signature));
    EXPECT(signature.state == SIGNATURE_BROKEN);
    EXPECT_OK(signature_pkcs1(cx, SLICE("x"), octets, parts, 2, &signature));
    EXPECT(signature.state == SIGNATURE_BROKEN);
    EXPECT_OK(signature_pkcs1(cx, ec, octets, parts, 2, &signature));
    EXPECT(signature.state == SIGNATURE_BROKEN);
    certificate_fixture_key_close(key);
    certificate_fixture_key_close(ec_key);
}
