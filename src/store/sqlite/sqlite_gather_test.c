#include "store/sqlite/sqlite_gather.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "store/sqlite/sqlite_engine.h"

#define MODEL_BYTES ((size_t)512 * 1024)
#define PIECE_MAX   ((size_t)40 * 1024)
#define STEPS       20'000

// A file under the VFS that gathers, without encryption, as SQLite opens a database's log.
typedef struct Opened {
    const char *path;
    sqlite3_filename name;
    sqlite3_file *file;
} Opened;

static Opened open_log(Cx *cx, const char *name)
{
    EXPECT(sqlite_gather_vfs() != NULL);
    sqlite3_vfs *vfs = sqlite3_vfs_find("gather");
    EXPECT(vfs != NULL);
    Slice database = cx_printf(cx, "%s/%s.db", test_folder(), name);
    // A log has the mode of its database.
    AUTO_CLOSE int fd = open(database.data, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    EXPECT(fd >= 0);
    Slice log = cx_printf(cx, SLICE_FMT "-wal", SLICE_ARG(database));
    Opened opened = {.name = sqlite3_create_filename(database.data, "", log.data, 0, NULL),
                     .file = calloc(1, (size_t)vfs->szOsFile)}; // owned: by the test
    opened.path = sqlite3_filename_wal(opened.name);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
    EXPECT(opened.file != NULL);
    EXPECT(vfs->xOpen(vfs, opened.path, opened.file, flags, NULL) == SQLITE_OK);
    return opened;
}

static int close_log(Opened *opened)
{
    int code = opened->file->pMethods->xClose(opened->file);
    free(opened->file);
    sqlite3_free_filename(opened->name);
    return code;
}

static int64_t size_on_disk(const char *path)
{
    struct stat info;
    EXPECT(stat(path, &info) == 0);
    return info.st_size;
}

TEST("gather: pieces that follow each other wait for a sync, a read, a size or another place")
{
    Opened log = open_log(cx, "waits");
    const sqlite3_io_methods *call = log.file->pMethods;
    char head[24] = "head", page[4096] = "page", back[4096];
    sqlite3_int64 at = 0, size = 0;
    for (int i = 0; i < 8; i++) {
        EXPECT(call->xWrite(log.file, head, sizeof head, at) == SQLITE_OK);
        EXPECT(call->xWrite(log.file, page, sizeof page, at + 24) == SQLITE_OK);
        at += 24 + 4096;
    }
    EXPECT(size_on_disk(log.path) == 0);
    EXPECT(call->xSync(log.file, SQLITE_SYNC_NORMAL) == SQLITE_OK);
    EXPECT(size_on_disk(log.path) == at);
    EXPECT(call->xWrite(log.file, head, sizeof head, at) == SQLITE_OK);
    EXPECT(size_on_disk(log.path) == at);
    EXPECT(call->xFileSize(log.file, &size) == SQLITE_OK && size == at + 24);
    EXPECT(call->xWrite(log.file, page, sizeof page, at + 24) == SQLITE_OK);
    EXPECT(call->xRead(log.file, back, sizeof back, at + 24) == SQLITE_OK);
    EXPECT(memcmp(page, back, sizeof page) == 0);
    EXPECT(call->xWrite(log.file, head, sizeof head, at + 24 + 4096) == SQLITE_OK);
    EXPECT(call->xWrite(log.file, "x", 1, 0) == SQLITE_OK);
    EXPECT(size_on_disk(log.path) == at + 24 + 4096 + 24);
    EXPECT(close_log(&log) == SQLITE_OK);
}

// One step of the test below: the same to the file and to the model of it.
static void step(Opened *log, unsigned *seed, char *model, size_t *size, char *piece)
{
    const sqlite3_io_methods *call = log->file->pMethods;
    static sqlite3_int64 end;
    int kind = rand_r(seed) % 20;
    size_t amount = kind < 12 ? (size_t)(rand_r(seed) % 5000) : (size_t)rand_r(seed) % PIECE_MAX;
    size_t at = kind < 16 ? (size_t)end : (size_t)rand_r(seed) % (*size + 1);
    if (kind == 0) EXPECT(call->xSync(log->file, SQLITE_SYNC_NORMAL) == SQLITE_OK);
    if (kind == 1) {
        *size = (size_t)rand_r(seed) % (*size + 1);
        EXPECT(call->xTruncate(log->file, (sqlite3_int64)*size) == SQLITE_OK);
        end = (sqlite3_int64)*size;
        return;
    }
    if (kind == 2 || at > *size || at + amount > MODEL_BYTES) {
        size_t from = (size_t)rand_r(seed) % (*size + 1), many = *size - from;
        if (many > PIECE_MAX) many = PIECE_MAX;
        EXPECT(call->xRead(log->file, piece, (int)many, (sqlite3_int64)from) == SQLITE_OK);
        EXPECT(memcmp(piece, model + from, many) == 0);
        end = (sqlite3_int64)((size_t)rand_r(seed) % (*size + 1));
        return;
    }
    for (size_t i = 0; i < amount; i++)
        piece[i] = (char)rand_r(seed);
    EXPECT(call->xWrite(log->file, piece, (int)amount, (sqlite3_int64)at) == SQLITE_OK);
    memcpy(model + at, piece, amount);
    end = (sqlite3_int64)at + (sqlite3_int64)amount;
    if (at + amount > *size) *size = at + amount;
}

TEST("gather: whatever is written, read and cut in any order, the file is what it would be")
{
    unsigned seed = 20261122;
    printf("seed %u\n", seed);
    char *model = arena_alloc(&cx->arena, MODEL_BYTES), *piece = arena_alloc(&cx->arena, PIECE_MAX);
    size_t size = 0;
    Opened log = open_log(cx, "random");
    for (int i = 0; i < STEPS; i++)
        step(&log, &seed, model, &size, piece);
    Slice path = cx_printf(cx, "%s", log.path);
    EXPECT(close_log(&log) == SQLITE_OK);
    EXPECT(size_on_disk(path.data) == (int64_t)size);
    char *there = arena_alloc(&cx->arena, MODEL_BYTES);
    AUTO_CLOSE int fd = open(path.data, O_RDONLY | O_CLOEXEC);
    EXPECT(read(fd, there, MODEL_BYTES) == (ssize_t)size);
    EXPECT(memcmp(there, model, size) == 0);
}

TEST("gather: a write that fails is said by the sync, and what follows can be written again")
{
    Opened log = open_log(cx, "full");
    const sqlite3_io_methods *call = log.file->pMethods;
    struct rlimit usual, small;
    EXPECT(getrlimit(RLIMIT_FSIZE, &usual) == 0);
    small = usual;
    small.rlim_cur = 4096;
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    char page[4096] = "page";
    EXPECT(setrlimit(RLIMIT_FSIZE, &small) == 0);
    int first = call->xWrite(log.file, page, sizeof page, 0);
    int second = call->xWrite(log.file, page, sizeof page, 4096);
    int synced = call->xSync(log.file, SQLITE_SYNC_NORMAL);
    EXPECT(setrlimit(RLIMIT_FSIZE, &usual) == 0);
    (void)signal(SIGXFSZ, before);
    EXPECT(first == SQLITE_OK && second == SQLITE_OK && synced != SQLITE_OK);
    EXPECT(call->xSync(log.file, SQLITE_SYNC_NORMAL) == SQLITE_OK);
    EXPECT(call->xWrite(log.file, page, sizeof page, 0) == SQLITE_OK);
    EXPECT(call->xWrite(log.file, page, sizeof page, 4096) == SQLITE_OK);
    EXPECT(call->xSync(log.file, SQLITE_SYNC_NORMAL) == SQLITE_OK);
    EXPECT(size_on_disk(log.path) == 8192);
    EXPECT(close_log(&log) == SQLITE_OK);
}

static int64_t rows_of(Cx *cx, Db *db)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query(cx, db, "SELECT COUNT(*) FROM t WHERE length(v) = 3000", NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    return db_col_int(rows, 0);
}

// The library's own call, but for one file.
static int bad_fd = -1;
int fdatasync(int fd)
{
    if (fd >= 0 && fd == bad_fd) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

// The descriptor of a file that this process has open.
static int fd_of(const char *path)
{
    struct stat wanted, info;
    EXPECT(stat(path, &wanted) == 0);
    for (int fd = 3; fd < 1024; fd++)
        if (fstat(fd, &info) == 0 && info.st_ino == wanted.st_ino && info.st_dev == wanted.st_dev)
            return fd;
    return -1;
}

TEST("gather: after a sync that failed none is believed, and whoever asks is told")
{
    Opened log = open_log(cx, "unsynced");
    const sqlite3_io_methods *call = log.file->pMethods;
    static const char page[4096] = "page";
    bool failed = true;
    EXPECT(call->xWrite(log.file, page, sizeof page, 0) == SQLITE_OK);
    EXPECT(call->xSync(log.file, SQLITE_SYNC_NORMAL) == SQLITE_OK);
    EXPECT(call->xFileControl(log.file, SQLITE_GATHER_FAILED, &failed) == SQLITE_OK && !failed);
    bad_fd = fd_of(log.path);
    EXPECT(bad_fd >= 0 && call->xSync(log.file, SQLITE_SYNC_NORMAL) == SQLITE_IOERR_FSYNC);
    bad_fd = -1;
    EXPECT(call->xWrite(log.file, page, sizeof page, 4096) == SQLITE_OK);
    EXPECT(call->xSync(log.file, SQLITE_SYNC_NORMAL) == SQLITE_IOERR_FSYNC);
    EXPECT(call->xFileControl(log.file, SQLITE_GATHER_FAILED, &failed) == SQLITE_OK && failed);
    EXPECT(close_log(&log) == SQLITE_OK);
}

TEST("gather: a checkpoint behind a COMMIT that can't be synced is the last, and the log stays")
{
    static const AeadKey key = {"0123456789abcdef0123456789abcde"};
    const char *path = cx_printf(cx, "%s/sticky.db", test_folder()).data;
    SqliteOptions options = {.path = path,
                             .page_key = &key,
                             .create = true,
                             .write = true,
                             .cache_kib = 512,
                             .busy_ms = 100};
    Db *db = NULL;
    EXPECT_OK(sqlite_engine_open(cx, &options, &db));
    EXPECT_OK(db_script(cx, db, "CREATE TABLE t (v BLOB) STRICT; PRAGMA wal_autocheckpoint=1"));
    int fd = fd_of(path);
    EXPECT(fd >= 0);
    for (int i = 0; i < 3; i++) {
        EXPECT(db_broken(db) == (i > 0));
        EXPECT_OK(db_begin(cx, db));
        EXPECT_OK(db_run(cx, db, "INSERT INTO t VALUES (randomblob(3000))", NULL, 0, NULL));
        bad_fd = i == 0 ? fd : -1;
        EXPECT_OK(db_commit(cx, db));
    }
    EXPECT(size_on_disk(cx_printf(cx, "%s-wal", path).data) > 3 * 4096);
    db_close(db);
    EXPECT_OK(sqlite_engine_open(cx, &options, &db));
    EXPECT(rows_of(cx, db) == 3);
    db_close(db);
}

TEST("gather: a checkpoint of many pages reaches the database's file, and another reads them there")
{
    static const AeadKey key = {"0123456789abcdef0123456789abcde"};
    const char *path = cx_printf(cx, "%s/checkpoint.db", test_folder()).data;
    SqliteOptions options = {.path = path,
                             .page_key = &key,
                             .create = true,
                             .write = true,
                             .cache_kib = 512,
                             .busy_ms = 100};
    Db *db = NULL, *other = NULL;
    bool row = false;
    DbRows *rows = NULL;
    EXPECT_OK(sqlite_engine_open(cx, &options, &db));
    EXPECT_OK(db_script(cx, db,
                        "CREATE TABLE t (v BLOB) STRICT; WITH RECURSIVE n (i) AS (SELECT 1 UNION "
                        "ALL SELECT i + 1 FROM n WHERE i < 2000) "
                        "INSERT INTO t SELECT randomblob(3000) FROM n"));
    EXPECT_OK(db_query(cx, db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row && db_col_int(rows, 0) == 0);
    db_rows_close(rows);
    EXPECT(size_on_disk(path) > 2000 * 4096);
    EXPECT(size_on_disk(cx_printf(cx, "%s-wal", path).data) == 0);
    options.write = options.create = false;
    EXPECT_OK(sqlite_engine_open(cx, &options, &other));
    EXPECT_OK(db_query(cx, other, "SELECT COUNT(*), SUM(length(v)) FROM t", NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(db_col_int(rows, 0) == 2000 && db_col_int(rows, 1) == 2000 * 3000);
    db_rows_close(rows);
    db_close(other);
    db_close(db);
}

TEST("gather: pages of a checkpoint that a reader cut short lie in the database for all others")
{
    static const AeadKey key = {"0123456789abcdef0123456789abcde"};
    SqliteOptions options = {.path = cx_printf(cx, "%s/short.db", test_folder()).data,
                             .page_key = &key,
                             .create = true,
                             .write = true,
                             .cache_kib = 512,
                             .busy_ms = 100};
    SqliteOptions reads = options;
    reads.write = reads.create = false;
    Db *db = NULL, *early = NULL, *late = NULL;
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(sqlite_engine_open(cx, &options, &db));
    EXPECT_OK(db_script(cx, db, "CREATE TABLE t (v BLOB) STRICT"));
    for (int i = 0; i < 5; i++)
        EXPECT_OK(db_script(cx, db, "INSERT INTO t VALUES (randomblob(3000))"));
    EXPECT_OK(sqlite_engine_open(cx, &reads, &early));
    EXPECT_OK(db_begin_read(cx, early));
    EXPECT(rows_of(cx, early) == 5);
    EXPECT_OK(db_script(cx, db, "INSERT INTO t VALUES (randomblob(3000))"));
    EXPECT_OK(db_query(cx, db, "PRAGMA wal_checkpoint(PASSIVE)", NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row && db_col_int(rows, 2) > 0 && db_col_int(rows, 2) < db_col_int(rows, 1));
    db_rows_close(rows);
    EXPECT_OK(sqlite_engine_open(cx, &reads, &late));
    EXPECT(rows_of(cx, late) == 6);
    db_close(late);
    db_rollback(early);
    db_close(early);
    db_close(db);
}
