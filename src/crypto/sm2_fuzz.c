// Signed data made with our own key, patched by the input: it never holds over other content, and
// what it answers lies inside the message.
#include <stdlib.h>

#include "crypto/sm2.h"
#include "crypto/sm2_fixture.h"

static Cx made;
static Slice original;

static void make(void)
{
    cx_init(&made, world_real(), (size_t)1 << 20);
    FixtureKey *key = certificate_fixture_key_open(KEY_SM2);
    FixtureName name = {key, "x"};
    Slice certificate = certificate_fixture_make(&made, name, name, false, 0, 86'400'000);
    original = sm2_fixture_signed_data(&made, key, certificate, SLICE("content"), true);
    certificate_fixture_key_close(key);
}

static bool inside(Slice part, Slice whole)
{
    return part.size == 0 ||
           (part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
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
    Sm2SignedData answer = {};
    (void)sm2_is_signed_data(der);
    if (sm2_signed_data_verify(&cx, der, SLICE("other"), &answer) == ERR_OK &&
        (answer.holds || !inside(answer.certificate, der)))
        abort();
    cx_done(&cx);
    return 0;
}
