// Catalog: what SQLite says of a database as a whole: its schema's text, whether its pages and
// indexes hold together, and a database of our own to hold it against.
#pragma once
#include "store/db.h"

typedef struct CatalogObject {
    Slice type, name, sql; // "table" "index" "trigger"; sql is "" for an index of a constraint
} CatalogObject;
typedef struct Catalog {
    CatalogObject *objects; // by type and name
    size_t count;
} Catalog;

#define SQLITE_CATALOG_OBJECTS_MAX 1000

// In the arena. ERR_LIMIT over SQLITE_CATALOG_OBJECTS_MAX.
Err sqlite_catalog_read(Cx *cx, Db *db, Catalog *ret_catalog);
// What applying every SCHEMA_PARTS to an empty database gives. `scratch` is such a database.
Err sqlite_catalog_expected(Cx *cx, Db *scratch, Catalog *ret_catalog);
// integrity_check: what is wrong, a line each; none when all is well. It reads every page.
Err sqlite_catalog_damage(Cx *cx, Db *db, Slice *ret_lines, size_t room, size_t *ret_count);
// The columns of a table and which of them make its key, in the key's order.
#define SQLITE_CATALOG_COLUMNS_MAX 64
typedef struct CatalogColumns {
    Slice names[SQLITE_CATALOG_COLUMNS_MAX];
    Slice types[SQLITE_CATALOG_COLUMNS_MAX]; // TEXT INTEGER BLOB
    size_t count;
    size_t key[SQLITE_CATALOG_COLUMNS_MAX]; // columns
    size_t key_count;
} CatalogColumns;
Err sqlite_catalog_columns(Cx *cx, Db *db, Slice table, CatalogColumns *ret_columns);
// An empty database of this process alone, in `folder`: unlinked at once, its pages sealed under a
// random key that is kept nowhere, nothing synced. Close it with db_close.
Err sqlite_catalog_scratch(Cx *cx, const char *folder, Db **ret_db);
