// A CMS message made with our own key, patched by the input: it never holds over other content.
#include <stdlib.h>

#include "crypto/certificate_fixture.h"
#include "crypto/signature.h"

static Cx made;
static Slice original;

static void make(void)
{
    cx_init(&made, world_real(), (size_t)1 << 20);
    FixtureKey *key = certificate_fixture_key_open(KEY_EC);
    FixtureName name = {key, "x"};
    Slice certificate = certificate_fixture_make(&made, name, name, false, 0, 86'400'000);
    original = certificate_fixture_cms(&made, key, certificate, SLICE("content"), false);
    certificate_fixture_key_close(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (original.data == NULL) make();
    if (size == 0) return 0;
    Cx cx;
    cx_init(&cx, world_real(), (size_t)1 << 20);
    Slice message = {(const char *)data + 1, size - 1}, other = SLICE("other");
    if (data[0] % 4 != 0) {
        // Patches of three bytes: where (two), and what.
        char *copy = arena_alloc(&cx.arena, original.size);
        memcpy(copy, original.data, original.size);
        for (size_t i = 1; i + 2 < size; i += 3)
            copy[((size_t)data[i] << 8 | data[i + 1]) % original.size] = (char)data[i + 2];
        message = (Slice){copy, original.size};
    }
    Signature signature;
    // One form an input: verifying is most of the time.
    bool inside = (data[0] & 0x40) != 0;
    Err err = (data[0] & 0x80) != 0 ? signature_pkcs1(&cx, message, message, &other, 1, &signature)
                                    : signature_cms(&cx, message, &other, 1, inside, &signature);
    if (err == ERR_OK && signature.state == SIGNATURE_HOLDS) abort();
    cx_done(&cx);
    return 0;
}
