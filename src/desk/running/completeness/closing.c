#include "desk/running/completeness/closing.h"

#include <time.h>

#include "base/date.h"
#include "base/limits.h"
#include "commit/commit_wait.h"
#include "desk/running/completeness/completeness.h"
#include "desk/running/completeness/statement.h"
#include "publish/side_row.h"

// The day after the newest statement; without one, the first on which anything came. 0 = nothing
// ever came.
static Err first_due(Cx *cx, Db *db, Slice tenant, int32_t *ret_days)
{
    *ret_days = 0;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT (SELECT MAX(day) FROM statement WHERE tenant = $1), "
                 "(SELECT MIN(time_ms) FROM refusal WHERE tenant = $1)",
                 DB_VALUES(db_text(tenant)), &rows));
    bool row = false;
    Date date;
    TRY(db_next(cx, rows, &row));
    if (row && !db_col_null(rows, 0)) {
        TRY(date_parse(cx, db_col_text(rows, 0), &date));
        *ret_days = date_days(date) + 1;
        return ERR_OK;
    }
    Slice came;
    TRY(completeness_first(cx, db, tenant, &came));
    if (!slice_empty(came)) {
        TRY(date_parse(cx, came, &date));
        *ret_days = date_days(date);
    }
    if (row && !db_col_null(rows, 1)) {
        int32_t refused = date_days_in_china((uint64_t)db_col_int(rows, 1));
        if (*ret_days == 0 || refused < *ret_days) *ret_days = refused;
    }
    return ERR_OK;
}

static Err check_sum(Cx *cx, const EquationDay *day)
{
    const EquationCount *all = &day->all;
    int64_t outcomes = all->accepted + all->duplicate + all->conflict + all->quarantined +
                       all->rejected + all->in_progress;
    if (outcomes == equation_received(all)) return ERR_OK;
    return err_set(cx, ERR_CORRUPT, "on %s %lld documents came and %lld have an outcome", day->day,
                   (long long)equation_received(all), (long long)outcomes);
}

static Err sign(Cx *cx, Log *log, Slice text, Slice *ret_note)
{
    Slice lines[LOG_KEYS];
    for (size_t i = 0; i < LOG_KEYS; i++)
        TRY(note_sign(cx, &log_keys(log)[i], log_signers(log)[i], text, 0, &lines[i]));
    return note_print(cx, text, lines, LOG_KEYS, ret_note);
}

static Err sign_day(Cx *cx, Db *db, Log *log, Slice tenant, int32_t days, uint64_t now_ms)
{
    char text[DATE_TEXT_SIZE + 1];
    EquationDay day;
    LogHead head;
    Slice body, note;
    TRY(completeness_count(cx, db, tenant, date_print(date_of_days(days), text), &day));
    TRY(check_sum(cx, &day));
    TRY(completeness_refused(cx, db, tenant, slice_of(day.day), &day.refused));
    day.has_refused = true;
    TRY(log_head(cx, log, db, &head));
    TRY(statement_print(cx, log_origin(log), tenant, &day, head.size, &head.root, now_ms, &body));
    TRY(sign(cx, log, body, &note));
    const SideRowStatement row = {.tenant = tenant,
                                  .day = slice_of(day.day),
                                  .note = note,
                                  .size = head.size,
                                  .time_ms = now_ms};
    return side_row_statement(cx, db, &row);
}

// The newest day on which anything happened. A clock that ran ahead must not close days that have
// not been: quiet days are closed when something comes after them.
static Err last_day(Cx *cx, Db *db, Slice tenant, int32_t *ret_days)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT COALESCE((SELECT time_ms FROM event ORDER BY sequence DESC LIMIT 1), 0), "
                 "COALESCE((SELECT MAX(time_ms) FROM refusal WHERE tenant = $1), 0)",
                 DB_VALUES(db_text(tenant)), &rows));
    TRY(db_next(cx, rows, &row));
    int64_t event = row ? db_col_int(rows, 0) : 0, refusal = row ? db_col_int(rows, 1) : 0;
    *ret_days = date_days_in_china((uint64_t)(event > refusal ? event : refusal));
    return ERR_OK;
}

// A clock that was put back signs later all the same (see closing.h).
static Err time_after(Cx *cx, Db *db, uint64_t now_ms, uint64_t *ret_ms)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT time_ms FROM statement ORDER BY time_ms DESC LIMIT 1", NULL, 0,
                 &rows));
    TRY(db_next(cx, rows, &row));
    uint64_t newest = row ? (uint64_t)db_col_int(rows, 0) : 0;
    *ret_ms = now_ms > newest ? now_ms : newest + 1;
    return ERR_OK;
}

// The first day that is not to be closed yet. What is committed from now on is dated from now on
// (commit/group.c), so that a day which is over gets nothing more while the clock goes on; the wait
// is for a clock that is put right by less than it.
static int32_t first_open(uint64_t now_ms)
{
    return date_days_in_china(now_ms > CLOSING_WAIT_MS ? now_ms - CLOSING_WAIT_MS : 0);
}

Err closing_in(Cx *cx, Db *db, Log *log, Slice tenant, uint64_t now_ms, int *ret_signed)
{
    int32_t days = 0, last = 0, today = first_open(now_ms);
    uint64_t time_ms = 0;
    TRY(first_due(cx, db, tenant, &days));
    TRY(last_day(cx, db, tenant, &last));
    TRY(time_after(cx, db, now_ms, &time_ms));
    *ret_signed = 0;
    for (; days > 0 && days < today && days <= last && *ret_signed < LIMIT_STATEMENTS; days++) {
        TRY(sign_day(cx, db, log, tenant, days, time_ms));
        ++*ret_signed;
    }
    return ERR_OK;
}

typedef struct Signing {
    Log *log;
    Slice tenant;
    int count;
} Signing;

static Err sign_work(Cx *cx, Db *db, void *self)
{
    Signing *signing = self;
    return closing_in(cx, db, signing->log, signing->tenant, cx_now_ms(cx), &signing->count);
}

Err closing_due(Cx *cx, Committer *committer, Log *log, Slice tenant, int *ret_signed)
{
    Signing signing = {.log = log, .tenant = tenant};
    Err err = commit_wait_work(cx, committer, sign_work, &signing);
    if (ret_signed != NULL) *ret_signed = err == ERR_OK ? signing.count : 0;
    return err;
}

// The organisation after `tenant` that has a file, or had one refused; "" at the end. A step along
// each index: an organisation with a million files costs no more than one with a single one.
static Err next_tenant(Cx *cx, Store *store, Slice tenant, Slice *ret_next)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    TRY(store_take(cx, store, &db));
    Err err = db_query(cx, db,
                       "SELECT MIN(tenant) FROM (SELECT MIN(tenant) AS tenant FROM document_state "
                       "WHERE tenant > $1 UNION ALL SELECT MIN(tenant) FROM refusal "
                       "WHERE tenant > $1) AS those",
                       DB_VALUES(db_text(tenant)), &rows);
    if (err == ERR_OK) err = db_next(cx, rows, &row);
    if (err == ERR_OK && row) err = cx_copy(cx, db_col_text(rows, 0), ret_next);
    db_rows_close(rows);
    store_give(store, db);
    return err;
}

Err closing_all(Cx *cx, Store *store, Committer *committer, Log *log, int *ret_signed)
{
    Slice tenant = SLICE("");
    Err first = ERR_OK;
    char text[sizeof cx->err_text];
    *ret_signed = 0;
    for (;;) {
        int count = 0;
        TRY(next_tenant(cx, store, tenant, &tenant));
        if (slice_empty(tenant)) break;
        Err err = closing_due(cx, committer, log, tenant, &count);
        *ret_signed += count;
        if (err == ERR_OK || first != ERR_OK) continue;
        first = err;
        memcpy(text, cx->err_text, sizeof text);
    }
    return first == ERR_OK ? ERR_OK : err_set(cx, first, "%s", text);
}
