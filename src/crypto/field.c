#include "crypto/field.h"

#include <openssl/crypto.h>

#include "base/text.h"

#define HEAD_SIZE 5

// By ProviderSuite.
static const char *const policy_names[] = {NULL, "aes", "sm"};

static bool is_policy(uint8_t policy)
{
    return policy == PROVIDER_AES || policy == PROVIDER_SM;
}

static uint32_t version_of(Slice sealed)
{
    const uint8_t *bytes = (const uint8_t *)sealed.data;
    return (uint32_t)bytes[1] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 8 | bytes[4];
}

static void add_sized(Text *text, Slice s)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        text_byte(text, (char)(uint8_t)((uint32_t)s.size >> shift));
    text_add(text, s);
}

static Err about(Cx *cx, const char head[static HEAD_SIZE], const FieldPlace *place,
                 Slice *ret_about)
{
    Text text = text_open(cx, FIELD_PLAIN_MAX);
    text_add(&text, SLICE("fapiao/field/v1"));
    add_sized(&text, (Slice){head, HEAD_SIZE});
    add_sized(&text, place->tenant);
    add_sized(&text, slice_of(place->table));
    add_sized(&text, slice_of(place->column));
    add_sized(&text, place->row);
    return text_done(cx, &text, ret_about);
}

static Err key_of(Cx *cx, const FieldKeys *keys, ProviderSuite policy, uint32_t version,
                  ProviderKey *ret_key)
{
    Slice name = cx_printf(cx, "fapiao/field/%s/%u", policy_names[policy], version);
    return keys->provider->derive(cx, keys->provider->self, policy, name, ret_key);
}

Err field_seal(Cx *cx, const FieldKeys *keys, const FieldPlace *place, Slice plain,
               Slice *ret_sealed)
{
    if (plain.size > FIELD_PLAIN_MAX)
        return err_set(cx, ERR_LIMIT, "a value of %zu bytes is too long", plain.size);
    uint32_t version = keys->version;
    const char head[HEAD_SIZE] = {(char)keys->policy, (char)(version >> 24), (char)(version >> 16),
                                  (char)(version >> 8), (char)version};
    Slice with, body;
    TRY(about(cx, head, place, &with));
    ProviderKey key;
    TRY(key_of(cx, keys, keys->policy, version, &key));
    const Provider *provider = keys->provider;
    Err err = provider->seal(cx, provider->self, keys->policy, &key, with, plain, &body);
    OPENSSL_cleanse(&key, sizeof key);
    if (err != ERR_OK) return err;
    char *bytes = arena_alloc(&cx->arena, HEAD_SIZE + body.size);
    memcpy(bytes, head, HEAD_SIZE);
    memcpy(bytes + HEAD_SIZE, body.data, body.size);
    *ret_sealed = (Slice){bytes, HEAD_SIZE + body.size};
    return ERR_OK;
}

Err field_open(Cx *cx, const FieldKeys *keys, const FieldPlace *place, Slice sealed,
               Slice *ret_plain)
{
    if (sealed.size < HEAD_SIZE || sealed.size > FIELD_PLAIN_MAX + FIELD_OVERHEAD_MAX)
        return err_set(cx, ERR_CORRUPT, "%zu bytes are no sealed value", sealed.size);
    uint8_t policy = (uint8_t)sealed.data[0];
    uint32_t version = version_of(sealed);
    if (!is_policy(policy) || version == 0 || version > keys->version)
        return err_set(cx, ERR_CORRUPT, "a value is sealed by policy %u, key %u: not known here",
                       policy, version);
    Slice with;
    TRY(about(cx, sealed.data, place, &with));
    ProviderKey key;
    TRY(key_of(cx, keys, (ProviderSuite)policy, version, &key));
    const Provider *provider = keys->provider;
    Err err = provider->open(cx, provider->self, (ProviderSuite)policy, &key, with,
                             slice_sub(sealed, HEAD_SIZE, sealed.size), ret_plain);
    OPENSSL_cleanse(&key, sizeof key);
    return err;
}

bool field_is_old(const FieldKeys *keys, Slice sealed)
{
    return sealed.size < HEAD_SIZE || (uint8_t)sealed.data[0] != keys->policy ||
           version_of(sealed) != keys->version;
}

static bool is_kept(FieldKind kind, char c)
{
    if (kind == FIELD_KIND_PHONE) return c >= '0' && c <= '9';
    if (kind == FIELD_KIND_ACCOUNT) return c != ' ' && c != '-' && c != '\t';
    return true;
}

Slice field_normal(Cx *cx, FieldKind kind, Slice value)
{
    if (kind == FIELD_KIND_TEXT) return value;
    Slice from = slice_trim(value);
    char *to = arena_alloc(&cx->arena, from.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < from.size; i++) {
        char c = from.data[i];
        if (!is_kept(kind, c)) continue;
        to[size++] = kind == FIELD_KIND_MAIL && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    Slice normal = {to, size};
    if (kind == FIELD_KIND_PHONE && slice_starts(normal, SLICE("0086")))
        normal = slice_sub(normal, 4, size);
    else if (kind == FIELD_KIND_PHONE && slice_starts(from, SLICE("+86")))
        normal = slice_sub(normal, 2, size);
    return normal;
}

Err field_index(Cx *cx, const FieldKeys *keys, const FieldPlace *place, FieldKind kind, Slice value,
                FieldIndex *ret_index)
{
    if (value.size > FIELD_PLAIN_MAX || place->tenant.size > FIELD_PLAIN_MAX)
        return err_set(cx, ERR_LIMIT, "a value of %zu bytes is too long", value.size);
    const Provider *provider = keys->provider;
    // The tenant stands last: nothing behind it can be taken for a part of it.
    Slice name =
        cx_printf(cx, "fapiao/field-index/%s\n%s\n%s\n" SLICE_FMT, policy_names[keys->policy],
                  place->table, place->column, SLICE_ARG(place->tenant));
    ProviderKey key;
    TRY(provider->derive(cx, provider->self, keys->policy, name, &key));
    Digest mac;
    Err err =
        provider->mac(cx, provider->self, keys->policy, &key, field_normal(cx, kind, value), &mac);
    OPENSSL_cleanse(&key, sizeof key);
    if (err == ERR_OK) memcpy(ret_index->bytes, mac.bytes, FIELD_INDEX_SIZE);
    return err;
}
