// Properties: base64url that is taken is written again as it stood; of a signature that holds, no
// other is made by changing bytes of it, of the message or of the key; and under a key of any
// numbers nothing holds.
//
// Input: which (u8), then base64url; or changes (place u8, bits u8); or a key's numbers and a
// signature, half and half.
#include <stdlib.h>

#include "base/limits.h"
#include "crypto/jws_fixture.h"

typedef struct Signed {
    JwsKey key;
    Slice message, signature;
} Signed;

static Cx made;
static Signed originals[JWS_ALGORITHM_COUNT];

static void make(void)
{
    cx_init(&made, world_real(), LIMIT_MIB);
    for (int i = 0; i < JWS_ALGORITHM_COUNT; i++) {
        JwsFixture *fixture = jws_fixture_open((JwsAlgorithm)i);
        originals[i] = (Signed){.key = jws_fixture_key(&made, fixture),
                                .message = SLICE("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0")};
        originals[i].signature = jws_fixture_sign(&made, fixture, originals[i].message);
        jws_fixture_close(fixture);
    }
}

static void decode(Cx *cx, Slice text)
{
    Slice bytes;
    if (jws_decode(cx, text, &bytes) == ERR_OK && !slice_equal(jws_encode(cx, bytes), text))
        abort();
}

static void change(Cx *cx, JwsAlgorithm algorithm, Slice changes)
{
    Signed one = originals[algorithm];
    Slice *const parts[] = {&one.signature, &one.message, one.key.is_ec ? &one.key.x : &one.key.n};
    for (size_t at = 0; at + 1 < changes.size; at += 2) {
        Slice *part = parts[at / 2 % 3];
        if (cx_copy(cx, *part, part) != ERR_OK) abort();
        char *bytes = (char *)(uintptr_t)part->data;
        bytes[(uint8_t)changes.data[at] % part->size] ^= changes.data[at + 1];
    }
    const Signed *was = &originals[algorithm];
    bool same = slice_equal(one.signature, was->signature) &&
                slice_equal(one.message, was->message) && slice_equal(one.key.x, was->key.x) &&
                slice_equal(one.key.n, was->key.n);
    if (jws_verify(algorithm, &one.key, one.message, one.signature) != same) abort();
}

static void any_key(JwsAlgorithm algorithm, Slice bytes)
{
    Slice numbers = slice_sub(bytes, 0, bytes.size / 2);
    Slice signature = slice_sub(bytes, bytes.size / 2, SIZE_MAX);
    bool ec = algorithm == JWS_ES256;
    const JwsKey key = {.is_ec = ec,
                        .n = numbers,
                        .e = SLICE("\x01\x00\x01"),
                        .x = slice_sub(numbers, 0, numbers.size / 2),
                        .y = slice_sub(numbers, numbers.size / 2, SIZE_MAX)};
    if (jws_verify(algorithm, &key, originals[algorithm].message, signature)) abort();
    // The wrong sort of key opens nothing either.
    JwsAlgorithm other = ec ? JWS_RS256 : JWS_ES256;
    if (jws_verify(algorithm, &originals[other].key, originals[algorithm].message,
                   originals[algorithm].signature))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (originals[0].message.data == NULL) make();
    if (size == 0) return 0;
    Cx cx;
    cx_init(&cx, world_real(), 4 * LIMIT_MIB);
    Slice rest = {(const char *)data + 1, size - 1};
    JwsAlgorithm algorithm = (JwsAlgorithm)(data[0] / 4 % JWS_ALGORITHM_COUNT);
    if (data[0] % 4 == 0) change(&cx, algorithm, slice_sub(rest, 0, 64));
    if (data[0] % 4 == 1) any_key(algorithm, rest);
    if (data[0] % 4 >= 2) decode(&cx, rest);
    cx_done(&cx);
    return 0;
}
