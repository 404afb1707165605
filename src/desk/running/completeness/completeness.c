#include "desk/running/completeness/completeness.h"

#include "base/date.h"
#include "commit/uuid7.h"
#include "desk/running/completeness/statement.h"

// An erased document counts as what it was.
#define STATE_WAS(d) "CASE " d "state WHEN 'erased' THEN " d "reason ELSE " d "state END"

// Documents of an earlier day and one source that are in progress now.
typedef struct Open {
    struct Open *next;
    Slice day, source;
    int64_t count;
} Open;

// One day being counted.
typedef struct Counting {
    Cx *cx;
    Db *db;
    Slice tenant, day;
    uint64_t from_ms, to_ms; // of the day, UTC
    int64_t closed_ms;       // when the day before was closed; INT64_MAX: it is not yet
    Slice open_since; // the earliest day that then had something in progress; = day when none
    const EquationDay *closed; // the statement of the day before, or NULL
    EquationDay *sum;
    bool kept;  // by the counts that are kept (document_day), not document by document
    Open *open; // then: what is carried, but for what was let out
} Counting;

static Err came(Counting *counting, Slice source, EquationWay way, int64_t count)
{
    return equation_came(counting->cx, counting->sum, source, way, count);
}

// A negative `count` takes back.
static Err became(Counting *counting, Slice source, DocState state, Slice arrived, int64_t count)
{
    return equation_became(counting->cx, counting->sum, source, state, arrived, count);
}

static Err state_of(Cx *cx, Slice name, DocState *ret_state)
{
    if (commit_state_of(name, ret_state)) return ERR_OK;
    return err_set(cx, ERR_CORRUPT, "a document's state is '" SLICE_FMT "'", SLICE_ARG(name));
}

static DbValue id_value(const uint8_t *id)
{
    return db_blob((Slice){(const char *)id, UUID7_SIZE});
}

// The day's own files, as they stand now.
static Err count_own(Counting *counting)
{
    Cx *cx = counting->cx;
    const Uuid7Range ids = uuid7_range(counting->from_ms, counting->to_ms);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, counting->db,
        "SELECT source, " STATE_WAS(
            "") ", COUNT(*) FROM document_state "
                "WHERE tenant = $1 AND document >= $3 AND document < $4 AND received_day = $2 "
                "GROUP BY 1, 2",
        DB_VALUES(db_text(counting->tenant), db_text(counting->day), id_value(ids.low),
                  id_value(ids.high)),
        &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        DocState state;
        TRY(state_of(cx, db_col_text(rows, 1), &state));
        TRY(became(counting, db_col_text(rows, 0), state, counting->day, db_col_int(rows, 2)));
    }
}

// The day's own files, by the facts alone: the other side of the equation must not be counted from
// the same rows, or it would always hold.
static Err count_handed_in(Counting *counting)
{
    Cx *cx = counting->cx;
    const Uuid7Range ids = uuid7_range(counting->from_ms, counting->to_ms);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, counting->db,
                 "SELECT source, COUNT(*) FROM document WHERE tenant = $1 AND id >= $2 "
                 "AND id < $3 AND time_ms >= $4 AND time_ms < $5 GROUP BY source",
                 DB_VALUES(db_text(counting->tenant), id_value(ids.low), id_value(ids.high),
                           db_int((int64_t)counting->from_ms), db_int((int64_t)counting->to_ms)),
                 &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(came(counting, db_col_text(rows, 0), EQUATION_HANDED_IN, db_col_int(rows, 1)));
    }
}

// What was let out of quarantine: each document once, with its state now and the first time it was
// let out since `from_ms`.
static const char released_sql[] = "SELECT d.source, " STATE_WAS(
    "d.") ", d.received_day, d.document, MIN(e.time_ms), "
          "MAX(e.time_ms), d.done_ms "
          "FROM event e JOIN document_state d ON d.tenant = e.tenant AND d.document = e.subject "
          "WHERE e.tenant = $1 AND e.type = 16 AND e.time_ms >= $2 GROUP BY d.document";

// Whether a document lay in quarantine when the day before was closed.
static Err was_quarantined(Counting *counting, Slice document, bool *ret_was)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        counting->cx, counting->db,
        "SELECT type FROM event WHERE tenant = $1 AND subject = $2 AND type IN (15, 16) "
        "AND time_ms <= $3 ORDER BY sequence DESC LIMIT 1",
        DB_VALUES(db_text(counting->tenant), db_blob(document), db_int(counting->closed_ms)),
        &rows));
    bool row = false;
    TRY(db_next(counting->cx, rows, &row));
    *ret_was = row && db_col_int(rows, 0) == EVENT_QUARANTINED;
    return ERR_OK;
}

// One that was let out of quarantine on this day or after it.
static Err count_released_one(Counting *counting, const DbRows *row)
{
    Slice source = db_col_text(row, 0), arrived = db_col_text(row, 2);
    uint64_t first_ms = (uint64_t)db_col_int(row, 4), last_ms = (uint64_t)db_col_int(row, 5);
    DocState state;
    TRY(state_of(counting->cx, db_col_text(row, 1), &state));
    int order = slice_compare(arrived, counting->day);
    // Of this day, and let out after it: what was let out had been in quarantine.
    if (order == 0 && last_ms >= counting->to_ms) {
        TRY(became(counting, source, state, SLICE(""), -1));
        return became(counting, source, DOC_QUARANTINED, SLICE(""), 1);
    }
    if (order >= 0 || first_ms >= counting->to_ms) return ERR_OK;
    bool back = last_ms >= counting->to_ms; // it was in quarantine again at the end of the day
    TRY(came(counting, source, EQUATION_RELEASED, 1));
    return became(counting, source, back ? DOC_QUARANTINED : state, arrived, 1);
}

static Err take_back(Counting *counting, const DbRows *row);

static Err count_released(Counting *counting)
{
    Cx *cx = counting->cx;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, counting->db, released_sql,
                 DB_VALUES(db_text(counting->tenant), db_int((int64_t)counting->from_ms)), &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(count_released_one(counting, rows));
        if (counting->kept) TRY(take_back(counting, rows));
    }
}

// One of an earlier day that was not decided when the day before was closed, or came out of
// quarantine since.
static Err count_carried_one(Counting *counting, const DbRows *row)
{
    DocState state;
    TRY(state_of(counting->cx, db_col_text(row, 1), &state));
    Slice arrived = db_col_text(row, 2);
    bool let_out = !db_col_null(row, 4), was = false;
    if (let_out) {
        // Let out before the day before was closed: there it counts as quarantined.
        was = db_col_int(row, 4) <= counting->closed_ms;
        if (!was) TRY(was_quarantined(counting, db_col_blob(row, 3), &was));
        if (was) return ERR_OK;  // it counts as released
        state = DOC_QUARANTINED; // decided in the meantime, before it was let out
    }
    if (counting->closed == NULL) TRY(came(counting, db_col_text(row, 0), EQUATION_CARRIED, 1));
    return became(counting, db_col_text(row, 0), state, arrived, 1);
}

// The same by the counts that are kept: those that are in progress now …
static Err find_carried_open(Counting *counting)
{
    Cx *cx = counting->cx;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, counting->db,
        "SELECT day, source, received FROM document_day WHERE tenant = $1 AND day >= $2 "
        "AND day < $3 AND received > 0",
        DB_VALUES(db_text(counting->tenant), db_text(counting->open_since), db_text(counting->day)),
        &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        Open *open = arena_alloc(&cx->arena, sizeof *open);
        *open = (Open){.next = counting->open, .count = db_col_int(rows, 2)};
        TRY(cx_copy(cx, db_col_text(rows, 0), &open->day));
        TRY(cx_copy(cx, db_col_text(rows, 1), &open->source));
        counting->open = open;
    }
}

// … and those that were decided since the day before was closed. That is this day or later, so
// they are all in the index of what was decided late.
static Err count_carried_done(Counting *counting)
{
    Cx *cx = counting->cx;
    AUTO_ROWS DbRows *rows = NULL;
    if (counting->closed == NULL) return ERR_OK;
    TRY(db_query(
        cx, counting->db,
        "SELECT source, " STATE_WAS(
            "") ", COUNT(*) FROM document_state "
                "WHERE tenant = $1 AND done_ms > $2 AND received_day >= $3 AND received_day < $4 "
                "AND (done_ms + 28800000) / 86400000 > (received_ms + 28800000) / 86400000 "
                "GROUP BY 1, 2",
        DB_VALUES(db_text(counting->tenant), db_int(counting->closed_ms),
                  db_text(counting->open_since), db_text(counting->day)),
        &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        DocState state;
        TRY(state_of(cx, db_col_text(rows, 1), &state));
        TRY(became(counting, db_col_text(rows, 0), state, SLICE(""), db_col_int(rows, 2)));
    }
}

// One that was let out: it counts by what is known of it alone, not with the others of its day.
static Err take_back(Counting *counting, const DbRows *row)
{
    Slice source = db_col_text(row, 0), arrived = db_col_text(row, 2);
    DocState state;
    TRY(state_of(counting->cx, db_col_text(row, 1), &state));
    if (slice_compare(arrived, counting->open_since) < 0 ||
        slice_compare(arrived, counting->day) >= 0)
        return ERR_OK;
    if (state != DOC_RECEIVED) {
        if (db_col_int(row, 6) <= counting->closed_ms) return ERR_OK;
        TRY(became(counting, source, state, SLICE(""), -1));
        return count_carried_one(counting, row);
    }
    for (Open *open = counting->open; open != NULL; open = open->next)
        if (slice_equal(open->day, arrived) && slice_equal(open->source, source)) open->count--;
    return count_carried_one(counting, row);
}

static Err add_open(Counting *counting)
{
    for (const Open *open = counting->open; open != NULL; open = open->next) {
        if (open->count == 0) continue;
        if (counting->closed == NULL)
            TRY(came(counting, open->source, EQUATION_CARRIED, open->count));
        TRY(became(counting, open->source, DOC_RECEIVED, open->day, open->count));
    }
    return ERR_OK;
}

// The day's own files.
static Err count_kept_own(Counting *counting)
{
    Cx *cx = counting->cx;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, counting->db,
                 "SELECT source, came, received, accepted, duplicate, conflict, quarantined, "
                 "rejected, unpacked FROM document_day WHERE tenant = $1 AND day = $2",
                 DB_VALUES(db_text(counting->tenant), db_text(counting->day)), &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        Slice source = db_col_text(rows, 0);
        TRY(came(counting, source, EQUATION_HANDED_IN, db_col_int(rows, 1)));
        for (DocState state = DOC_RECEIVED; state < DOC_ERASED; state++) {
            int64_t count = db_col_int(rows, 2 + (int)state);
            if (count != 0) TRY(became(counting, source, state, counting->day, count));
        }
    }
}

// By the statement of the day before, where there is one.
static Err count_carried_in(Counting *counting)
{
    const EquationDay *closed = counting->closed;
    for (size_t i = 0; closed != NULL && i < closed->source_count; i++) {
        const EquationCount *source = &closed->sources[i];
        TRY(came(counting, (Slice){source->source, source->source_size}, EQUATION_CARRIED,
                 source->in_progress));
    }
    return ERR_OK;
}

static Err count_carried(Counting *counting)
{
    Cx *cx = counting->cx;
    if (slice_equal(counting->open_since, counting->day)) return ERR_OK;
    Date since;
    TRY(date_parse(cx, counting->open_since, &since));
    const Uuid7Range ids = uuid7_range(date_begins_in_china(date_days(since)), counting->from_ms);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, counting->db,
        "SELECT d.source, " STATE_WAS(
            "d.") ", d.received_day, d.document, "
                  "(SELECT MIN(e.time_ms) FROM event e WHERE e.tenant = $1 AND e.type = 16 "
                  "AND e.time_ms >= $5 AND e.subject = d.document) "
                  "FROM document_state d WHERE d.tenant = $1 AND d.document >= $6 "
                  "AND d.document < $7 AND d.received_day >= $2 AND d.received_day < $3 "
                  "AND (d.done_ms IS NULL OR d.done_ms > $4)",
        DB_VALUES(db_text(counting->tenant), db_text(counting->open_since), db_text(counting->day),
                  db_int(counting->closed_ms), db_int((int64_t)counting->from_ms),
                  id_value(ids.low), id_value(ids.high)),
        &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(count_carried_one(counting, rows));
    }
}

static Err count_rejected(Counting *counting)
{
    Cx *cx = counting->cx;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, counting->db,
                 "SELECT source, COUNT(*) FROM refusal WHERE tenant = $1 AND time_ms >= $2 "
                 "AND time_ms < $3 GROUP BY source",
                 DB_VALUES(db_text(counting->tenant), db_int((int64_t)counting->from_ms),
                           db_int((int64_t)counting->to_ms)),
                 &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(came(counting, db_col_text(rows, 0), EQUATION_REJECTED, db_col_int(rows, 1)));
    }
}

// The oldest id of a tenant's documents.
static Err find_first_id(Cx *cx, Db *db, Slice tenant, uint8_t *ret_id, bool *ret_found)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT id FROM document WHERE tenant = $1 ORDER BY id LIMIT 1",
                 DB_VALUES(db_text(tenant)), &rows));
    TRY(db_next(cx, rows, ret_found));
    if (!*ret_found) return ERR_OK;
    Slice id = db_col_blob(rows, 0);
    if (id.size != UUID7_SIZE) return err_set(cx, ERR_CORRUPT, "a document's id is damaged");
    memcpy(ret_id, id.data, UUID7_SIZE);
    return ERR_OK;
}

Err completeness_first(Cx *cx, Db *db, Slice tenant, Slice *ret_day)
{
    uint8_t first[UUID7_SIZE];
    bool row = false;
    *ret_day = SLICE("");
    TRY(find_first_id(cx, db, tenant, first, &row));
    if (!row) return ERR_OK;
    // Whatever came before it in time has an id that was made shortly after it.
    const Uuid7Range ids = uuid7_range(0, uuid7_ms(first) + UUID7_MARGIN_MS + 1);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT MIN(time_ms) FROM document WHERE tenant = $1 AND id < $2",
                 DB_VALUES(db_text(tenant), id_value(ids.high)), &rows));
    TRY(db_next(cx, rows, &row));
    char text[DATE_TEXT_SIZE + 1];
    return cx_copy(cx, date_print(date_in_china((uint64_t)db_col_int(rows, 0)), text), ret_day);
}

// The earliest day of arrival of what is open now.
static Err find_open(Counting *counting)
{
    static const char *const counted = "SELECT MIN(received_day) FROM document_state "
                                       "WHERE tenant = $1 AND done_ms IS NULL";
    static const char *const kept = "SELECT MIN(day) FROM document_day "
                                    "WHERE tenant = $1 AND received > 0";
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(counting->cx, counting->db, counting->kept ? kept : counted,
                 DB_VALUES(db_text(counting->tenant)), &rows));
    TRY(db_next(counting->cx, rows, &row));
    if (!row || db_col_null(rows, 0) || slice_compare(db_col_text(rows, 0), counting->day) >= 0)
        return ERR_OK;
    return cx_copy(counting->cx, db_col_text(rows, 0), &counting->open_since);
}

// How the day before ended: as its statement says. While it has none it goes on: what was decided
// until now counts there, and only what is open now is carried.
static Err look_back(Counting *counting, Date date)
{
    Cx *cx = counting->cx;
    char text[DATE_TEXT_SIZE + 1];
    Slice before = date_print(date_of_days(date_days(date) - 1), text);
    counting->open_since = counting->day;
    counting->closed_ms = INT64_MAX;
    StatementRow row;
    Err err = statement_find(cx, counting->db, counting->tenant, before, &row);
    if (err == ERR_MISSING) return find_open(counting);
    TRY(err);
    EquationDay *closed = arena_alloc(&cx->arena, sizeof *closed);
    TRY(statement_parse(cx, row.note, closed));
    counting->closed = closed;
    counting->closed_ms = (int64_t)row.time_ms;
    if (closed->open_since[0] != '\0') counting->open_since = slice_of(closed->open_since);
    return ERR_OK;
}

static Counting counting_of(Cx *cx, Db *db, Slice tenant, Date date, EquationDay *sum)
{
    *sum = (EquationDay){.sources =
                             arena_alloc(&cx->arena, EQUATION_SOURCES_MAX * sizeof(EquationCount))};
    Counting counting = {.cx = cx, .db = db, .tenant = tenant, .sum = sum};
    counting.day = date_print(date, sum->day);
    counting.from_ms = date_begins_in_china(date_days(date));
    counting.to_ms = date_begins_in_china(date_days(date) + 1);
    return counting;
}

Err completeness_count(Cx *cx, Db *db, Slice tenant, Slice day, EquationDay *ret_day)
{
    Date date;
    TRY(date_parse(cx, day, &date));
    Counting counting = counting_of(cx, db, tenant, date, ret_day);
    TRY(look_back(&counting, date));
    TRY(count_handed_in(&counting));
    TRY(count_carried_in(&counting));
    TRY(count_own(&counting));
    TRY(count_released(&counting));
    TRY(count_carried(&counting));
    return count_rejected(&counting);
}

Err completeness_kept(Cx *cx, Db *db, Slice tenant, Slice day, EquationDay *ret_day)
{
    Date date;
    TRY(date_parse(cx, day, &date));
    Counting counting = counting_of(cx, db, tenant, date, ret_day);
    counting.kept = true;
    TRY(look_back(&counting, date));
    TRY(count_kept_own(&counting));
    TRY(count_carried_in(&counting));
    bool carries = !slice_equal(counting.open_since, counting.day);
    if (carries) TRY(find_carried_open(&counting));
    if (carries) TRY(count_carried_done(&counting));
    TRY(count_released(&counting));
    TRY(add_open(&counting));
    return count_rejected(&counting);
}

static Err day_as_it_stands(Cx *cx, Db *db, Slice tenant, Slice day, EquationDay *ret_day)
{
    Date date;
    char text[DATE_TEXT_SIZE + 1];
    TRY(date_parse(cx, day, &date));
    StatementRow row;
    Err err = statement_find(cx, db, tenant, date_print(date, text), &row);
    if (err == ERR_MISSING) return completeness_kept(cx, db, tenant, day, ret_day);
    TRY(err);
    TRY(statement_parse(cx, row.note, ret_day));
    ret_day->is_signed = true;
    return ERR_OK;
}

Err completeness_day(Cx *cx, Db *db, Slice tenant, Slice day, EquationDay *ret_day)
{
    // One snapshot, or the two sides would be of two moments.
    TRY(db_begin_read(cx, db));
    Err err = day_as_it_stands(cx, db, tenant, day, ret_day);
    db_rollback(db);
    return err;
}
