#include "desk/people/account/account_oidc_provider.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/text.h"
#include "desk/people/account/account_parts.h"
#include "format/json/json_in.h"
#include "net/fetch.h"

struct AccountOidcCache {
    char *text; // owned: until another is kept
    size_t size;
    Digest issuer; // whose it is
    uint64_t known_ms, failed_ms;
    bool busy; // somebody asks; others do not wait for it
};

AccountOidcCache *account_oidc_provider_cache_open(void)
{
    AccountOidcCache *cache = calloc(1, sizeof *cache); // owned: until _cache_close
    if (cache == NULL) abort();
    return cache;
}

void account_oidc_provider_cache_close(AccountOidcCache *cache)
{
    if (cache == NULL) return;
    free(cache->text);
    free(cache);
}

void account_oidc_provider_pair(Text *text, const char *name, Slice value)
{
    text_printf(text, "%s=", name);
    for (size_t i = 0; i < value.size; i++) {
        char c = value.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            text_byte(text, c);
        else
            text_printf(text, "%%%02X", (unsigned int)(uint8_t)c);
    }
    text_byte(text, '&');
}

// ---- asking ----

static Err ask(Cx *cx, const AccountOidcSettings *settings, FetchRequest *request, Slice *ret_body)
{
    FetchReply reply = {};
    request->timeout_ms = LIMIT_OIDC_MS;
    request->answer_max = LIMIT_OIDC_BYTES;
    if (!account_oidc_setting_is_safe(request->url))
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' is no https address",
                       SLICE_ARG(slice_sub(request->url, 0, 200)));
    if (settings->ca_file.size > 0) TRY(cx_cstr(cx, settings->ca_file, &request->ca_file));
    TRY(fetch_ask(cx, request, &reply));
    if (reply.status != 200)
        return err_set(cx, ERR_STORE, "the provider answered %d", reply.status);
    *ret_body = reply.body;
    return ERR_OK;
}

static void close_json(JsonIn **in)
{
    json_in_close(*in);
}
#define AUTO_JSON __attribute__((cleanup(close_json))) JsonIn *

// ---- what it says of itself ----

static bool says(const JsonValue *list, const char *what)
{
    for (const JsonValue *item = json_in_first(list); item != NULL; item = json_in_next(item))
        if (slice_equal(json_in_string(item), slice_of(what))) return true;
    return false;
}

static Err parse(Cx *cx, const AccountOidcSettings *settings, Slice text,
                 AccountOidcProvider *ret_provider)
{
    AUTO_JSON in = NULL;
    AccountOidcProvider provider = {};
    if (json_in_open(cx, text, &in) != ERR_OK)
        return err_set(cx, ERR_DENIED, "the provider's configuration is no JSON");
    const JsonValue *root = json_in_root(in);
    if (!slice_equal(json_in_string(json_in_get(root, "issuer")), settings->issuer))
        return err_set(cx, ERR_DENIED, "the provider calls itself by another name");
    static const char *const names[] = {"authorization_endpoint", "token_endpoint", "jwks_uri"};
    Slice *const places[] = {&provider.authorize, &provider.token, &provider.keys};
    for (int i = 0; i < 3; i++) {
        Slice url = json_in_string(json_in_get(root, names[i]));
        if (!account_oidc_setting_is_safe(url))
            return err_set(cx, ERR_DENIED, "%s: is no https address", names[i]);
        TRY(cx_copy(cx, url, places[i]));
    }
    // client_secret_basic where nothing is said (Discovery 1.0 §3).
    const JsonValue *ways = json_in_get(root, "token_endpoint_auth_methods_supported");
    provider.post = ways != NULL && !says(ways, "client_secret_basic");
    *ret_provider = provider;
    return ERR_OK;
}

// What is kept, if it is fresh; *ret_ask: the caller asks now, and calls keep() in any case.
static Err look(Cx *cx, Accounts *accounts, const Digest *issuer, Slice *ret_text, bool *ret_ask)
{
    AccountOidcCache *cache = accounts->oidc;
    uint64_t now_ms = cx_now_ms(cx);
    Err err = ERR_OK;
    *ret_ask = false;
    (void)pthread_mutex_lock(&accounts->mutex);
    bool ours = digest_equal(&cache->issuer, issuer);
    if (ours && cache->text != NULL && now_ms < cache->known_ms + LIMIT_OIDC_CACHE_MS)
        err = cx_copy(cx, (Slice){cache->text, cache->size}, ret_text);
    else if (cache->busy || (ours && now_ms < cache->failed_ms + LIMIT_OIDC_RETRY_MS))
        err = err_set(cx, ERR_STORE, "the provider does not answer");
    else
        *ret_ask = cache->busy = true;
    (void)pthread_mutex_unlock(&accounts->mutex);
    return err;
}

// `text` "" = it did not answer, or not as it should.
static void keep(Cx *cx, Accounts *accounts, const Digest *issuer, Slice text)
{
    AccountOidcCache *cache = accounts->oidc;
    char *copy = text.size == 0 ? NULL : malloc(text.size); // owned: by the cache
    if (copy == NULL && text.size > 0) abort();
    if (copy != NULL) memcpy(copy, text.data, text.size);
    (void)pthread_mutex_lock(&accounts->mutex);
    free(cache->text);
    cache->text = copy;
    cache->size = text.size;
    cache->issuer = *issuer;
    cache->busy = false;
    if (copy != NULL)
        cache->known_ms = cx_now_ms(cx);
    else
        cache->failed_ms = cx_now_ms(cx);
    (void)pthread_mutex_unlock(&accounts->mutex);
}

Err account_oidc_provider_find(Cx *cx, Accounts *accounts, const AccountOidcSettings *settings,
                               AccountOidcProvider *ret_provider)
{
    Digest issuer = digest_of(DIGEST_SHA256, settings->issuer);
    Slice text = SLICE("");
    bool asks = false;
    TRY(look(cx, accounts, &issuer, &text, &asks));
    if (!asks) return parse(cx, settings, text, ret_provider);
    Slice base = settings->issuer;
    while (slice_ends(base, SLICE("/")))
        base.size--;
    FetchRequest request = {
        .method = "GET",
        .url = cx_printf(cx, SLICE_FMT "/.well-known/openid-configuration", SLICE_ARG(base))};
    Err err = ask(cx, settings, &request, &text);
    if (err == ERR_OK) err = parse(cx, settings, text, ret_provider);
    keep(cx, accounts, &issuer, err == ERR_OK ? text : SLICE(""));
    return err;
}

// ---- a code for a token ----

// The secret as RFC 6749 2.3.1 has it: both halves percent-encoded, then Basic.
static Err basic_line(Cx *cx, const AccountOidcSettings *settings, const char **ret_line)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES * 2);
    Slice both;
    account_oidc_provider_pair(&text, "", settings->client);
    account_oidc_provider_pair(&text, "", settings->secret);
    TRY(text_done(cx, &text, &both)); // "=client&=secret&"
    size_t middle = slice_find(both, SLICE("&"));
    Slice pair = cx_printf(cx, SLICE_FMT ":" SLICE_FMT, SLICE_ARG(slice_sub(both, 1, middle - 1)),
                           SLICE_ARG(slice_sub(both, middle + 2, both.size - middle - 3)));
    Slice line =
        cx_printf(cx, "Authorization: Basic " SLICE_FMT, SLICE_ARG(base64_encode(cx, pair)));
    return cx_cstr(cx, line, ret_line);
}

static Err ask_token(Cx *cx, const AccountOidcProvider *provider,
                     const AccountOidcSettings *settings, const AccountOidcCode *code,
                     Slice *ret_body)
{
    const char *headers[] = {"Content-Type: application/x-www-form-urlencoded",
                             "Accept: application/json", NULL, NULL};
    Text form = text_open(cx, LIMIT_FIELD_BYTES * 4);
    bool secret = settings->secret.size > 0;
    account_oidc_provider_pair(&form, "grant_type", SLICE("authorization_code"));
    account_oidc_provider_pair(&form, "code", code->code);
    account_oidc_provider_pair(&form, "redirect_uri", code->back);
    account_oidc_provider_pair(&form, "code_verifier", code->verifier);
    if (secret && !provider->post) TRY(basic_line(cx, settings, &headers[2]));
    if (!secret || provider->post) account_oidc_provider_pair(&form, "client_id", settings->client);
    if (secret && provider->post)
        account_oidc_provider_pair(&form, "client_secret", settings->secret);
    FetchRequest request = {.method = "POST", .url = provider->token, .headers = headers};
    TRY(text_done(cx, &form, &request.body));
    request.body.size--; // the last "&"
    return ask(cx, settings, &request, ret_body);
}

Err account_oidc_provider_claims(Cx *cx, const AccountOidcSettings *settings, Slice answer,
                                 Slice keys, Slice nonce, AccountJwtClaims *ret_claims)
{
    AUTO_JSON in = NULL;
    Slice claims;
    if (json_in_open(cx, answer, &in) != ERR_OK)
        return err_set(cx, ERR_DENIED, "the provider's answer is no JSON");
    Slice token = json_in_string(json_in_get(json_in_root(in), "id_token"));
    TRY(account_jwt_open(cx, token, keys, &claims));
    const AccountJwtWanted wanted = {.issuer = settings->issuer,
                                     .client = settings->client,
                                     .nonce = nonce,
                                     .now_ms = cx_now_ms(cx)};
    return account_jwt_read(cx, claims, &wanted, ret_claims);
}

Err account_oidc_provider_exchange(Cx *cx, const AccountOidcProvider *provider,
                                   const AccountOidcSettings *settings, const AccountOidcCode *code,
                                   AccountJwtClaims *ret_claims)
{
    Slice answer, keys;
    TRY(ask_token(cx, provider, settings, code, &answer));
    FetchRequest request = {.method = "GET", .url = provider->keys};
    TRY(ask(cx, settings, &request, &keys));
    return account_oidc_provider_claims(cx, settings, answer, keys, code->nonce, ret_claims);
}
