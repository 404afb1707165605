// Foreign: a connection of another program that has the key, with the engine's own defaults.
#pragma once
#include <sqlite3.h>

#include "base/base64.h"
#include "base/test.h"
#include "crypto/aead.h"

static inline sqlite3 *foreign_open(Cx *cx, const char *path, const AeadKey *key)
{
    sqlite3 *handle = NULL;
    Slice hex = base64_hex(cx, (Slice){(const char *)key->bytes, AEAD_KEY_SIZE});
    Slice text = cx_printf(cx, "raw:" SLICE_FMT, SLICE_ARG(hex));
    EXPECT(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    EXPECT(sqlite3mc_config(handle, "cipher", CODEC_TYPE_AEGIS) == CODEC_TYPE_AEGIS);
    EXPECT(sqlite3_key(handle, text.data, (int)text.size) == SQLITE_OK);
    return handle;
}

// Whether the statement went through.
static inline bool foreign_run(Cx *cx, const char *path, const AeadKey *key, const char *sql)
{
    sqlite3 *handle = foreign_open(cx, path, key);
    bool done = sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK;
    EXPECT(sqlite3_close(handle) == SQLITE_OK);
    return done;
}

// All pages in the clear, used and free ones, as the pager reads them; in the arena.
static inline Slice foreign_pages(Cx *cx, const char *path, const AeadKey *key)
{
    sqlite3 *handle = foreign_open(cx, path, key);
    sqlite3_int64 size = 0;
    unsigned char *bytes = sqlite3_serialize(handle, "main", &size, 0);
    EXPECT(bytes != NULL);
    Slice pages;
    EXPECT_OK(cx_copy(cx, (Slice){(const char *)bytes, (size_t)size}, &pages));
    sqlite3_free(bytes);
    EXPECT(sqlite3_close(handle) == SQLITE_OK);
    return pages;
}
