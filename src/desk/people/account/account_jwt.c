#include "desk/people/account/account_jwt.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "crypto/jws.h"
#include "format/json/json_in.h"

static Err refuse(Cx *cx, const char *what, const char *why)
{
    return err_set(cx, ERR_DENIED, "%s: %s", what, why);
}

static void close_json(JsonIn **in)
{
    json_in_close(*in);
}
#define AUTO_JSON __attribute__((cleanup(close_json))) JsonIn *

static Err open_json(Cx *cx, const char *what, Slice text, JsonIn **ret_in)
{
    Err err = json_in_open(cx, text, ret_in);
    if (err == ERR_OK && json_in_is_object(json_in_root(*ret_in))) return ERR_OK;
    return refuse(cx, what, "is no JSON object");
}

static Slice get(const JsonValue *object, const char *key)
{
    return json_in_string(json_in_get(object, key));
}

// ---- the signature ----

typedef struct Token {
    Slice signed_part, header, claims, signature; // all but the first decoded
} Token;

static Err decode(Cx *cx, Slice part, Slice *ret_bytes)
{
    return jws_decode(cx, part, ret_bytes) == ERR_OK ? ERR_OK
                                                     : refuse(cx, "id_token", "is no base64url");
}

static Err split(Cx *cx, Slice text, Token *token)
{
    Slice rest = text, parts[3];
    bool done = false;
    for (int i = 0; i < 3; i++)
        if (!slice_cut(&rest, '.', &done, &parts[i]))
            return refuse(cx, "id_token", "has not three parts");
    if (!done) return refuse(cx, "id_token", "has more than three parts");
    token->signed_part = slice_sub(text, 0, parts[0].size + 1 + parts[1].size);
    TRY(decode(cx, parts[0], &token->header));
    TRY(decode(cx, parts[1], &token->claims));
    return decode(cx, parts[2], &token->signature);
}

static Err take_key(Cx *cx, const JsonValue *item, JwsKey *key)
{
    Slice *const numbers[] = {&key->n, &key->e, &key->x, &key->y};
    static const char *const names[] = {"n", "e", "x", "y"};
    key->is_ec = slice_equal(get(item, "kty"), SLICE("EC"));
    for (int i = 0; i < 4; i++)
        TRY(decode(cx, get(item, names[i]), numbers[i]));
    return ERR_OK;
}

// Whether a key of the set may be the one: of its sort, for signing, not meant for another
// algorithm, and of that name when the token names one.
static bool fits(const JsonValue *item, JwsAlgorithm algorithm, Slice name, Slice id)
{
    bool ec = algorithm == JWS_ES256;
    Slice use = get(item, "use"), alg = get(item, "alg");
    if (!slice_equal(get(item, "kty"), ec ? SLICE("EC") : SLICE("RSA"))) return false;
    if (ec && !slice_equal(get(item, "crv"), SLICE("P-256"))) return false;
    if (use.size > 0 && !slice_equal(use, SLICE("sig"))) return false;
    if (alg.size > 0 && !slice_equal(alg, name)) return false;
    return id.size == 0 || slice_equal(get(item, "kid"), id);
}

Err account_jwt_open(Cx *cx, Slice text, Slice key_set, Slice *ret_claims)
{
    Token token = {};
    AUTO_JSON header = NULL;
    AUTO_JSON set = NULL;
    JwsAlgorithm algorithm;
    if (text.size > LIMIT_ID_TOKEN_BYTES) return refuse(cx, "id_token", "is too large");
    TRY(split(cx, text, &token));
    TRY(open_json(cx, "header", token.header, &header));
    TRY(open_json(cx, "keys", key_set, &set));
    const JsonValue *head = json_in_root(header);
    Slice name = get(head, "alg");
    if (!jws_algorithm_of(name, &algorithm)) return refuse(cx, "alg", "is none that we take");
    // What we do not understand and must (RFC 7515 §4.1.11).
    if (json_in_get(head, "crit") != NULL) return refuse(cx, "crit", "is not understood");
    const JsonValue *item = json_in_first(json_in_get(json_in_root(set), "keys"));
    size_t tried = 0;
    for (; item != NULL && tried < LIMIT_ID_TOKEN_KEYS; item = json_in_next(item)) {
        JwsKey key = {};
        if (!fits(item, algorithm, name, get(head, "kid"))) continue;
        tried++;
        if (take_key(cx, item, &key) != ERR_OK) continue;
        if (!jws_verify(algorithm, &key, token.signed_part, token.signature)) continue;
        *ret_claims = token.claims;
        return ERR_OK;
    }
    return tried == 0 ? refuse(cx, "kid", "the provider has no such key")
                      : refuse(cx, "id_token", "its signature does not hold");
}

// ---- the claims ----

static bool holds(const JsonValue *list, Slice wanted, size_t *ret_count)
{
    bool found = false;
    *ret_count = 1;
    if (json_in_is_string(list)) return slice_equal(json_in_string(list), wanted);
    *ret_count = 0;
    if (!json_in_is_array(list)) return false;
    for (const JsonValue *item = json_in_first(list); item != NULL; item = json_in_next(item)) {
        found = found || (json_in_is_string(item) && slice_equal(json_in_string(item), wanted));
        (*ret_count)++;
    }
    return found;
}

static Err check_audience(Cx *cx, const JsonValue *claims, Slice client)
{
    size_t count = 0;
    const JsonValue *party = json_in_get(claims, "azp");
    if (!holds(json_in_get(claims, "aud"), client, &count))
        return refuse(cx, "aud", "it is for somebody else");
    if (count > 1 && party == NULL) return refuse(cx, "azp", "is not there");
    if (party != NULL && !slice_equal(json_in_string(party), client))
        return refuse(cx, "azp", "it was made for somebody else");
    return ERR_OK;
}

// Seconds since 1970, as milliseconds; a fraction of a second is allowed.
static bool take_time(const JsonValue *value, uint64_t *ret_ms)
{
    int64_t ms = 0;
    if (!json_in_scaled(value, 1000, &ms) || ms < 0) return false;
    *ret_ms = (uint64_t)ms;
    return true;
}

static Err check_times(Cx *cx, const JsonValue *claims, uint64_t now_ms)
{
    uint64_t expires = 0, issued = 0, begins = 0;
    if (!take_time(json_in_get(claims, "exp"), &expires)) return refuse(cx, "exp", "is no time");
    if (!take_time(json_in_get(claims, "iat"), &issued)) return refuse(cx, "iat", "is no time");
    if (now_ms >= expires + ACCOUNT_JWT_SKEW_MS) return refuse(cx, "exp", "it has run out");
    if (issued > now_ms + ACCOUNT_JWT_SKEW_MS) return refuse(cx, "iat", "is in the future");
    if (issued + ACCOUNT_JWT_OLD_MS + ACCOUNT_JWT_SKEW_MS < now_ms)
        return refuse(cx, "iat", "is long ago");
    const JsonValue *from = json_in_get(claims, "nbf");
    if (from != NULL && (!take_time(from, &begins) || begins > now_ms + ACCOUNT_JWT_SKEW_MS))
        return refuse(cx, "nbf", "it does not count yet");
    return ERR_OK;
}

// A claim that is shown or looked for later; "" when it is unclean or too long.
static Err take_text(Cx *cx, const JsonValue *claims, const char *name, Slice *ret_text)
{
    Slice text = get(claims, name);
    if (text.size > ACCOUNT_JWT_SUBJECT_MAX || !utf8_is_clean(text)) text = SLICE("");
    return cx_copy(cx, text, ret_text);
}

Err account_jwt_read(Cx *cx, Slice text, const AccountJwtWanted *wanted,
                     AccountJwtClaims *ret_claims)
{
    AUTO_JSON in = NULL;
    AccountJwtClaims claims = {};
    size_t count = 0;
    TRY(open_json(cx, "claims", text, &in));
    const JsonValue *root = json_in_root(in);
    if (!slice_equal(get(root, "iss"), wanted->issuer) || wanted->issuer.size == 0)
        return refuse(cx, "iss", "it is another's");
    TRY(check_audience(cx, root, wanted->client));
    TRY(check_times(cx, root, wanted->now_ms));
    if (!slice_equal(get(root, "nonce"), wanted->nonce) || wanted->nonce.size == 0)
        return refuse(cx, "nonce", "is not ours");
    TRY(take_text(cx, root, "sub", &claims.subject));
    if (claims.subject.size == 0) return refuse(cx, "sub", "is none");
    TRY(take_text(cx, root, "email", &claims.mail));
    TRY(take_text(cx, root, "name", &claims.name));
    claims.mail_verified = json_in_bool(json_in_get(root, "email_verified"), false);
    claims.mfa = holds(json_in_get(root, "amr"), SLICE("mfa"), &count);
    *ret_claims = claims;
    return ERR_OK;
}
