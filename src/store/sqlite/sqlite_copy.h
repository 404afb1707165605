// A copy of a database under another page key: without free space, every row the same.
//
// SQLite3MultipleCiphers gives no new key to a database in WAL mode, and would leave a half-changed
// one after a crash. So the rows go into a file of its own (VACUUM INTO), that one gets the key.
#pragma once
#include "crypto/aead.h"
#include "store/db.h"

typedef struct SqliteCopy {
    const char *to; // made; must not be there
    const AeadKey *from_key, *to_key;
} SqliteCopy;

// `db` is the only connection to its file, which leaves WAL mode and stays locked until db_close.
// The copy is synced and has been checked: its own integrity, and the same tables with the same
// number of rows, the same head of the log. ERR_CONFLICT when somebody else has the database open.
// After an Err what lies at `to` is the caller's to remove.
Err sqlite_copy(Cx *cx, Db *db, const SqliteCopy *copy);
