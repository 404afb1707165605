// What certificate_parse accepts is one certificate and nothing more, its names are clean text, and
// its key is of the sort that the library finds by itself.
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "crypto/certificate_fixture.h"
#include "crypto/der.h"

static Cx made;
static Slice original;

static void make(void)
{
    cx_init(&made, world_real(), (size_t)1 << 20);
    FixtureKey *key = certificate_fixture_key_open(KEY_SM2);
    FixtureName name = {key, "国家税务总局"};
    original = certificate_fixture_make(&made, name, name, false, 0, 86'400'000);
    certificate_fixture_key_close(key);
}

// ERR_INPUT: the library takes these bytes for no certificate, or for one and something more.
static Err librarys(Slice der, KeyKind *ret_kind)
{
    const unsigned char *at = (const unsigned char *)der.data;
    X509 *x509 = der.size == 0 ? NULL : d2i_X509(NULL, &at, (long)der.size); // owned: freed below
    bool whole = x509 != NULL && at == (const unsigned char *)der.data + der.size;
    const EVP_PKEY *key = x509 == NULL ? NULL : X509_get0_pubkey(x509);
    *ret_kind = KEY_OTHER;
    if (key != NULL && EVP_PKEY_is_a(key, "SM2")) *ret_kind = KEY_SM2;
    if (key != NULL && EVP_PKEY_is_a(key, "RSA")) *ret_kind = KEY_RSA;
    if (key != NULL && EVP_PKEY_is_a(key, "EC")) *ret_kind = KEY_EC;
    X509_free(x509);
    ERR_clear_error();
    return whole ? ERR_OK : ERR_INPUT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (original.data == NULL) make();
    if (size == 0) return 0;
    Cx cx;
    cx_init(&cx, world_real(), (size_t)1 << 20);
    Slice der = {(const char *)data + 1, size - 1};
    if (data[0] % 4 != 0) {
        // Patches of three bytes: where (two), and what.
        char *copy = arena_alloc(&cx.arena, original.size);
        memcpy(copy, original.data, original.size);
        for (size_t i = 1; i + 2 < size; i += 3)
            copy[((size_t)data[i] << 8 | data[i + 1]) % original.size] = (char)data[i + 2];
        der = (Slice){copy, original.size};
    }
    Certificate certificate;
    KeyKind kind;
    Err theirs = librarys(der, &kind);
    if (certificate_parse(&cx, der, &certificate) == ERR_OK) {
        if (theirs != ERR_OK || certificate.key != kind) abort();
        if (!utf8_is_clean(certificate.common_name) || !utf8_is_clean(certificate.organization) ||
            !slice_equal(certificate.der, der))
            abort();
        if (certificate_trusted(der, &original, 1, SLICE(""), 1000)) abort();
    }
    cx_done(&cx);
    return 0;
}
