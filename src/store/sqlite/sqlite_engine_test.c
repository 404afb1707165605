#include "store/sqlite/sqlite_engine.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/test.h"

static const AeadKey key = {"0123456789abcdef0123456789abcde"};

static Err open_at(Cx *cx, const char *path, const AeadKey *page_key, bool write, Db **ret_db)
{
    SqliteOptions options = {.path = path,
                             .page_key = page_key,
                             .create = write,
                             .write = write,
                             .cache_kib = 512,
                             .busy_ms = 100};
    return sqlite_engine_open(cx, &options, ret_db);
}

TEST("sqlite engine: every page is encrypted, and another key is refused")
{
    const char *path = cx_printf(cx, "%s/a.db", test_folder()).data;
    Db *db = NULL;
    EXPECT_OK(open_at(cx, path, &key, true, &db));
    EXPECT_OK(db_script(cx, db, "CREATE TABLE t (v TEXT) STRICT"));
    EXPECT_OK(db_run(cx, db, "INSERT INTO t (v) VALUES ($1)",
                     DB_VALUES(db_text(SLICE("a word in the clear"))), NULL));
    db_close(db);

    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    char bytes[65536];
    ssize_t size = read(fd, bytes, sizeof bytes);
    EXPECT(size > 4096);
    Slice all = {bytes, (size_t)size};
    EXPECT(slice_find(all, SLICE("SQLite format")) == SLICE_NONE);
    EXPECT(slice_find(all, SLICE("a word in the clear")) == SLICE_NONE);
    EXPECT(slice_find(all, SLICE("CREATE TABLE")) == SLICE_NONE);

    AeadKey other = key;
    other.bytes[31] ^= 1;
    EXPECT(open_at(cx, path, &other, true, &db) == ERR_CORRUPT);
    EXPECT_OK(open_at(cx, path, &key, false, &db));
    EXPECT(db_run(cx, db, "INSERT INTO t (v) VALUES ('x')", NULL, 0, NULL) != ERR_OK);
    db_close(db);
}

TEST("sqlite engine: WAL, full sync, no mapping, foreign keys")
{
    Db *db = NULL;
    EXPECT_OK(open_at(cx, cx_printf(cx, "%s/b.db", test_folder()).data, &key, true, &db));
    static const struct {
        const char *sql;
        Slice text;
        int64_t number;
    } cases[] = {
        {"PRAGMA journal_mode", {"wal", 3}, 0},    {"PRAGMA synchronous", {"", 0}, 2},
        {"PRAGMA foreign_keys", {"", 0}, 1},       {"PRAGMA cell_size_check", {"", 0}, 1},
        {"PRAGMA trusted_schema", {"", 0}, 0},     {"PRAGMA temp_store", {"", 0}, 2},
        {"PRAGMA recursive_triggers", {"", 0}, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        EXPECT_OK(db_query(cx, db, cases[i].sql, NULL, 0, &rows));
        EXPECT_OK(db_next(cx, rows, &row));
        EXPECT(row && slice_equal(db_col_text(rows, 0), cases[i].text));
        EXPECT(db_col_int(rows, 0) == cases[i].number);
    }
    db_close(db);
}
