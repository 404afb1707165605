// Fields: single values of rows, encrypted each on its own: telephone, mail, bank account, seeds of
// one-time codes, tokens of other systems. Whoever reads the table sees which row has one, no more.
//
// A sealed value says how it was sealed, so both kinds and all key versions live side by side:
//   0  policy u8: 1 = aes (AES-256-GCM), 2 = sm (SM4-CTR, HMAC-SM3 behind)
//   1  version of the key, u32 big-endian, from 1
//   5  what the provider made of it (crypto/aead.h, crypto/sm4.h)
// Authenticated with it: "fapiao/field/v1", then with a size u32 big-endian in front of each: these
// five bytes, tenant, table, column, row. A value that was moved to another row or column does not
// open. Its key: HKDF from the folder's data key, info "fapiao/field/" policy "/" decimal version.
//
// Blind index: finds equal values without opening them. The first 16 bytes of HMAC (SHA-256 or SM3)
// over the normalised value, under a key of the column and tenant:
//   HKDF info "fapiao/field-index/" policy LF table LF column LF tenant
// It does not change with the key's version, but does with the policy: index anew then.
#pragma once
#include "crypto/provider.h"

#define FIELD_OVERHEAD_MAX 53 // bytes
#define FIELD_INDEX_SIZE   16
#define FIELD_PLAIN_MAX    ((size_t)65'536)

typedef struct FieldKeys {
    const Provider *provider;
    ProviderSuite policy; // of new values
    uint32_t version;     // of new values; older ones open
} FieldKeys;

// Where a value stands. Table and column are names of our own.
typedef struct FieldPlace {
    const char *table, *column;
    Slice tenant, row;
} FieldPlace;

typedef enum FieldKind {
    FIELD_KIND_TEXT,
    FIELD_KIND_PHONE,
    FIELD_KIND_MAIL,
    FIELD_KIND_ACCOUNT
} FieldKind;
typedef struct FieldIndex {
    uint8_t bytes[FIELD_INDEX_SIZE];
} FieldIndex;

// ERR_LIMIT over FIELD_PLAIN_MAX.
Err field_seal(Cx *cx, const FieldKeys *keys, const FieldPlace *place, Slice plain,
               Slice *ret_sealed);
// ERR_CORRUPT when it was not sealed for this place with these keys.
Err field_open(Cx *cx, const FieldKeys *keys, const FieldPlace *place, Slice sealed,
               Slice *ret_plain);
// It was sealed under another policy or an older key: seal it anew when it is written next.
bool field_is_old(const FieldKeys *keys, Slice sealed);
// As it is compared. Phone: digits, without +86 or 0086 in front. Account: without white space and
// hyphens. Mail: trimmed, in lower case (ASCII). Text: as it stands.
Slice field_normal(Cx *cx, FieldKind kind, Slice value);
// `place->row` does not count. An empty value has an index like any other.
Err field_index(Cx *cx, const FieldKeys *keys, const FieldPlace *place, FieldKind kind, Slice value,
                FieldIndex *ret_index);
