#include "store/db.h"

#include "base/test.h"
#include "store/sqlite/sqlite_engine.h"

static Db *fresh(Cx *cx)
{
    static const AeadKey key = {"k"};
    static int count;
    SqliteOptions options = {.path = cx_printf(cx, "%s/%d.db", test_folder(), count++).data,
                             .page_key = &key,
                             .create = true,
                             .write = true,
                             .cache_kib = 512,
                             .busy_ms = 100};
    Db *db = NULL;
    EXPECT_OK(sqlite_engine_open(cx, &options, &db));
    EXPECT_OK(db_script(cx, db, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB) STRICT"));
    return db;
}

TEST("db: placeholders are numbers, in whatever order they stand")
{
    static const char *const inserts[] = {
        "INSERT INTO t (a, b, c) VALUES ($1, $2, $3)",
        "INSERT INTO t (c, b, a) VALUES ($3, $2, $1)",
        "INSERT INTO t (b, a, c) SELECT $2, $1, $3 WHERE $1 = $1 AND $4 = 4",
    };
    Db *db = fresh(cx);
    for (size_t i = 0; i < sizeof inserts / sizeof inserts[0]; i++) {
        uint64_t changed = 0;
        EXPECT_OK(db_run(
            cx, db, inserts[i],
            DB_VALUES(db_int((int64_t)i), db_text(SLICE("二")), db_blob(SLICE("\0x")), db_int(4)),
            &changed));
        EXPECT(changed == 1);
    }
    DbRows *rows = NULL;
    EXPECT_OK(
        db_query_text(cx, db, SLICE("SELECT a, b, c, NULL FROM t ORDER BY a"), NULL, 0, &rows));
    for (int64_t i = 0; i < 3; i++) {
        bool row = false;
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row && db_col_int(rows, 0) == i && !db_col_null(rows, 0) && db_col_null(rows, 3));
        EXPECT(slice_equal(db_col_text(rows, 1), SLICE("二")));
        EXPECT(slice_equal(db_col_blob(rows, 2), SLICE("\0x")));
    }
    bool row = true;
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(!row);
    db_rows_close(rows);
    db_rows_close(NULL);
    db_close(db);
}

TEST("db: a constraint is a conflict, bad SQL a store error, and a rollback undoes")
{
    Db *db = fresh(cx);
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(db_run(cx, db, "INSERT INTO t (a) VALUES (1)", NULL, 0, NULL));
    EXPECT(db_run(cx, db, "INSERT INTO t (a) VALUES (1)", NULL, 0, NULL) == ERR_CONFLICT);
    EXPECT(db_run(cx, db, "INSERT INTO nowhere (a) VALUES (1)", NULL, 0, NULL) == ERR_STORE);
    db_rollback(db);
    db_rollback(db);
    EXPECT_OK(db_begin_read(cx, db));
    DbRows *rows = NULL;
    bool row = true;
    EXPECT_OK(db_query(cx, db, "SELECT 1 FROM t", NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(!row && !db_broken(db));
    db_rows_close(rows);
    EXPECT_OK(db_commit(cx, db));
    db_close(db);
    db_close(NULL);
}
