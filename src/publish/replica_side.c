#include "publish/replica_side.h"

#include "base/date.h"
#include "base/limits.h"
#include "publish/replica_row.h"
#include "publish/side_row.h"

#define HEAD    SLICE("fapiao-side-2\n")
#define LATE_MS UINT64_C(60'000)

// --- giving

Err replica_side_have(Cx *cx, Db *db, ReplicaSide *ret_side)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT (SELECT MAX(time_ms) FROM refusal), (SELECT MAX(time_ms) FROM statement)",
                 NULL, 0, &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    uint64_t newest = row ? (uint64_t)db_col_int(rows, 0) : 0;
    *ret_side = (ReplicaSide){.refused_ms = newest > LATE_MS ? newest - LATE_MS : 0,
                              .signed_ms = row ? (uint64_t)db_col_int(rows, 1) : 0};
    return ERR_OK;
}

static Err pack_rows(Cx *cx, Db *db, Text *text, ReplicaTable table, const char *sql,
                     const DbValue *values, size_t count)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, sql, values, count, &rows));
    for (bool row = true;;) {
        ReplicaRow packed;
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(replica_row_take(cx, rows, table, &packed));
        replica_row_print(text, &packed);
    }
}

// All that were signed when the last one of a page was come with it: the next page begins after
// that time.
static Err pack_statements(Cx *cx, Db *db, Text *text, uint64_t after_ms)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, db,
        "SELECT tenant, day, size, note, time_ms FROM statement WHERE time_ms > $1 "
        "AND time_ms <= COALESCE((SELECT time_ms FROM statement WHERE time_ms > $1 "
        "ORDER BY time_ms LIMIT 1 OFFSET $2), $3) ORDER BY time_ms, tenant, day",
        DB_VALUES(db_int((int64_t)after_ms), db_int(REPLICA_SIDE_ROWS - 1), db_int(INT64_MAX)),
        &rows));
    for (bool row = true;;) {
        ReplicaRow packed;
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(replica_row_take(cx, rows, REPLICA_STATEMENT, &packed));
        TRY(pack_rows(cx, db, text, REPLICA_CHECKPOINT,
                      "SELECT tenant, size, root, note, time_ms FROM checkpoint "
                      "WHERE tenant = '' AND size = $1",
                      &packed.values[REPLICA_STATEMENT_SIZE], 1));
        replica_row_print(text, &packed);
    }
}

Err replica_side_pack(Cx *cx, Db *db, const ReplicaSide *after, Slice *ret_bytes)
{
    Text text = text_open(cx, LIMIT_REPLICA_BYTES);
    DbValue since = db_int((int64_t)after->refused_ms);
    DbValue id = db_blob((Slice){(const char *)after->refused_id, COMMIT_ID_SIZE});
    text_add(&text, HEAD);
    TRY(pack_rows(cx, db, &text, REPLICA_REFUSAL,
                  "SELECT tenant, id, source, reason, size, time_ms FROM refusal "
                  "WHERE time_ms >= $1 AND (time_ms > $1 OR id > $2) ORDER BY time_ms, id LIMIT $3",
                  DB_VALUES(since, id, db_int(REPLICA_SIDE_ROWS))));
    TRY(pack_statements(cx, db, &text, after->signed_ms));
    return text_done(cx, &text, ret_bytes);
}

// --- taking

typedef struct Taking {
    Db *db;
    Log *log;
    ReplicaSide *side;
    uint64_t size;      // of the log here
    uint64_t signed_ms; // side->signed_ms before this page
    int refusals, statements;
} Taking;

static Err is_there(Cx *cx, Db *db, const char *sql, const DbValue *values, size_t count,
                    bool *ret_there)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, sql, values, count, &rows));
    return db_next(cx, rows, ret_there);
}

static Err insert(Cx *cx, const Taking *taking, const ReplicaRow *row)
{
    return db_run(cx, taking->db, replica_row_insert(row->table), row->values, row->count, NULL);
}

// Who sends the same again, and says that there is more, must come to an end.
static Err check_after(Cx *cx, const Taking *taking, const ReplicaRow *row, Slice id)
{
    const ReplicaSide *side = taking->side;
    int64_t time_ms = replica_row_number(row, REPLICA_REFUSAL_TIME);
    Slice last = {(const char *)side->refused_id, COMMIT_ID_SIZE};
    if (time_ms >= 0 && ((uint64_t)time_ms > side->refused_ms ||
                         ((uint64_t)time_ms == side->refused_ms && slice_compare(id, last) > 0)))
        return ERR_OK;
    return err_set(cx, ERR_INPUT, "refusals came out of their order");
}

static Err take_refusal(Cx *cx, Taking *taking, const ReplicaRow *row)
{
    bool there = false;
    Slice id = replica_row_bytes(row, REPLICA_REFUSAL_ID);
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_INPUT, "a refusal's id is none");
    TRY(check_after(cx, taking, row, id));
    TRY(is_there(cx, taking->db, "SELECT 1 FROM refusal WHERE tenant = $1 AND id = $2", row->values,
                 2, &there));
    taking->side->refused_ms = (uint64_t)replica_row_number(row, REPLICA_REFUSAL_TIME);
    memcpy(taking->side->refused_id, id.data, COMMIT_ID_SIZE);
    taking->refusals++;
    return there ? ERR_OK : insert(cx, taking, row);
}

static Err check_signed(Cx *cx, const Taking *taking, Slice bytes, Slice *ret_text)
{
    Note *note = arena_try_alloc(&cx->arena, sizeof *note);
    if (note == NULL) return err_set(cx, ERR_LIMIT, "a note does not fit");
    TRY(note_parse(cx, bytes, note));
    for (size_t i = 0; i < LOG_KEYS; i++)
        if (note_verify(note, &log_keys(taking->log)[i], NULL) != NOTE_HOLDS)
            return err_set(cx, ERR_CORRUPT, "a note is not signed by this log");
    *ret_text = note->text;
    return ERR_OK;
}

// Its place in time is that of the one here that came after it: clocks of two nodes differ.
static Err keep_checkpoint(Cx *cx, const Taking *taking, ReplicaRow *row)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool there = false;
    TRY(db_query(cx, taking->db,
                 "SELECT size, time_ms FROM checkpoint WHERE tenant = '' AND size >= $1 "
                 "ORDER BY size LIMIT 1",
                 &row->values[REPLICA_CHECKPOINT_SIZE], 1, &rows));
    TRY(db_next(cx, rows, &there));
    if (there && db_col_int(rows, 0) == replica_row_number(row, REPLICA_CHECKPOINT_SIZE))
        return ERR_OK;
    if (there) row->values[REPLICA_CHECKPOINT_TIME] = db_int(db_col_int(rows, 1));
    db_rows_close(rows);
    rows = NULL;
    return side_row_checkpoint(
        cx, taking->db, taking->log,
        &(SideRowCheckpoint){.size = (uint64_t)replica_row_number(row, REPLICA_CHECKPOINT_SIZE),
                             .time_ms = (uint64_t)replica_row_number(row, REPLICA_CHECKPOINT_TIME),
                             .root = replica_row_bytes(row, REPLICA_CHECKPOINT_ROOT),
                             .note = replica_row_bytes(row, REPLICA_CHECKPOINT_NOTE)});
}

static Err take_checkpoint(Cx *cx, Taking *taking, ReplicaRow *row)
{
    Slice text;
    Checkpoint checkpoint;
    TRY(check_signed(cx, taking, replica_row_bytes(row, REPLICA_CHECKPOINT_NOTE), &text));
    TRY(checkpoint_parse(cx, text, &checkpoint));
    if (!slice_equal(checkpoint.origin, log_origin(taking->log)) ||
        !slice_empty(replica_row_bytes(row, REPLICA_CHECKPOINT_TENANT)) ||
        replica_row_number(row, REPLICA_CHECKPOINT_SIZE) != (int64_t)checkpoint.size ||
        !slice_equal(replica_row_bytes(row, REPLICA_CHECKPOINT_ROOT),
                     digest_slice(&checkpoint.root)))
        return err_set(cx, ERR_CORRUPT, "a checkpoint's row is not what its note says");
    if (checkpoint.size > taking->size) return ERR_OK; // as its statement: later
    TreeEdge edge = {};
    const TreeReader reader = log_reader(taking->log);
    if (checkpoint.size > 0) TRY(tree_load(cx, &reader, checkpoint.size, &edge));
    Digest root = tree_root(&edge);
    if (!digest_equal(&root, &checkpoint.root))
        return err_set(cx, ERR_CONFLICT, "the log has forked: it has signed another root of %llu",
                       (unsigned long long)checkpoint.size);
    return keep_checkpoint(cx, taking, row);
}

// Its time is where the next page begins, so it must be the one that was signed.
static bool says_time(Slice text, int64_t time_ms)
{
    Slice line;
    for (bool done = false; slice_cut(&text, '\n', &done, &line);) {
        uint64_t ms = 0;
        if (!slice_starts(line, SLICE("time "))) continue;
        return slice_u64(slice_sub(line, 5, line.size), &ms) && time_ms > 0 &&
               ms == (uint64_t)time_ms;
    }
    return false;
}

static Err take_statement(Cx *cx, Taking *taking, const ReplicaRow *row)
{
    Slice text, day = replica_row_bytes(row, REPLICA_STATEMENT_DAY);
    int64_t time_ms = replica_row_number(row, REPLICA_STATEMENT_TIME);
    Date date;
    char spelt[DATE_TEXT_SIZE + 1];
    bool there = false;
    TRY(check_signed(cx, taking, replica_row_bytes(row, REPLICA_STATEMENT_NOTE), &text));
    Slice begins =
        cx_printf(cx, SLICE_FMT "/statement\ntenant " SLICE_FMT "\nday " SLICE_FMT "\nlog %lld ",
                  SLICE_ARG(log_origin(taking->log)),
                  SLICE_ARG(replica_row_bytes(row, REPLICA_STATEMENT_TENANT)), SLICE_ARG(day),
                  (long long)replica_row_number(row, REPLICA_STATEMENT_SIZE));
    if (!slice_starts(text, begins) || !says_time(text, time_ms) ||
        date_parse(cx, day, &date) != ERR_OK || !slice_equal(date_print(date, spelt), day))
        return err_set(cx, ERR_CORRUPT, "a statement's row is not what its note says");
    TRY(is_there(cx, taking->db, "SELECT 1 FROM statement WHERE tenant = $1 AND day = $2",
                 row->values, 2, &there));
    // Who sends the same again, and says that there is more, must come to an end.
    if ((uint64_t)time_ms <= taking->signed_ms || (uint64_t)time_ms < taking->side->signed_ms)
        return err_set(cx, ERR_INPUT, "days came out of their order");
    taking->side->signed_ms = (uint64_t)time_ms;
    taking->statements++;
    if (there) return ERR_OK;
    return side_row_statement(
        cx, taking->db,
        &(SideRowStatement){.tenant = replica_row_bytes(row, REPLICA_STATEMENT_TENANT),
                            .day = day,
                            .note = replica_row_bytes(row, REPLICA_STATEMENT_NOTE),
                            .size = (uint64_t)replica_row_number(row, REPLICA_STATEMENT_SIZE),
                            .time_ms = (uint64_t)time_ms});
}

static Err take_row(Cx *cx, Taking *taking, ReplicaRow *row)
{
    if (row->table == REPLICA_REFUSAL) return take_refusal(cx, taking, row);
    if (row->table == REPLICA_CHECKPOINT) return take_checkpoint(cx, taking, row);
    if (row->table == REPLICA_STATEMENT) return take_statement(cx, taking, row);
    return err_set(cx, ERR_INPUT, "a row beside the events is of another table");
}

Err replica_side_take(Cx *cx, Db *db, Log *log, Slice bytes, ReplicaSide *side, bool *ret_more)
{
    LogHead head;
    TRY(log_head(cx, log, db, &head));
    Taking taking = {
        .db = db, .log = log, .side = side, .size = head.size, .signed_ms = side->signed_ms};
    bool waits = false;
    if (!slice_starts(bytes, HEAD)) return err_set(cx, ERR_INPUT, "these are no such rows");
    bytes = slice_sub(bytes, HEAD.size, bytes.size);
    while (bytes.size > 0 && !waits) {
        ReplicaRow row;
        TRY(replica_row_parse(cx, &bytes, &row));
        waits = row.table == REPLICA_STATEMENT &&
                replica_row_number(&row, REPLICA_STATEMENT_SIZE) > (int64_t)taking.size;
        if (!waits) TRY(take_row(cx, &taking, &row));
    }
    *ret_more =
        !waits && (taking.refusals >= REPLICA_SIDE_ROWS || taking.statements >= REPLICA_SIDE_ROWS);
    return ERR_OK;
}
