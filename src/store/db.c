#include "store/db.h"

#include <assert.h>

#include "store/db_engine.h"

Err db_begin(Cx *cx, Db *db)
{
    return db->engine->begin(cx, db, true);
}

Err db_begin_read(Cx *cx, Db *db)
{
    return db->engine->begin(cx, db, false);
}

Err db_commit(Cx *cx, Db *db)
{
    Err err = db->engine->commit(cx, db);
    if (db->changes != NULL) changes_settle(db->changes);
    return err;
}

void db_rollback(Db *db)
{
    db->engine->rollback(db);
    if (db->changes != NULL) changes_settle(db->changes);
}

void db_touch(Db *db, Slice tenant, Slice about)
{
    if (db->changes != NULL) changes_touch(db->changes, changes_mark(tenant, about));
}

void db_touch_all(Db *db)
{
    if (db->changes != NULL) changes_touch_all(db->changes);
}

Err db_run(Cx *cx, Db *db, const char *sql, const DbValue *values, size_t count,
           uint64_t *ret_changed)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db->engine->query(cx, db, sql, values, count, &rows));
    for (bool row = true; row;)
        TRY(db->engine->next(cx, rows, &row));
    if (ret_changed != NULL) *ret_changed = db->engine->changed(db);
    return ERR_OK;
}

Err db_query(Cx *cx, Db *db, const char *sql, const DbValue *values, size_t count,
             DbRows **ret_rows)
{
    return db->engine->query(cx, db, sql, values, count, ret_rows);
}

Err db_query_text(Cx *cx, Db *db, Slice sql, const DbValue *values, size_t count, DbRows **ret_rows)
{
    return db->engine->query_text(cx, db, sql, values, count, ret_rows);
}

Err db_script(Cx *cx, Db *db, const char *sql)
{
    return db->engine->script(cx, db, sql);
}

Err db_tune(Cx *cx, Db *db)
{
    return db->engine->tune(cx, db);
}

bool db_broken(const Db *db)
{
    return db->engine->broken(db);
}

Err db_erasing(Cx *cx, Db *db)
{
    db->erasing = true;
    return db->engine->erasing(cx, db);
}

Err db_erased(Cx *cx, Db *db)
{
    TRY(db->engine->erased(cx, db));
    db->erasing = false;
    return ERR_OK;
}

bool db_wants_erased(const Db *db)
{
    return db->erasing;
}

void db_close(Db *db)
{
    if (db != NULL) db->engine->close(db);
}

Err db_next(Cx *cx, DbRows *rows, bool *ret_row)
{
    return rows->db->engine->next(cx, rows, ret_row);
}

int64_t db_col_int(const DbRows *rows, int column)
{
    DbValue value = rows->db->engine->col(rows, column);
    return value.type == DB_INT ? value.number : 0;
}

bool db_col_null(const DbRows *rows, int column)
{
    return rows->db->engine->col(rows, column).type == DB_NULL;
}

Slice db_col_text(const DbRows *rows, int column)
{
    DbValue value = rows->db->engine->col(rows, column);
    return value.type == DB_TEXT ? value.bytes : SLICE("");
}

Slice db_col_blob(const DbRows *rows, int column)
{
    DbValue value = rows->db->engine->col(rows, column);
    return value.type == DB_BLOB ? value.bytes : SLICE("");
}

void db_rows_close(DbRows *rows)
{
    if (rows != NULL) rows->db->engine->rows_close(rows);
}
