#include "store/sqlite/sqlite_copy.h"

#include <sys/stat.h>

#include "base/test.h"
#include "store/disk.h"
#include "store/sqlite/foreign_fixture.h"
#include "store/sqlite/sqlite_engine.h"

static const AeadKey key = {"0123456789abcdef0123456789abcde"};
static const AeadKey fresh = {"the key of the copy, 32 bytes ."};

static Db *open_at(Cx *cx, const char *path, const AeadKey *page_key, bool write)
{
    const SqliteOptions options = {.path = path,
                                   .page_key = page_key,
                                   .create = write,
                                   .write = write,
                                   .cache_kib = 512,
                                   .busy_ms = 50};
    Db *db = NULL;
    EXPECT_OK(sqlite_engine_open(cx, &options, &db));
    return db;
}

static Db *make(Cx *cx, const char *path)
{
    Db *db = open_at(cx, path, &key, true);
    EXPECT_OK(db_script(cx, db,
                        "CREATE TABLE log_head (size INTEGER, root BLOB) STRICT;"
                        "INSERT INTO log_head VALUES (7, x'aa');"
                        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT;"
                        "CREATE INDEX t_v ON t (v);"
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<5000)"
                        "INSERT INTO t SELECT i, 'a word in the clear ' || i FROM n"));
    return db;
}

TEST("sqlite copy: the same rows under the other key, private, and nothing in the clear")
{
    const char *path = disk_path(cx, test_folder(), "a.db");
    const char *to = disk_path(cx, test_folder(), "a.copy");
    Db *db = make(cx, path);
    const SqliteCopy copy = {.to = to, .from_key = &key, .to_key = &fresh};
    EXPECT_OK(sqlite_copy(cx, db, &copy));
    db_close(db);
    struct stat info;
    EXPECT(stat(to, &info) == 0 && (info.st_mode & 0777) == 0600);
    Slice bytes;
    EXPECT_OK(disk_read(cx, to, (size_t)16 << 20, &bytes));
    EXPECT(slice_find(bytes, SLICE("SQLite format")) == SLICE_NONE);
    EXPECT(slice_find(bytes, SLICE("in the clear")) == SLICE_NONE);

    EXPECT(!foreign_run(cx, to, &key, "SELECT count(*) FROM t"));
    EXPECT(foreign_run(cx, to, &fresh, "SELECT 1 / (count(*) = 5000 AND max(id) = 5000) FROM t"));
    Db *second = open_at(cx, to, &fresh, true); // and it can be written in, as any other
    EXPECT_OK(db_run(cx, second, "INSERT INTO t VALUES (5001, 'x')", NULL, 0, NULL));
    db_close(second);
    EXPECT(sqlite_copy(cx, db = open_at(cx, path, &key, true), &copy) == ERR_CONFLICT);
    db_close(db);
}

TEST("sqlite copy: not while somebody reads; what was free is not in the copy")
{
    const char *path = disk_path(cx, test_folder(), "b.db");
    const char *to = disk_path(cx, test_folder(), "b.copy");
    Db *db = make(cx, path);
    EXPECT_OK(db_run(cx, db, "DELETE FROM t WHERE id > 100", NULL, 0, NULL));
    Db *reader = open_at(cx, path, &key, false);
    const SqliteCopy copy = {.to = to, .from_key = &key, .to_key = &fresh};
    EXPECT_OK(db_begin_read(cx, reader));
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query(cx, reader, "SELECT v FROM t", NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(sqlite_copy(cx, db, &copy) == ERR_CONFLICT);
    db_rows_close(rows);
    rows = NULL;
    db_close(reader);
    db_close(db);
    db = open_at(cx, path, &key, true);
    EXPECT_OK(sqlite_copy(cx, db, &copy));
    db_close(db);
    struct stat before, after;
    EXPECT(stat(path, &before) == 0 && stat(to, &after) == 0);
    EXPECT(after.st_size < before.st_size / 2);
}
