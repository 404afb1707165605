// Keys: the key hierarchy of a data folder.
//
//   key-encryption key (outside the folder) ─wraps─▶ DIR/keys: page, data, tag, log
//   data key ─wraps─▶ content keys, one a subject (table content_key)
//            ─HKDF──▶ keys of single fields (crypto/field.h)
//
// DIR/keys is text: "fapiao-keys-1" LF, then for each of page, data, tag, log
//   name SP hexadecimal of aead_seal(kek, "fapiao/keys/v1\n" name, key) LF
// It is written before the database is made: opening the database needs it.
//
// While a key is being changed (store/rotate.h) it says both: a line "page-next" may stand behind
// the four, and the lines may all stand there twice, wrapped by the old and by the new
// key-encryption key. Each time the file is replaced whole.
#pragma once
#include "crypto/aead.h"

#define KEYS_WRAPPINGS_MAX 2

typedef struct Keys {
    AeadKey page;      // of the database's pages
    AeadKey data;      // wraps content keys; fields
    AeadKey tag;       // of keyed tags: identities, attempts, names of segments
    AeadKey log;       // of subjects and tenants in ledger leaves
    AeadKey page_next; // where has_next: the database may be under this one already
    bool has_next;
    size_t wrappings; // how many key-encryption keys open the file: 1, or 2
} Keys;

// ERR_MISSING when there is no such file; ERR_CORRUPT when it is none, or `kek` is another one.
Err keys_read(Cx *cx, const char *path, const AeadKey *kek, Keys *ret_keys);
// Makes new ones; durable when it returns. ERR_CONFLICT when the file exists.
Err keys_create(Cx *cx, const char *path, const AeadKey *kek, Keys *ret_keys);
// The same keys, wrapped by each of `keks` (at most KEYS_WRAPPINGS_MAX); durable when it returns.
// Who reads meanwhile sees the old file or the new one. `keys->wrappings` does not count.
Err keys_replace(Cx *cx, const char *path, const AeadKey *keks, size_t kek_count, const Keys *keys);
