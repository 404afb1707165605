#include "desk/running/audit/audit_file.h"

#include <unistd.h>

#include "base/limits.h"
#include "ledger/checkpoint.h"
#include "store/disk.h"

#define WAITS   60
#define WAIT_US 50'000

static Err find_note(Cx *cx, Audit *audit, uint64_t size, Slice *ret_note)
{
    *ret_note = SLICE("");
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, audit->db, "SELECT note FROM checkpoint WHERE tenant = '' AND size = $1",
                 DB_VALUES(db_int((int64_t)size)), &rows));
    TRY(db_next(cx, rows, &row));
    return row ? cx_copy(cx, db_col_blob(rows, 0), ret_note) : ERR_OK;
}

static bool says(Cx *cx, Slice bytes, uint64_t *ret_size)
{
    Note *note = arena_try_alloc(&cx->arena, sizeof *note);
    Checkpoint checkpoint;
    if (note == NULL || note_parse(cx, bytes, note) != ERR_OK ||
        checkpoint_parse(cx, note->text, &checkpoint) != ERR_OK)
        return false;
    *ret_size = checkpoint.size;
    return true;
}

static void bad(Audit *audit, Slice why)
{
    audit_find_add(&audit->findings, AUDIT_CHECKPOINT_FILE, SLICE("ledger/checkpoint"), why);
}

// Replaced whole: what can't be read is no file that is being written.
static Err check_before(Cx *cx, Audit *audit, uint64_t *ret_size, bool *ret_good)
{
    Slice note, bytes = audit->checkpoint;
    *ret_good = slice_empty(bytes);
    *ret_size = 0;
    if (slice_empty(bytes)) return ERR_OK;
    if (!says(cx, bytes, ret_size)) {
        bad(audit, SLICE("it can't be read"));
        return ERR_OK;
    }
    TRY(find_note(cx, audit, *ret_size, &note));
    *ret_good = slice_equal(note, bytes);
    if (!*ret_good)
        bad(audit, cx_printf(cx, "the database has no such checkpoint of %llu events",
                             (unsigned long long)*ret_size));
    return ERR_OK;
}

Err audit_file_checkpoint(Cx *cx, Audit *audit, uint64_t newest)
{
    uint64_t size = 0;
    bool good = false;
    TRY(check_before(cx, audit, &size, &good));
    if (!good || size >= newest) return ERR_OK;
    const char *folder = disk_path(cx, audit->options->folder, "ledger");
    const char *path = disk_path(cx, folder, "checkpoint");
    Err err = ERR_OK;
    for (int i = 0; size < newest && i < WAITS; i++) {
        Cx own;
        Slice bytes;
        (void)usleep(WAIT_US);
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        err = disk_read(&own, path, LIMIT_NOTE_BYTES, &bytes);
        if (err != ERR_OK || !says(&own, bytes, &size)) size = 0;
        cx_done(&own);
    }
    if (size < newest)
        bad(audit, err == ERR_MISSING
                       ? SLICE("missing")
                       : cx_printf(cx, "it is of %llu events, the newest checkpoint of %llu",
                                   (unsigned long long)size, (unsigned long long)newest));
    return ERR_OK;
}
