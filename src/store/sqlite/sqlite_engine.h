// SQLite (SQLite3MultipleCiphers): the embedded engine. WAL, synchronous=FULL. Every page is
// encrypted and authenticated with AEGIS-256 under a raw random key: by the processor's AES, a
// third of what ChaCha20 costs here.
#pragma once
#include "crypto/aead.h"
#include "store/db.h"

typedef struct SqliteOptions {
    const char *path;
    const AeadKey *page_key;
    bool create;   // make the file when it is not there
    bool write;    // otherwise the connection refuses to write
    bool scratch;  // a file that is thrown away when anything fails: no journal, no sync
    int cache_kib; // page cache
    int busy_ms;   // how long to wait for a lock
} SqliteOptions;

// ERR_CORRUPT when the key does not fit.
Err sqlite_engine_open(Cx *cx, const SqliteOptions *options, Db **ret_db);
// Every page under another key. Of a scratch connection alone; the caller syncs the file.
Err sqlite_engine_rekey(Cx *cx, Db *db, const AeadKey *page_key);
