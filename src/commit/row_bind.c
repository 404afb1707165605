#include "commit/row_bind.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"

#define NONE SLICE("-") // no row
#define ANY  SLICE("*") // nobody knows what stood there

Slice row_bind_subject(Cx *cx, int version)
{
    return cx_printf(cx, "bound-rows-%05d", version);
}

static Err has_rows(Cx *cx, Db *db, Slice sql, bool *ret_has)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, db, sql, NULL, 0, &rows));
    return db_next(cx, rows, ret_has);
}

static Err has_chain(Cx *cx, Db *db, int version, bool *ret_has)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT 1 FROM event WHERE tenant = '' AND subject = $1 LIMIT 1",
                 DB_VALUES(db_blob(row_bind_subject(cx, version))), &rows));
    return db_next(cx, rows, ret_has);
}

// ---- an event ----

static Err append(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, Slice rows, Slice reason)
{
    AeadKey key;
    Slice subject = row_bind_subject(cx, BOUND_VERSION);
    Err err = store_key_find(cx, log->store, db, SLICE(""), subject, &key);
    if (err == ERR_MISSING) err = store_key_make(cx, log->store, db, SLICE(""), subject, &key);
    TRY(err);
    const Event event = {.type = EVENT_BOUND,
                         .tenant = SLICE(""),
                         .actor = SLICE("fapiao"),
                         .source = SLICE("store"),
                         .subject = subject,
                         .key = &key,
                         .time_ms = time_ms,
                         .body = {.reason = reason, .rows = rows}};
    EventMark mark;
    return event_log_append(cx, log, db, &event, &mark);
}

typedef struct Lines {
    EventLog *log;
    Db *db;
    uint64_t time_ms;
    Text text;
} Lines;

static Err end_lines(Cx *cx, Lines *lines)
{
    Slice rows;
    TRY(text_done(cx, &lines->text, &rows));
    if (rows.size == 0) return ERR_OK;
    lines->text.size = 0;
    return append(cx, lines->log, lines->db, lines->time_ms, rows, SLICE(""));
}

static Slice hex_of(Cx *cx, bool there, const Digest *digest)
{
    return there ? base64_hex(cx, digest_slice(digest)) : NONE;
}

static Err add_line(Cx *cx, Lines *lines, const BoundRow *row, Slice before)
{
    text_printf(&lines->text, SLICE_FMT " " SLICE_FMT " " SLICE_FMT "\n",
                SLICE_ARG(hex_of(cx, row->there, &row->firm)), SLICE_ARG(before),
                SLICE_ARG(row->place));
    return lines->text.size < LIMIT_BOUND_EVENT_BYTES ? ERR_OK : end_lines(cx, lines);
}

static Lines lines_of(Cx *cx, EventLog *log, Db *db, uint64_t time_ms)
{
    return (Lines){log, db, time_ms, text_open(cx, 2 * LIMIT_BOUND_EVENT_BYTES)};
}

// ---- what stands ----

typedef Err EachRow(Cx *cx, void *self, const BoundRow *row);

// Each row in an arena of its own: there may be many.
static Err each_row(Cx *cx, const EventLog *log, Db *db, size_t table, EachRow *take, void *self)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, db, bound_select(cx, table), NULL, 0, &rows));
    for (bool more = true;;) {
        TRY(db_next(cx, rows, &more));
        if (!more) return ERR_OK;
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        BoundRow row;
        Err err = bound_read(&own, log->store, rows, table, &row);
        if (err == ERR_OK) err = take(&own, self, &row);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
    }
}

static Err take_line(Cx *cx, void *self, const BoundRow *row)
{
    return add_line(cx, self, row, ANY);
}

static Err take_seal(Cx *cx, void *self, const BoundRow *row)
{
    return bound_seal(cx, self, row);
}

// A folder from before has rows and no seal at all.
static Err seal_standing(Cx *cx, const EventLog *log, Db *db)
{
    bool has = false;
    TRY(has_rows(cx, db, SLICE("SELECT 1 FROM row_seal LIMIT 1"), &has));
    for (size_t i = 0; i < BOUND_TABLE_COUNT && !has; i++)
        if (bound_is_loose(i)) TRY(each_row(cx, log, db, i, take_seal, db));
    return ERR_OK;
}

static Err bind_since(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, int known)
{
    Lines lines = lines_of(cx, log, db, time_ms);
    for (size_t i = 0; i < BOUND_TABLE_COUNT; i++)
        if (bound_is_firm(i) && BOUND_TABLES[i].since > known)
            TRY(each_row(cx, log, db, i, take_line, &lines));
    TRY(end_lines(cx, &lines));
    return bound_demote(cx, db);
}

static Err has_firm(Cx *cx, Db *db, bool *ret_has)
{
    *ret_has = false;
    for (size_t i = 0; i < BOUND_TABLE_COUNT && !*ret_has; i++)
        if (bound_is_firm(i))
            TRY(has_rows(cx, db, cx_printf(cx, "SELECT 1 FROM %s LIMIT 1", BOUND_TABLES[i].name),
                         ret_has));
    return ERR_OK;
}

static Err newest_body(Cx *cx, const EventLog *log, Db *db, EventBody *ret_body)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    Slice subject = row_bind_subject(cx, BOUND_VERSION), canonical;
    TRY(db_query(cx, db,
                 "SELECT leaf_hash, content FROM event WHERE tenant = '' AND subject = $1 "
                 "ORDER BY follows DESC LIMIT 1",
                 DB_VALUES(db_blob(subject)), &rows));
    TRY(db_next(cx, rows, &row));
    AeadKey key;
    TRY(store_key_find(cx, log->store, db, SLICE(""), subject, &key));
    TRY(event_log_open(cx, &key, db_col_blob(rows, 0), db_col_blob(rows, 1), &canonical));
    return event_body_parse(cx, canonical, ret_body);
}

Err row_bind_standing(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, bool closed)
{
    TRY(seal_standing(cx, log, db));
    if (closed) return ERR_OK;
    bool has = false, firm = false;
    int known = BOUND_VERSION;
    for (; known > 0 && !has; known -= !has)
        TRY(has_chain(cx, db, known, &has));
    TRY(has_firm(cx, db, &firm));
    if (firm) return known < BOUND_VERSION ? bind_since(cx, log, db, time_ms, known) : ERR_OK;
    if (known < BOUND_VERSION) return ERR_OK;
    // Said once. What does not open is said by the audit, and stops nobody from writing.
    EventBody body = {};
    Err err = newest_body(cx, log, db, &body);
    if (err != ERR_OK && err != ERR_MISSING && err != ERR_CORRUPT) return err;
    if (slice_equal(body.reason, ROW_BIND_ANEW)) return ERR_OK;
    return append(cx, log, db, time_ms, SLICE(""), ROW_BIND_ANEW);
}

// ---- what was written ----

Err row_bind_touched(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, bool closed)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    BoundTouched *touched = NULL;
    size_t count = 0;
    Err err = bound_touched(&own, log->store, db, &touched, &count);
    Lines lines = lines_of(&own, log, db, time_ms);
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        if (bound_is_loose(touched[i].row.table)) err = bound_seal(&own, db, &touched[i].row);
        if (err == ERR_OK && touched[i].firm && !closed)
            err = add_line(&own, &lines, &touched[i].row,
                           hex_of(&own, touched[i].was, &touched[i].before));
    }
    if (err == ERR_OK) err = end_lines(&own, &lines);
    if (err == ERR_OK && count > 0) err = bound_settle(&own, db, closed);
    if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
    cx_done(&own);
    return err;
}
