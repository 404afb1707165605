#include "store/sqlite/sqlite_catalog.h"

#include <unistd.h>

#include "store/schema.h"
#include "store/sqlite/sqlite_engine.h"

#define SCRATCH_CACHE_KIB 65'536
#define DAMAGE_LINES_MAX  1000

Err sqlite_catalog_read(Cx *cx, Db *db, Catalog *ret_catalog)
{
    Catalog catalog = {.objects = arena_try_array(&cx->arena, SQLITE_CATALOG_OBJECTS_MAX,
                                                  sizeof *catalog.objects)};
    if (catalog.objects == NULL) return err_set(cx, ERR_LIMIT, "the schema does not fit");
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name", NULL, 0,
                 &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (catalog.count == SQLITE_CATALOG_OBJECTS_MAX)
            return err_set(cx, ERR_LIMIT, "the schema has over %d objects",
                           SQLITE_CATALOG_OBJECTS_MAX);
        CatalogObject *object = &catalog.objects[catalog.count++];
        TRY(cx_copy(cx, db_col_text(rows, 0), &object->type));
        TRY(cx_copy(cx, db_col_text(rows, 1), &object->name));
        TRY(cx_copy(cx, db_col_text(rows, 2), &object->sql));
    }
    *ret_catalog = catalog;
    return ERR_OK;
}

Err sqlite_catalog_expected(Cx *cx, Db *scratch, Catalog *ret_catalog)
{
    TRY(schema_apply(cx, scratch));
    return sqlite_catalog_read(cx, scratch, ret_catalog);
}

Err sqlite_catalog_damage(Cx *cx, Db *db, Slice *ret_lines, size_t room, size_t *ret_count)
{
    Slice sql = cx_printf(cx, "PRAGMA integrity_check(%d)", DAMAGE_LINES_MAX);
    *ret_count = 0;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, db, sql, NULL, 0, &rows));
    for (bool row = true; *ret_count < room;) {
        TRY(db_next(cx, rows, &row));
        if (!row || slice_equal(db_col_text(rows, 0), SLICE("ok"))) return ERR_OK;
        TRY(cx_copy(cx, db_col_text(rows, 0), &ret_lines[(*ret_count)++]));
    }
    return ERR_OK;
}

Err sqlite_catalog_columns(Cx *cx, Db *db, Slice table, CatalogColumns *ret_columns)
{
    CatalogColumns columns = {};
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid",
                 DB_VALUES(db_text(table)), &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        size_t at = columns.count++;
        if (at == SQLITE_CATALOG_COLUMNS_MAX)
            return err_set(cx, ERR_LIMIT, "'" SLICE_FMT "' has over %d columns", SLICE_ARG(table),
                           SQLITE_CATALOG_COLUMNS_MAX);
        TRY(cx_copy(cx, db_col_text(rows, 0), &columns.names[at]));
        TRY(cx_copy(cx, db_col_text(rows, 1), &columns.types[at]));
        int64_t place = db_col_int(rows, 2);
        if (place <= 0 || place > SQLITE_CATALOG_COLUMNS_MAX) continue;
        columns.key[place - 1] = at;
        columns.key_count++;
    }
    *ret_columns = columns;
    return ERR_OK;
}

Err sqlite_catalog_scratch(Cx *cx, const char *folder, Db **ret_db)
{
    uint64_t tail[2];
    cx_random(cx, tail, sizeof tail);
    const char *path = cx_printf(cx, "%s/fapiao-scratch-%016llx%016llx", folder,
                                 (unsigned long long)tail[0], (unsigned long long)tail[1])
                           .data;
    AeadKey key;
    cx_random(cx, key.bytes, sizeof key.bytes);
    SqliteOptions options = {.path = path,
                             .page_key = &key,
                             .create = true,
                             .write = true,
                             .cache_kib = SCRATCH_CACHE_KIB,
                             .busy_ms = 1000};
    Db *db = NULL;
    Err err = sqlite_engine_open(cx, &options, &db);
    explicit_bzero(&key, sizeof key);
    // No WAL: it would be a second file that must be found again by its name.
    if (err == ERR_OK) err = db_script(cx, db, "PRAGMA journal_mode=MEMORY;PRAGMA synchronous=OFF");
    (void)unlink(path);
    (void)unlink(cx_printf(cx, "%s-wal", path).data);
    (void)unlink(cx_printf(cx, "%s-shm", path).data);
    if (err != ERR_OK) {
        db_close(db);
        return err;
    }
    *ret_db = db;
    return ERR_OK;
}
