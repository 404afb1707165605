// What certificate_parse accepts is one certificate and nothing more, its names are clean text.
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
    if (certificate_parse(&cx, der, &certificate) == ERR_OK) {
        if (!utf8_is_clean(certificate.common_name) || !utf8_is_clean(certificate.organization) ||
            !slice_equal(certificate.der, der))
            abort();
        if (certificate_trusted(der, &original, 1, SLICE(""), 1000)) abort();
    }
    cx_done(&cx);
    return 0;
}
