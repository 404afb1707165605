#include "store/schema_found.h"

#include <stdio.h>

#include "base/limits.h"
#include "model/draft_canon.h"

#define AT_ONCE 1000
#define TOLD    100'000

typedef struct Named {
    Slice tenant, name;
    int64_t id;
} Named;

static Err read_some(Cx *cx, Db *db, const Named *after, Named *ret_named, size_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT tenant, id, name FROM party WHERE (tenant, id) > ($1, $2) "
                 "ORDER BY tenant, id LIMIT $3",
                 DB_VALUES(db_text(after->tenant), db_int(after->id), db_int(AT_ONCE)), &rows));
    for (size_t count = 0;; count++) {
        bool row = false;
        TRY(db_next(cx, rows, &row));
        *ret_count = count;
        if (!row) return ERR_OK;
        ret_named[count].id = db_col_int(rows, 1);
        TRY(cx_copy(cx, db_col_text(rows, 0), &ret_named[count].tenant));
        TRY(cx_copy(cx, db_col_text(rows, 2), &ret_named[count].name));
    }
}

// *last, whose tenant lies in `keep`, is where the next go on from.
static Err fill_some(Cx *cx, Cx *keep, Db *db, Named *last, size_t *ret_count)
{
    Named *named = arena_alloc(&cx->arena, AT_ONCE * sizeof *named);
    TRY(read_some(cx, db, last, named, ret_count));
    for (size_t i = 0; i < *ret_count; i++) {
        Slice found;
        TRY(draft_canon_found(cx, named[i].name, &found));
        TRY(db_run(cx, db, "UPDATE party SET found = $3 WHERE tenant = $1 AND id = $2",
                   DB_VALUES(db_text(named[i].tenant), db_int(named[i].id), db_text(found)), NULL));
        last->id = named[i].id;
        if (!slice_equal(named[i].tenant, last->tenant))
            TRY(cx_copy(keep, named[i].tenant, &last->tenant));
    }
    return ERR_OK;
}

Err schema_found_fill(Cx *cx, Db *db)
{
    Named last = {.tenant = SLICE(""), .id = INT64_MIN};
    for (size_t count = AT_ONCE, done = 0; count == AT_ONCE; done += count) {
        Cx some;
        cx_init(&some, cx->world, LIMIT_REQUEST_ARENA);
        Err err = fill_some(&some, cx, db, &last, &count);
        if (err != ERR_OK) (void)err_set(cx, err, SLICE_FMT, SLICE_ARG(err_text(&some)));
        cx_done(&some);
        if (err != ERR_OK) return err;
        if (done > 0 && done % TOLD == 0)
            (void)fprintf(stderr,
                          "fapiao: 正在升级数据目录，已整理名称 upgrading the data folder, names "
                          "done: %zu\n",
                          done);
    }
    return ERR_OK;
}
