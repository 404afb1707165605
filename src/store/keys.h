// Keys: the key hierarchy of a data folder.
//
//   key-encryption key (outside the folder) ─wraps─▶ DIR/keys: page, data, tag, log
//   data key ─wraps─▶ content keys, one a subject (table content_key)
//
// DIR/keys is text, five lines: "fapiao-keys-1", then for each of page, data, tag, log
//   name SP hexadecimal of aead_seal(kek, "fapiao/keys/v1\n" name, key) LF
// It is written once, whole, before the database is made: opening the database needs it.
#pragma once
#include "crypto/aead.h"

typedef struct Keys {
    AeadKey page; // of the database's pages
    AeadKey data; // wraps content keys
    AeadKey tag;  // of keyed tags: identities, attempts, names of segments
    AeadKey log;  // of subjects and tenants in ledger leaves
} Keys;

// ERR_MISSING when there is no such file; ERR_CORRUPT when it is none, or `kek` is another one.
Err keys_read(Cx *cx, const char *path, const AeadKey *kek, Keys *ret_keys);
// Makes new ones; durable when it returns. ERR_CONFLICT when the file exists.
Err keys_create(Cx *cx, const char *path, const AeadKey *kek, Keys *ret_keys);
