#include "publish/head_swap.h"

#include "commit/commit_wait.h"
#include "publish/side_row.h"

static Err move_head(Cx *cx, Db *db, const HeadSwap *swap, uint64_t *ret_changed)
{
    if (swap->old_size == 0)
        return db_run(cx, db,
                      "INSERT INTO log_head (tenant, size, root) SELECT '', $1, $2 "
                      "WHERE NOT EXISTS (SELECT 1 FROM log_head WHERE tenant = '')",
                      DB_VALUES(db_int((int64_t)swap->size), db_blob(digest_slice(&swap->root))),
                      ret_changed);
    return db_run(cx, db,
                  "UPDATE log_head SET size = $1, root = $2 "
                  "WHERE tenant = '' AND size = $3 AND root = $4",
                  DB_VALUES(db_int((int64_t)swap->size), db_blob(digest_slice(&swap->root)),
                            db_int((int64_t)swap->old_size),
                            db_blob(digest_slice(&swap->old_root))),
                  ret_changed);
}

// A clock that was put back, or that of another node, makes no checkpoint older than what it
// covers.
static Err set_time(Cx *cx, Db *db, HeadSwap *swap)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT (SELECT time_ms FROM event WHERE sequence = $1), "
                 "(SELECT time_ms FROM checkpoint WHERE tenant = '' ORDER BY size DESC LIMIT 1)",
                 DB_VALUES(db_int((int64_t)swap->size)), &rows));
    TRY(db_next(cx, rows, &row));
    for (int i = 0; i < 2 && row; i++)
        if ((uint64_t)db_col_int(rows, i) > swap->time_ms)
            swap->time_ms = (uint64_t)db_col_int(rows, i);
    return ERR_OK;
}

static Err swap_work(Cx *cx, Db *db, void *self)
{
    HeadSwap *swap = self;
    uint64_t changed = 0;
    TRY(set_time(cx, db, swap));
    TRY(move_head(cx, db, swap, &changed));
    swap->forked = changed != 1;
    if (swap->forked) return err_set(cx, ERR_CONFLICT, "the head of the log is another one");
    const SideRowCheckpoint row = {.size = swap->size,
                                   .time_ms = swap->time_ms,
                                   .root = digest_slice(&swap->root),
                                   .note = swap->note};
    return side_row_checkpoint(cx, db, swap->log, &row);
}

Err head_swap(Cx *cx, Committer *committer, HeadSwap *swap)
{
    swap->forked = false;
    return commit_wait_work(cx, committer, swap_work, swap);
}
