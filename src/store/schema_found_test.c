#include "store/schema_found.h"

#include "base/test.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_engine.h"

static int64_t count_of(Cx *cx, Db *db, Slice sql)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query_text(cx, db, sql, NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    return db_col_int(rows, 0);
}

TEST("schema_found: a folder of before has the names that a new one has, of every tenant")
{
    static const AeadKey page_key = {"k"};
    SqliteOptions options = {.path = cx_printf(cx, "%s/old.db", test_folder()).data,
                             .page_key = &page_key,
                             .create = true,
                             .write = true,
                             .cache_kib = 512,
                             .busy_ms = 100};
    Db *db = NULL;
    EXPECT_OK(sqlite_engine_open(cx, &options, &db));
    EXPECT_OK(schema_apply(cx, db));
    // As the version before left it, with more names than are filled at once.
    Slice before = cx_printf(
        cx,
        "ALTER TABLE party DROP COLUMN found; UPDATE meta SET value = CAST('%zu' AS BLOB) WHERE "
        "name = 'schema'; INSERT INTO party WITH RECURSIVE n(x) AS (SELECT -1600 UNION ALL SELECT "
        "x + 1 FROM n WHERE x < 1600) SELECT CASE WHEN x %% 3 = 0 THEN 'a' ELSE 'b' END, x, "
        "'丙 公 司（Ａb） ' || x, 'T' FROM n",
        SCHEMA_PART_COUNT - 1);
    EXPECT_OK(db_script(cx, db, before.data));
    EXPECT_OK(schema_apply(cx, db));
    EXPECT(count_of(cx, db, SLICE("SELECT count(*) FROM party")) == 3201);
    EXPECT(count_of(cx, db, SLICE("SELECT count(*) FROM party WHERE found = '丙公司(ab)' || id")) ==
           3201);
    db_close(db);
}
