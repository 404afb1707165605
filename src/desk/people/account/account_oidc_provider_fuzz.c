// Property: whatever a token endpoint and a key set answer, nobody is taken for somebody unless a
// key of the provider has signed claims that name this provider, this client and this nonce.
//
// The first byte says what is foreign:
//   0  the claims: the rest of the input, well signed. What is taken must say all of it, by a
//      second reading
//   1  the answer of the token endpoint: no fuzzer forges a signature under a key made just now
//   2  the key set: no set without that key opens the token
//   3  one character of a good token, by place and value: the signed part may not differ
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/test.h"
#include "crypto/jws_fixture.h"
#include "desk/people/account/account_oidc_provider.h"
#include "format/json/json_in.h"

#define CLIENT "fapiao"
#define ISSUER "https://id.example"
#define NONCE  "n-0S6_WzA2Mj"
#define GOOD                                                                                       \
    "{\"iss\":\"" ISSUER "\",\"aud\":\"" CLIENT "\",\"nonce\":\"" NONCE                            \
    "\",\"sub\":\"248289761001\",\"exp\":1790000300,\"iat\":1790000000,\"email\":\"a@b.example\"," \
    "\"email_verified\":true}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void test_fail(const char *file, int line, const char *what)
{
    (void)fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

static bool says(const JsonValue *claims, const char *name, Slice what)
{
    const JsonValue *value = json_in_get(claims, name);
    return json_in_is_string(value) && slice_equal(json_in_string(value), what);
}

static bool is_for_us(const JsonValue *claims)
{
    const JsonValue *list = json_in_get(claims, "aud");
    if (!json_in_is_array(list)) return says(claims, "aud", SLICE(CLIENT));
    bool found = false;
    size_t count = 0;
    for (const JsonValue *item = json_in_first(list); item != NULL; item = json_in_next(item)) {
        found = found || slice_equal(json_in_string(item), SLICE(CLIENT));
        count++;
    }
    return found && (count == 1 || says(claims, "azp", SLICE(CLIENT)));
}

// A second look at what was taken.
static void look(Cx *cx, Slice text, const AccountJwtClaims *taken)
{
    JsonIn *in = NULL;
    if (json_in_open(cx, text, &in) != ERR_OK) abort();
    const JsonValue *claims = json_in_root(in);
    int64_t expires = 0;
    if (!says(claims, "iss", SLICE(ISSUER)) || !says(claims, "nonce", SLICE(NONCE)) ||
        !is_for_us(claims) || !says(claims, "sub", taken->subject) || slice_empty(taken->subject))
        abort();
    if (!json_in_scaled(json_in_get(claims, "exp"), 1000, &expires) ||
        (uint64_t)expires + ACCOUNT_JWT_SKEW_MS < cx_now_ms(cx))
        abort();
    json_in_close(in);
}

static Slice answer_with(Cx *cx, Slice token)
{
    return cx_printf(cx, "{\"token_type\":\"Bearer\",\"id_token\":\"" SLICE_FMT "\"}",
                     SLICE_ARG(token));
}

// One character of the token is another one of base64url.
static void change_one(Cx *cx, const AccountOidcSettings *settings, Slice good, Slice keys,
                       Slice rest)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    if (rest.size < 3) return;
    const uint8_t *bytes = (const uint8_t *)rest.data;
    size_t at = ((size_t)bytes[0] << 8 | bytes[1]) % good.size;
    Slice token;
    AccountJwtClaims claims;
    if (cx_copy(cx, good, &token) != ERR_OK) return;
    char *letter = (char *)(uintptr_t)token.data + at;
    *letter = letters[bytes[2] % (sizeof letters - 1)];
    if (account_oidc_provider_claims(cx, settings, answer_with(cx, token), keys, SLICE(NONCE),
                                     &claims) != ERR_OK) {
        if (slice_equal(token, good)) abort();
        return;
    }
    // The last character of a signature has bits that say nothing.
    if (!slice_equal(slice_sub(token, 0, token.size - 1), slice_sub(good, 0, good.size - 1)))
        abort();
}

// The provider, made once: a key, how it shows it, and a token that it has signed.
static struct {
    WorldFake world;
    Cx cx;
    JwsFixture *key;
    Slice keys, token;
} provider;

static Slice signed_by_it(Cx *cx, Slice claims)
{
    return jws_fixture_token(cx, provider.key, SLICE("{\"alg\":\"ES256\",\"kid\":\"k\"}"), claims);
}

static void make_provider(void)
{
    world_fake_init(&provider.world, 1, UINT64_C(1'790'000'100'000));
    cx_init(&provider.cx, &provider.world.world, LIMIT_MIB);
    provider.key = jws_fixture_open(JWS_ES256);
    provider.keys = cx_printf(&provider.cx, "{\"keys\":[" SLICE_FMT "]}",
                              SLICE_ARG(jws_fixture_jwk(&provider.cx, provider.key, "k")));
    provider.token = signed_by_it(&provider.cx, SLICE(GOOD));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (provider.key == NULL) make_provider();
    if (size == 0) return 0;
    Cx cx;
    cx_init(&cx, &provider.world.world, 16 * LIMIT_MIB);
    const AccountOidcSettings settings = {.issuer = SLICE(ISSUER), .client = SLICE(CLIENT)};
    const Slice rest = {(const char *)data + 1, size - 1}, good = answer_with(&cx, provider.token);
    AccountJwtClaims claims;
    switch (data[0] % 4) {
    case 0:
        if (account_oidc_provider_claims(&cx, &settings, answer_with(&cx, signed_by_it(&cx, rest)),
                                         provider.keys, SLICE(NONCE), &claims) == ERR_OK)
            look(&cx, rest, &claims);
        break;
    case 1:
        if (account_oidc_provider_claims(&cx, &settings, rest, provider.keys, SLICE(NONCE),
                                         &claims) == ERR_OK)
            abort();
        break;
    case 2:
        if (account_oidc_provider_claims(&cx, &settings, good, rest, SLICE(NONCE), &claims) ==
            ERR_OK)
            abort();
        break;
    default:
        change_one(&cx, &settings, provider.token, provider.keys, rest);
    }
    cx_done(&cx);
    return 0;
}
