#include "store/sqlite/sqlite_copy.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "store/disk.h"
#include "store/sqlite/sqlite_engine.h"

#define CACHE_KIB 16'384
#define BUSY_MS   10'000

// The first column of the first row; "" when there is none.
static Err ask(Cx *cx, Db *db, const char *sql, Slice *ret_text)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    return cx_copy(cx, row ? db_col_text(rows, 0) : SLICE(""), ret_text);
}

// Nobody else has it open now, nor will until we close it. The WAL is empty and gone.
static Err take_alone(Cx *cx, Db *db)
{
    Slice mode;
    TRY(ask(cx, db, "PRAGMA wal_checkpoint(TRUNCATE)", &mode));
    Err err = ask(cx, db, "PRAGMA locking_mode=EXCLUSIVE", &mode);
    if (err == ERR_OK) err = ask(cx, db, "PRAGMA journal_mode=DELETE", &mode);
    if (err == ERR_OK && slice_equal(mode, SLICE("delete")))
        err = db_script(cx, db, "BEGIN EXCLUSIVE; COMMIT");
    else if (err == ERR_OK || err == ERR_STORE)
        return err_set(cx, ERR_CONFLICT, "somebody else is reading the database; stop it first");
    return err;
}

// A file that nobody knows of yet: it needs no journal.
static Err give_key(Cx *cx, const SqliteCopy *copy)
{
    const SqliteOptions options = {.path = copy->to,
                                   .page_key = copy->from_key,
                                   .scratch = true,
                                   .cache_kib = CACHE_KIB,
                                   .busy_ms = BUSY_MS};
    Db *db = NULL;
    TRY(sqlite_engine_open(cx, &options, &db));
    Err err = sqlite_engine_rekey(cx, db, copy->to_key);
    db_close(db);
    TRY(err);
    // Opened once as it will be from now on: its header says that it has a write-ahead log.
    const SqliteOptions usual = {.path = copy->to,
                                 .page_key = copy->to_key,
                                 .write = true,
                                 .cache_kib = CACHE_KIB,
                                 .busy_ms = BUSY_MS};
    TRY(sqlite_engine_open(cx, &usual, &db));
    db_close(db);
    AUTO_CLOSE int fd = open(copy->to, O_RDWR | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return err_set(cx, ERR_STORE, "cannot sync '%s': %s", copy->to, strerror(errno));
    return ERR_OK;
}

static Err same_rows(Cx *cx, Db *from, Db *to, Slice table)
{
    Slice before, after;
    const char *sql =
        cx_printf(cx, "SELECT CAST(COUNT(*) AS TEXT) FROM \"" SLICE_FMT "\"", SLICE_ARG(table))
            .data;
    TRY(ask(cx, from, sql, &before));
    TRY(ask(cx, to, sql, &after));
    if (slice_equal(before, after)) return ERR_OK;
    return err_set(cx, ERR_CORRUPT,
                   "the copy has " SLICE_FMT " rows in " SLICE_FMT ", not " SLICE_FMT,
                   SLICE_ARG(after), SLICE_ARG(table), SLICE_ARG(before));
}

static Err same_tables(Cx *cx, Db *from, Db *to)
{
    static const char *const alike[] = {
        "SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), ';') FROM "
        "(SELECT * FROM sqlite_schema ORDER BY type, name)",
        "SELECT group_concat(size || ' ' || hex(root), ';') FROM log_head",
    };
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++) {
        Slice before, after;
        TRY(ask(cx, from, alike[i], &before));
        TRY(ask(cx, to, alike[i], &after));
        if (!slice_equal(before, after))
            return err_set(cx, ERR_CORRUPT, "the copy is not the same: %s", alike[i]);
    }
    AUTO_ROWS DbRows *tables = NULL;
    bool row = false;
    TRY(db_query(cx, from, "SELECT name FROM sqlite_schema WHERE type = 'table'", NULL, 0,
                 &tables));
    TRY(db_next(cx, tables, &row));
    while (row) {
        TRY(same_rows(cx, from, to, db_col_text(tables, 0)));
        TRY(db_next(cx, tables, &row));
    }
    return ERR_OK;
}

static Err check(Cx *cx, Db *from, const SqliteCopy *copy)
{
    const SqliteOptions options = {
        .path = copy->to, .page_key = copy->to_key, .cache_kib = CACHE_KIB, .busy_ms = BUSY_MS};
    Db *to = NULL;
    TRY(sqlite_engine_open(cx, &options, &to));
    Slice answer;
    Err err = ask(cx, to, "PRAGMA integrity_check", &answer);
    if (err == ERR_OK && !slice_equal(answer, SLICE("ok")))
        err = err_set(cx, ERR_CORRUPT, "the copy is damaged: " SLICE_FMT, SLICE_ARG(answer));
    if (err == ERR_OK) err = same_tables(cx, from, to);
    db_close(to);
    return err;
}

Err sqlite_copy(Cx *cx, Db *db, const SqliteCopy *copy)
{
    TRY(take_alone(cx, db));
    TRY(disk_write_new(cx, copy->to, SLICE(""))); // 0600: the library would go by the umask
    TRY(db_run(cx, db, "VACUUM INTO $1", DB_VALUES(db_text(slice_of(copy->to))), NULL));
    TRY(give_key(cx, copy));
    return check(cx, db, copy);
}
