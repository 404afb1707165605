#include "flow/backlog.h"

typedef struct Backlog {
    Db *db;
    Jobs *jobs;
    Slice from;
    size_t room;
    Slice *tenants; // in the arena, at most `room`
    size_t tenant_count;
} Backlog;

// By one seek each: the index holds what has no outcome, by tenant.
static Err find_tenants(Cx *cx, Backlog *backlog)
{
    Slice tenant = SLICE("");
    for (;;) {
        AUTO_ROWS DbRows *rows = NULL;
        bool row = false;
        TRY(db_query(cx, backlog->db,
                     "SELECT tenant FROM document_state WHERE tenant > $1 AND done_ms IS NULL "
                     "AND document >= $2 ORDER BY tenant LIMIT 1",
                     DB_VALUES(db_text(tenant), db_blob(backlog->from)), &rows));
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        if (backlog->tenant_count == backlog->room) break;
        TRY(cx_copy(cx, db_col_text(rows, 0), &tenant));
        backlog->tenants[backlog->tenant_count++] = tenant;
    }
    // More of them than room: the others have their turn when these have less.
    jobs_left_out(backlog->jobs, (const uint8_t *)backlog->from.data);
    return ERR_OK;
}

static Err find_of(Cx *cx, const Backlog *backlog, Slice tenant, size_t share, size_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    *ret_count = 0;
    TRY(db_query(cx, backlog->db,
                 "SELECT document FROM document_state WHERE tenant = $1 AND document >= $2 "
                 "AND done_ms IS NULL ORDER BY document LIMIT $3",
                 DB_VALUES(db_text(tenant), db_blob(backlog->from), db_int((int64_t)share + 1)),
                 &rows));
    for (;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        if (db_col_blob(rows, 0).size != COMMIT_ID_SIZE) continue;
        const uint8_t *document = (const uint8_t *)db_col_blob(rows, 0).data;
        if (*ret_count == share) break;
        jobs_found(backlog->jobs, tenant, document);
        (*ret_count)++;
    }
    jobs_left_out(backlog->jobs, (const uint8_t *)db_col_blob(rows, 0).data);
    return ERR_OK;
}

static Err find_all(Cx *cx, Backlog *backlog)
{
    TRY(find_tenants(cx, backlog));
    for (size_t i = 0; i < backlog->tenant_count; i++) {
        // What one does not need is the next one's.
        size_t share = backlog->room / (backlog->tenant_count - i), count = 0;
        TRY(find_of(cx, backlog, backlog->tenants[i], share, &count));
        backlog->room -= count;
    }
    return ERR_OK;
}

Err backlog_find(Cx *cx, Store *store, Jobs *jobs, const uint8_t *from, size_t room)
{
    Backlog backlog = {.jobs = jobs, .from = {(const char *)from, COMMIT_ID_SIZE}, .room = room};
    backlog.tenants = arena_alloc(&cx->arena, room * sizeof *backlog.tenants);
    TRY(store_take(cx, store, &backlog.db));
    Err err = find_all(cx, &backlog);
    store_give(store, backlog.db);
    return err;
}
