#include "desk/people/account/account_jwt.h"

#include "base/test.h"
#include "crypto/jws_fixture.h"

#define NOW    UINT64_C(1'790'000'000'000)
#define CLAIMS "{\"iss\":\"https://id.example\",\"sub\":\"7\"}"

static Slice set_of(Cx *cx, Slice key)
{
    return cx_printf(cx, "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AA\"}," SLICE_FMT "]}",
                     SLICE_ARG(key));
}

TEST("account jwt: each algorithm opens under its key, by name and without one")
{
    static const char *const names[] = {"RS256", "PS256", "ES256"};
    for (int i = 0; i < JWS_ALGORITHM_COUNT; i++) {
        JwsFixture *key = jws_fixture_open((JwsAlgorithm)i);
        Slice set = set_of(cx, jws_fixture_jwk(cx, key, "a")), claims = SLICE("");
        Slice named = cx_printf(cx, "{\"alg\":\"%s\",\"kid\":\"a\"}", names[i]);
        Slice other = cx_printf(cx, "{\"alg\":\"%s\",\"kid\":\"b\"}", names[i]);
        Slice bare = cx_printf(cx, "{\"alg\":\"%s\"}", names[i]);
        EXPECT_OK(
            account_jwt_open(cx, jws_fixture_token(cx, key, named, SLICE(CLAIMS)), set, &claims));
        EXPECT(slice_equal(claims, SLICE(CLAIMS)));
        EXPECT_OK(
            account_jwt_open(cx, jws_fixture_token(cx, key, bare, SLICE(CLAIMS)), set, &claims));
        EXPECT(account_jwt_open(cx, jws_fixture_token(cx, key, other, SLICE(CLAIMS)), set,
                                &claims) == ERR_DENIED);
        EXPECT(strstr(cx->err_text, "kid") != NULL);
        jws_fixture_close(key);
    }
}

TEST("account jwt: other algorithms, demands that are not understood, other keys and forms are "
     "refused")
{
    JwsFixture *key = jws_fixture_open(JWS_ES256), *other = jws_fixture_open(JWS_ES256);
    Slice set = set_of(cx, jws_fixture_jwk(cx, key, "a")), claims = SLICE("");
    static const char *const heads[] = {"{\"alg\":\"none\"}",
                                        "{\"alg\":\"HS256\",\"kid\":\"a\"}",
                                        "{\"alg\":\"RS256\",\"kid\":\"a\"}",
                                        "{\"kid\":\"a\"}",
                                        "{\"alg\":\"ES256\",\"crit\":[\"b64\"],\"b64\":false}",
                                        "[]",
                                        "{\"alg\":\"ES256\",\"alg\":\"ES256\"}",
                                        ""};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        Slice token = jws_fixture_token(cx, key, slice_of(heads[i]), SLICE(CLAIMS));
        EXPECT(account_jwt_open(cx, token, set, &claims) == ERR_DENIED);
    }
    Slice head = SLICE("{\"alg\":\"ES256\",\"kid\":\"a\"}");
    Slice good = jws_fixture_token(cx, key, head, SLICE(CLAIMS));
    EXPECT_OK(account_jwt_open(cx, good, set, &claims));
    Slice strange = jws_fixture_token(cx, other, head, SLICE(CLAIMS));
    EXPECT(account_jwt_open(cx, strange, set, &claims) == ERR_DENIED);
    size_t last = slice_find(good, SLICE(".")) + 1;
    const Slice forms[] = {SLICE(""),
                           SLICE(".."),
                           slice_sub(good, 0, last),
                           cx_printf(cx, SLICE_FMT ".", SLICE_ARG(good)),
                           cx_printf(cx, SLICE_FMT "=", SLICE_ARG(good)),
                           cx_printf(cx, " " SLICE_FMT, SLICE_ARG(good))};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        EXPECT(account_jwt_open(cx, forms[i], set, &claims) == ERR_DENIED);
    EXPECT(account_jwt_open(cx, good, SLICE("[]"), &claims) == ERR_DENIED);
    jws_fixture_close(key);
    jws_fixture_close(other);
}

TEST("account jwt: a key that is meant for something else is not tried")
{
    JwsFixture *key = jws_fixture_open(JWS_RS256);
    Slice jwk = jws_fixture_jwk(cx, key, "a"), claims = SLICE("");
    Slice token = jws_fixture_token(cx, key, SLICE("{\"alg\":\"RS256\"}"), SLICE(CLAIMS));
    size_t at = slice_find(jwk, SLICE("\"sig\""));
    Slice rest = slice_sub(jwk, at + 5, jwk.size), head = slice_sub(jwk, 0, at);
    const char *const uses[] = {"\"enc\"", "\"sig\",\"alg\":\"PS256\"",
                                "\"sig\",\"alg\":\"RS256\""};
    const Err wanted[] = {ERR_DENIED, ERR_DENIED, ERR_OK};
    for (int i = 0; i < 3; i++) {
        Slice set = cx_printf(cx, "{\"keys\":[" SLICE_FMT "%s" SLICE_FMT "]}", SLICE_ARG(head),
                              uses[i], SLICE_ARG(rest));
        EXPECT(account_jwt_open(cx, token, set, &claims) == wanted[i]);
    }
    jws_fixture_close(key);
}

static Err read_claims(Cx *cx, const char *json, AccountJwtClaims *claims)
{
    const AccountJwtWanted wanted = {.issuer = SLICE("https://id.example"),
                                     .client = SLICE("fapiao"),
                                     .nonce = SLICE("n-1"),
                                     .now_ms = NOW};
    return account_jwt_read(cx, slice_of(json), &wanted, claims);
}

#define ISS "\"iss\":\"https://id.example\","
#define SUB "\"sub\":\"7\","
#define AUD "\"aud\":\"fapiao\","
#define NON "\"nonce\":\"n-1\","
#define EXP "\"exp\":1790000300,"
#define IAT "\"iat\":1790000000"

TEST("account jwt: what a token has to say, and what is taken from it")
{
    AccountJwtClaims claims = {};
    EXPECT_OK(read_claims(cx, "{" ISS SUB AUD NON EXP IAT "}", &claims));
    EXPECT(slice_equal(claims.subject, SLICE("7")) && claims.mail.size == 0 && !claims.mfa);
    EXPECT_OK(
        read_claims(cx,
                    "{" ISS SUB NON EXP IAT
                    ",\"aud\":[\"x\",\"fapiao\"],\"azp\":\"fapiao\",\"amr\":[\"pwd\",\"mfa\"],"
                    "\"email\":\"a@b.example\",\"email_verified\":true,\"name\":\"王\"}",
                    &claims));
    EXPECT(claims.mfa && claims.mail_verified && slice_equal(claims.name, SLICE("王")));
    EXPECT_OK(
        read_claims(cx, "{" ISS SUB AUD NON EXP IAT ",\"email_verified\":\"true\"}", &claims));
    EXPECT(!claims.mail_verified); // a text is no yes
}

TEST("account jwt: each claim that is wrong is named")
{
    static const struct {
        const char *json, *named;
    } cases[] = {
        {"{" SUB AUD NON EXP IAT "}", "iss"},
        {"{\"iss\":\"https://id.example/\"," SUB AUD NON EXP IAT "}", "iss"},
        {"{" ISS AUD NON EXP IAT "}", "sub"},
        {"{\"sub\":7," ISS AUD NON EXP IAT "}", "sub"},
        {"{" ISS SUB NON EXP IAT "}", "aud"},
        {"{\"aud\":\"fapiao2\"," ISS SUB NON EXP IAT "}", "aud"},
        {"{\"aud\":[\"x\",\"fapiao\"]," ISS SUB NON EXP IAT "}", "azp"},
        {"{\"azp\":\"x\"," ISS SUB AUD NON EXP IAT "}", "azp"},
        {"{" ISS SUB AUD EXP IAT "}", "nonce"},
        {"{\"nonce\":\"n-2\"," ISS SUB AUD EXP IAT "}", "nonce"},
        {"{" ISS SUB AUD NON IAT "}", "exp"},
        {"{\"exp\":1789999940," ISS SUB AUD NON IAT "}", "exp"},
        {"{\"exp\":\"1790000300\"," ISS SUB AUD NON IAT "}", "exp"},
        {"{" EXP ISS SUB AUD NON "\"iat\":1789999339}", "iat"},
        {"{" EXP ISS SUB AUD NON "\"iat\":1790000061}", "iat"},
        {"{\"nbf\":1790000061," EXP ISS SUB AUD NON IAT "}", "nbf"},
        {"[]", "claims"},
    };
    AccountJwtClaims claims;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT(read_claims(cx, cases[i].json, &claims) == ERR_DENIED);
        if (!slice_starts(slice_of(cx->err_text), slice_of(cases[i].named)))
            test_fail(__FILE__, __LINE__, cases[i].json);
    }
    EXPECT_OK(read_claims(cx, "{\"exp\":1789999941," ISS SUB AUD NON IAT "}", &claims));
    EXPECT_OK(read_claims(cx, "{" EXP ISS SUB AUD NON "\"iat\":1790000060}", &claims));
}
