#include "crypto/certificate.h"

#include "base/test.h"
#include "crypto/certificate_fixture.h"

#define YEAR_MS UINT64_C(31'536'000'000)
#define Y2020   UINT64_C(1'577'836'800'000) // 2020-01-01
#define Y2025   (Y2020 + 5 * YEAR_MS)

#define AUTO_KEY __attribute__((cleanup(key_done))) FixtureKey *
static void key_done(FixtureKey **key)
{
    certificate_fixture_key_close(*key);
}

TEST("certificate: says whose it is, from when to when, and its sort of key")
{
    static const KeyKind kinds[] = {KEY_SM2, KEY_RSA, KEY_EC};
    for (size_t i = 0; i < 3; i++) {
        AUTO_KEY key = certificate_fixture_key_open(kinds[i]);
        FixtureName name = {key, "国家税务总局江苏省税务局"};
        Slice der = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
        Certificate certificate = {};
        EXPECT_OK(certificate_parse(cx, der, &certificate));
        EXPECT(slice_equal(certificate.common_name, slice_of(name.name)));
        EXPECT(slice_empty(certificate.organization) && certificate.key == kinds[i]);
        EXPECT(certificate.not_before_ms == Y2020 && certificate.not_after_ms == Y2025);
        EXPECT(certificate_valid_at(&certificate, Y2020));
        EXPECT(!certificate_valid_at(&certificate, Y2020 - 1));
        EXPECT(!certificate_valid_at(&certificate, Y2025 + 1));
    }
}

TEST("certificate: what is cut, prolonged or nothing at all is no certificate")
{
    AUTO_KEY key = certificate_fixture_key_open(KEY_SM2);
    FixtureName name = {key, "x"};
    Slice der = certificate_fixture_make(cx, name, name, false, Y2020, Y2025);
    Certificate certificate = {.not_before_ms = 7};
    char *longer = arena_alloc(&cx->arena, der.size + 1);
    memcpy(longer, der.data, der.size);
    EXPECT(certificate_parse(cx, (Slice){longer, der.size + 1}, &certificate) == ERR_INPUT);
    EXPECT(certificate_parse(cx, slice_sub(der, 0, der.size - 1), &certificate) == ERR_INPUT);
    EXPECT(certificate_parse(cx, SLICE(""), &certificate) == ERR_INPUT);
    EXPECT(certificate_parse(cx, SLICE("0\x80"), &certificate) == ERR_INPUT);
    EXPECT(certificate.not_before_ms == 7);
}

TEST("certificate: an SM2 or RSA chain is trusted when it ends in ours, at that time alone")
{
    static const KeyKind kinds[] = {KEY_SM2, KEY_RSA};
    for (size_t i = 0; i < 2; i++) {
        AUTO_KEY root_key = certificate_fixture_key_open(kinds[i]);
        AUTO_KEY middle_key = certificate_fixture_key_open(kinds[i]);
        AUTO_KEY leaf_key = certificate_fixture_key_open(kinds[i]);
        FixtureName root = {root_key, "根"}, middle = {middle_key, "中间"};
        FixtureName leaf = {leaf_key, "某税务局"}, same_name = {leaf_key, "根"};
        Slice root_der = certificate_fixture_make(cx, root, root, true, Y2020, Y2025);
        Slice middle_der = certificate_fixture_make(cx, middle, root, true, Y2020, Y2025);
        Slice leaf_der = certificate_fixture_make(cx, leaf, middle, false, Y2020, Y2025);
        Slice other_der = certificate_fixture_make(cx, same_name, same_name, true, Y2020, Y2025);
        Slice other_root = certificate_fixture_make(cx, leaf, leaf, true, Y2020, Y2025);
        Slice root_pem = certificate_fixture_pem(cx, root_der);
        Slice other_pem = certificate_fixture_pem(cx, other_root);
        Slice both = cx_printf(cx, "# 注释\n%.*s%.*s", SLICE_ARG(other_pem), SLICE_ARG(root_pem));
        uint64_t then = Y2020 + YEAR_MS;
        EXPECT(certificate_trusted(leaf_der, &middle_der, 1, root_pem, then));
        EXPECT(certificate_trusted(leaf_der, &middle_der, 1, both, then));
        EXPECT(
            certificate_trusted(leaf_der, NULL, 0, certificate_fixture_pem(cx, middle_der), then));
        EXPECT(!certificate_trusted(leaf_der, NULL, 0, root_pem, then));
        EXPECT(!certificate_trusted(leaf_der, &middle_der, 1, SLICE(""), then));
        EXPECT(!certificate_trusted(leaf_der, &middle_der, 1, SLICE("-----BEGIN"), then));
        EXPECT(!certificate_trusted(leaf_der, &middle_der, 1, root_pem, Y2025 + 1000));
        EXPECT(!certificate_trusted(leaf_der, &middle_der, 1, root_pem, Y2020 - 1000));
        EXPECT(!certificate_trusted(leaf_der, &middle_der, 1,
                                    certificate_fixture_pem(cx, other_der), then));
        EXPECT(!certificate_trusted(SLICE("x"), NULL, 0, root_pem, then));
    }
}

TEST("certificate: a plain certificate can't vouch for another")
{
    AUTO_KEY root_key = certificate_fixture_key_open(KEY_SM2);
    AUTO_KEY leaf_key = certificate_fixture_key_open(KEY_SM2);
    FixtureName root = {root_key, "根"}, seller = {leaf_key, "卖方"}, forged = {root_key, "税务局"};
    Slice root_der = certificate_fixture_make(cx, root, root, true, Y2020, Y2025);
    Slice seller_der = certificate_fixture_make(cx, seller, root, false, Y2020, Y2025);
    Slice forged_der = certificate_fixture_make(cx, forged, seller, false, Y2020, Y2025);
    EXPECT(!certificate_trusted(forged_der, &seller_der, 1, certificate_fixture_pem(cx, root_der),
                                Y2020 + YEAR_MS));
}
