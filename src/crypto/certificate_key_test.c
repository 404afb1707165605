#include "crypto/certificate_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/test.h"
#include "crypto/certificate_fixture.h"

static Slice certificate_of(Cx *cx, KeyKind kind)
{
    FixtureKey *key = certificate_fixture_key_open(kind);
    FixtureName name = {key, "x"};
    Slice der = certificate_fixture_make(cx, name, name, false, 0, 86'400'000);
    certificate_fixture_key_close(key);
    return der;
}

// Whether the key is the one that the library finds by itself; both may be none.
static bool is_librarys(Slice der, bool *ret_none)
{
    const unsigned char *at = (const unsigned char *)der.data;
    size_t used = 0;
    X509 *whole = d2i_X509(NULL, &at, (long)der.size); // owned: freed below, as all of these
    EVP_PKEY *theirs = whole == NULL ? NULL : X509_get_pubkey(whole);
    ERR_clear_error();
    X509 *without = certificate_key_without(der, &used);
    EVP_PKEY *ours = without == NULL ? NULL : certificate_key_of(without);
    bool quiet = ERR_peek_error() == 0; // nothing is left for who asks next
    bool same = quiet && whole != NULL && without != NULL && used == der.size &&
                X509_cmp(whole, without) == 0 && X509_get0_pubkey(without) == NULL &&
                (theirs == NULL) == (ours == NULL) &&
                (ours == NULL || EVP_PKEY_eq(theirs, ours) == 1);
    *ret_none = ours == NULL;
    EVP_PKEY_free(theirs);
    EVP_PKEY_free(ours);
    X509_free(whole);
    X509_free(without);
    ERR_clear_error();
    return same;
}

TEST("certificate_key: the key is the library's own, of each sort")
{
    static const KeyKind kinds[] = {KEY_SM2, KEY_RSA, KEY_EC};
    for (size_t i = 0; i < 3; i++) {
        bool none = true;
        EXPECT(is_librarys(certificate_of(cx, kinds[i]), &none) && !none);
    }
}

#define SM2_CURVE "\x2A\x81\x1C\xCF\x55\x01\x82\x2D"

TEST("certificate_key: a point off the curve, or on another one, is no SM2 key")
{
    static const struct {
        Slice what, by;
    } changes[] = {
        {SLICE("\x03\x42\x00\x04"), SLICE("\x03\x42\x00\x05")}, // a form there is none of
        {SLICE(SM2_CURVE), SLICE("\x2A\x86\x48\xCE\x3D\x03\x01\x07")},
        {SLICE("\x06\x08" SM2_CURVE), SLICE("\x04\x08")}, // no name of one
        {SLICE("\x2A\x86\x48\xCE\x3D\x02\x01"),
         SLICE("\x2A\x86\x48\xCE\x3D\x02\x03")}, // no curve's
    };
    Slice der = certificate_of(cx, KEY_SM2);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        Slice copy;
        bool none = false;
        size_t at = slice_find(der, changes[i].what);
        EXPECT_OK(cx_copy(cx, der, &copy));
        EXPECT(at != SLICE_NONE);
        memcpy((char *)(uintptr_t)copy.data + at, changes[i].by.data, changes[i].by.size);
        EXPECT(is_librarys(copy, &none) && none);
        // The last bytes of the point.
        EXPECT_OK(cx_copy(cx, der, &copy));
        at = slice_find(der, changes[0].what) + 4 + 60 + i;
        ((char *)(uintptr_t)copy.data)[at] ^= 1;
        EXPECT(is_librarys(copy, &none) && none);
    }
}

// Puts that many bytes of the point into the certificate, beginning with `form`.
static void put_point(X509 *x509, const char *point, uint8_t form, size_t size)
{
    unsigned char *bytes = OPENSSL_zalloc(size); // owned: by the certificate
    memcpy(bytes, point, size < 65 ? size : 65);
    bytes[0] = form;
    EXPECT(X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(x509), OBJ_nid2obj(NID_X9_62_id_ecPublicKey),
                                  V_ASN1_OBJECT, OBJ_nid2obj(NID_sm2), bytes, (int)size) == 1);
}

TEST("certificate_key: a point written otherwise, or too short or long, is what the library says")
{
    Slice der = certificate_of(cx, KEY_SM2);
    size_t found = slice_find(der, SLICE("\x03\x42\x00\x04"));
    EXPECT(found != SLICE_NONE);
    const char *point = der.data + found + 3;
    uint8_t odd = point[64] & 1;
    // The last is the point at infinity, which the library alone takes for one.
    const struct {
        uint8_t form;
        size_t size;
        bool known, ours;
    } cases[] = {{4, 65, true, true},
                 {(uint8_t)(2 + odd), 33, true, true},
                 {(uint8_t)(6 + odd), 65, true, true},
                 {4, 66, false, false},
                 {4, 130, false, false},
                 {4, 64, false, false},
                 {4, 33, false, false},
                 {4, 2, false, false},
                 {(uint8_t)(7 - odd), 65, false, false},
                 {0, 1, true, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t used = 0;
        unsigned char *all = NULL;
        X509 *x509 = certificate_key_without(der, &used); // owned: freed below, as all of these
        put_point(x509, point, cases[i].form, cases[i].size);
        int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &all);
        const unsigned char *at = all;
        EVP_PKEY *theirs = d2i_PUBKEY(NULL, &at, size), *ours = certificate_key_of(x509);
        EXPECT((theirs != NULL) == cases[i].known && (ours != NULL) == cases[i].ours);
        EXPECT(ours == NULL || EVP_PKEY_eq(theirs, ours) == 1);
        EVP_PKEY_free(theirs);
        EVP_PKEY_free(ours);
        OPENSSL_free(all);
        X509_free(x509);
        ERR_clear_error();
    }
}

TEST("certificate_key: what is no certificate is none, and what follows one is told by its size")
{
    Slice der = certificate_of(cx, KEY_SM2);
    char *longer = arena_alloc(&cx->arena, der.size + 1);
    size_t used = 0;
    memcpy(longer, der.data, der.size);
    EXPECT(certificate_key_without(SLICE(""), &used) == NULL);
    EXPECT(certificate_key_without(slice_sub(der, 0, der.size - 1), &used) == NULL);
    EXPECT(ERR_peek_error() == 0);
    X509 *x509 = certificate_key_without((Slice){longer, der.size + 1}, &used);
    EXPECT(x509 != NULL && used == der.size);
    X509_free(x509);
}
