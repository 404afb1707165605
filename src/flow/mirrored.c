#include "flow/mirrored.h"

#include "commit/commit_wait.h"

Err mirrored_is(Cx *cx, Store *store, bool *ret_is)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    TRY(store_take(cx, store, &db));
    Err err = db_query(cx, db, "SELECT 1 FROM meta WHERE name = $1",
                       DB_VALUES(db_text(SLICE(MIRRORED_MARK))), &rows);
    if (err == ERR_OK) err = db_next(cx, rows, ret_is);
    db_rows_close(rows);
    store_give(store, db);
    return err;
}

static Err forget(Cx *cx, Db *db, void *self)
{
    (void)self;
    return db_run(cx, db, "DELETE FROM meta WHERE name = $1",
                  DB_VALUES(db_text(SLICE(MIRRORED_MARK))), NULL);
}

Err mirrored_promote(Cx *cx, Committer *committer)
{
    return commit_wait_work(cx, committer, forget, NULL);
}
