#include "base/limits.h"
#include "base/text.h"
#include "publish/log.h"

#define LOOK 4096 // cosignatures that are looked through for a well-witnessed checkpoint

// The newest of each name: a witness may have signed one size several times. Mirrors sign, too, but
// who keeps them may be who keeps the log: they are not counted.
static Err add_cosignatures(Cx *cx, Db *db, LogHead *head)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT c.name, c.line, (SELECT COUNT(*) FROM watcher w WHERE w.tenant = '' "
                 "AND w.name = c.name AND w.kind = 'mirror') FROM cosignature c "
                 "WHERE c.tenant = '' AND c.size = $1 ORDER BY c.name, c.seconds DESC",
                 DB_VALUES(db_int((int64_t)head->size)), &rows));
    Text note = text_open(cx, LIMIT_NOTE_BYTES);
    text_add(&note, head->note);
    Slice last = SLICE("");
    for (size_t lines = 0; lines < NOTE_SIGNATURES_MAX - LOG_KEYS;) {
        bool row = false;
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        if (lines > 0 && slice_equal(last, db_col_text(rows, 0))) continue;
        TRY(cx_copy(cx, db_col_text(rows, 0), &last));
        text_add(&note, db_col_blob(rows, 1));
        head->witnesses += db_col_int(rows, 2) == 0;
        lines++;
    }
    return text_done(cx, &note, &head->note);
}

static Err take_head(Cx *cx, Db *db, DbRows *rows, LogHead *ret_head)
{
    bool row = false;
    *ret_head = (LogHead){.root = tree_empty()};
    TRY(db_next(cx, rows, &row));
    if (!row) return ERR_OK;
    if (db_col_blob(rows, 1).size != DIGEST_SIZE)
        return err_set(cx, ERR_CORRUPT, "a checkpoint's root is damaged");
    ret_head->size = (uint64_t)db_col_int(rows, 0);
    memcpy(ret_head->root.bytes, db_col_blob(rows, 1).data, DIGEST_SIZE);
    TRY(cx_copy(cx, db_col_blob(rows, 2), &ret_head->note));
    ret_head->time_ms = (uint64_t)db_col_int(rows, 3);
    return add_cosignatures(cx, db, ret_head);
}

Err log_head(Cx *cx, Log *log, Db *db, LogHead *ret_head)
{
    (void)log;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT size, root, note, time_ms FROM checkpoint WHERE tenant = '' "
                 "ORDER BY size DESC LIMIT 1",
                 NULL, 0, &rows));
    return take_head(cx, db, rows, ret_head);
}

// A size over `index` with that many names under it; 0 when none is found. Looked for among the
// newest cosignatures, then among the first ones over the leaf: when witnesses have been away for
// long, what they signed at its time still stands.
static Err find_witnessed(Cx *cx, Db *db, uint64_t index, size_t witnesses, uint64_t *ret_size)
{
#define OF_WITNESSES                                                                               \
    "SELECT size FROM (SELECT size, name FROM cosignature WHERE tenant = '' AND size > $1 "        \
    "AND name NOT IN (SELECT name FROM watcher WHERE tenant = '' AND kind = 'mirror') "
    static const char *const looks[] = {
        OF_WITNESSES "ORDER BY size DESC LIMIT $3) GROUP BY size "
                     "HAVING COUNT(DISTINCT name) >= $2 ORDER BY size DESC LIMIT 1",
        OF_WITNESSES "ORDER BY size LIMIT $3) GROUP BY size "
                     "HAVING COUNT(DISTINCT name) >= $2 ORDER BY size DESC LIMIT 1",
    };
    *ret_size = 0;
    for (size_t i = 0; i < sizeof looks / sizeof looks[0] && *ret_size == 0; i++) {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        TRY(db_query(cx, db, looks[i],
                     DB_VALUES(db_int((int64_t)index), db_int((int64_t)witnesses), db_int(LOOK)),
                     &rows));
        TRY(db_next(cx, rows, &row));
        if (row) *ret_size = (uint64_t)db_col_int(rows, 0);
    }
    return ERR_OK;
}

Err log_head_over(Cx *cx, Log *log, Db *db, uint64_t index, size_t witnesses, LogHead *ret_head)
{
    uint64_t size = 0;
    if (witnesses > 0) TRY(find_witnessed(cx, db, index, witnesses, &size));
    if (size > 0) {
        AUTO_ROWS DbRows *rows = NULL;
        TRY(db_query(cx, db,
                     "SELECT size, root, note, time_ms FROM checkpoint "
                     "WHERE tenant = '' AND size = $1",
                     DB_VALUES(db_int((int64_t)size)), &rows));
        TRY(take_head(cx, db, rows, ret_head));
    } else {
        TRY(log_head(cx, log, db, ret_head));
    }
    if (ret_head->size > index) return ERR_OK;
    return err_set(cx, ERR_MISSING, "no checkpoint covers leaf %llu yet",
                   (unsigned long long)index);
}
