// The check of the database file: pages and indexes hold together, nothing lies behind them, and
// the few bytes that no page's tag is over are what they always are.
#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "desk/running/audit/audit_check.h"
#include "store/disk.h"
#include "store/sqlite/sqlite_catalog.h"

#define LINES   100
#define PAGE    4096
#define OPEN_AT 16 // bytes of the header that are not sealed (sqlite.org/fileformat2.html, 1.3)

// Page size 4096, WAL, 64 bytes of each page for its tag, fractions as they are in every file.
static const char open_bytes[] = {0x10, 0x00, 0x02, 0x02, 0x40, 0x40, 0x20, 0x20};

static void bad(Cx *cx, Audit *audit, long long position, const char *why)
{
    audit_find_add(&audit->findings, AUDIT_DATABASE, cx_printf(cx, "fapiao.db@%lld", position),
                   slice_of(why));
}

static Err count_pages(Cx *cx, Audit *audit, int64_t *ret_pages)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    TRY(store_take(cx, audit->store, &db));
    Err err =
        db_query_text(cx, db, SLICE("SELECT page_count FROM pragma_page_count"), NULL, 0, &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &row);
    if (err == ERR_OK) *ret_pages = row ? db_col_int(rows, 0) : 0;
    db_rows_close(rows);
    store_give(audit->store, db);
    return err;
}

// The file never shrinks: what it was a moment ago is no more than the pages that there are now,
// those of a server beside us among them.
static Err check_file(Cx *cx, Audit *audit)
{
    struct stat info;
    Slice bytes;
    int64_t pages = 0;
    const char *path = disk_path(cx, audit->options->folder, "fapiao.db");
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) return err_set(cx, ERR_STORE, "cannot look at '%s'", path);
    // Without its first page everything lies in the log beside it still.
    if (info.st_size >= PAGE) {
        TRY(disk_read_at(cx, fd, OPEN_AT, sizeof open_bytes, &bytes));
        if (!slice_equal(bytes, (Slice){open_bytes, sizeof open_bytes}))
            bad(cx, audit, OPEN_AT, "the header's open bytes are not those of our files");
    }
    TRY(count_pages(cx, audit, &pages));
    if (info.st_size > pages * PAGE) bad(cx, audit, pages * PAGE, "bytes lie behind its last page");
    return ERR_OK;
}

Err audit_database(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    TRY(check_file(cx, audit));
    if (audit->options->quick || audit->options->no_content) return ERR_OK;
    Slice lines[LINES];
    size_t count = 0;
    TRY(sqlite_catalog_damage(cx, audit->db, lines, LINES, &count));
    for (size_t i = 0; i < count; i++)
        audit_find_add(&audit->findings, AUDIT_DATABASE, SLICE("fapiao.db"), lines[i]);
    *ret_things = 1;
    return ERR_OK;
}
