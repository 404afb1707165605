#include "store/schema.h"

#include "base/cleanup.h"
#include "store/schema_found.h"

const char *const SCHEMA_PROJECTIONS[] = {
    "document_state", "document_day",   "party",    "invoice",        "invoice_day",
    "line",           "carrier",        "red_link", "document_entry", "document_container",
    "audit_entry",    "invoice_joined", NULL};
const char *const SCHEMA_FACTS[] = {"document",    "reading",    "identity",    "event",
                                    "content_key", "checkpoint", "cosignature", "refusal",
                                    "statement",   NULL};
static const char *const projections_parts[] = {
    "0002_projections",    "0007_zip",  "0008_indexes", "0009_verify", "0011_audit", "0016_find",
    "0018_digital_number", "0020_days", "0022_joined",  "0023_by_id",  "0024_found"};

// How many parts have been applied: -1 when there is not even a table that says so.
static Err applied(Cx *cx, Db *db, int64_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT 1 FROM sqlite_schema WHERE name = 'meta'", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    *ret_count = 0;
    if (!row) return ERR_OK;
    AUTO_ROWS DbRows *version = NULL;
    TRY(db_query(cx, db, "SELECT value FROM meta WHERE name = 'schema'", NULL, 0, &version));
    TRY(db_next(cx, version, &row));
    uint64_t count = 0;
    if (!row || !slice_u64(db_col_blob(version, 0), &count))
        return err_set(cx, ERR_CORRUPT, "the schema's version is missing");
    *ret_count = (int64_t)count;
    return ERR_OK;
}

static Err apply(Cx *cx, Db *db, size_t from)
{
    for (size_t i = from; i < SCHEMA_PART_COUNT; i++) {
        Err err = db_script(cx, db, SCHEMA_PARTS[i].sql);
        if (err == ERR_OK && strcmp(SCHEMA_PARTS[i].name, "0024_found") == 0)
            err = schema_found_fill(cx, db);
        if (err != ERR_OK) return err_wrap(cx, err, "schema %s", SCHEMA_PARTS[i].name);
    }
    Slice count = cx_printf(cx, "%zu", SCHEMA_PART_COUNT);
    TRY(db_run(cx, db,
               "INSERT INTO meta (name, value) VALUES ('schema', $1) "
               "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
               DB_VALUES(db_blob(count)), NULL));
    TRY(db_tune(cx, db)); // inside: a folder never has tables without it
    return db_commit(cx, db);
}

Err schema_apply(Cx *cx, Db *db)
{
    int64_t count = 0;
    TRY(applied(cx, db, &count));
    if (count > (int64_t)SCHEMA_PART_COUNT)
        return err_set(cx, ERR_CORRUPT, "a newer version of the program has written this folder");
    if (count == (int64_t)SCHEMA_PART_COUNT) return ERR_OK;
    TRY(db_begin(cx, db));
    Err err = apply(cx, db, (size_t)count);
    if (err != ERR_OK) db_rollback(db);
    return err;
}

Err schema_reset_projections(Cx *cx, Db *db)
{
    for (size_t i = 0; SCHEMA_PROJECTIONS[i] != NULL; i++) {
        Slice drop = cx_printf(cx, "DROP TABLE IF EXISTS %s", SCHEMA_PROJECTIONS[i]);
        TRY(db_script(cx, db, drop.data));
    }
    size_t found = 0, count = sizeof projections_parts / sizeof projections_parts[0];
    for (size_t i = 0; i < SCHEMA_PART_COUNT && found < count; i++) {
        if (strcmp(SCHEMA_PARTS[i].name, projections_parts[found]) != 0) continue;
        TRY(db_script(cx, db, SCHEMA_PARTS[i].sql));
        found++;
    }
    if (found < count) return err_set(cx, ERR_CORRUPT, "the schema has no part for projections");
    return db_tune(cx, db); // what it knew went with the tables
}
