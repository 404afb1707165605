#include "desk/people/audit_log/audit_log.h"

#include <stdio.h>

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "commit/event_log.h"

#define VALUES 6

// The clock may have stepped back: with documents, times are looked for by sequence, a day around.
#define SLACK_MS DATE_MS_PER_DAY

typedef struct Walk {
    Store *store;
    Db *db;
    const AuditLogQuery *query;
    size_t limit;
    uint64_t cursor_ms, cursor; // of the last row of the page before; cursor 0 = there was none
    AuditLogPage page;
} Walk;

Err audit_log_scope(Cx *cx, const PermissionActor *actor, Slice organisation, AuditLogQuery *query)
{
    TRY(permission_check(cx, actor, PERMISSION_READ_AUDIT));
    bool all = actor->kind == PERMISSION_LOCAL || (actor->roles & ROLE_BIT(ROLE_AUDIT_ADMIN)) != 0;
    if (!all && !slice_empty(organisation) && !slice_equal(organisation, actor->tenant))
        return err_set(cx, ERR_DENIED, "'" SLICE_FMT "' may not read another organisation's log",
                       SLICE_ARG(actor->name));
    query->all = all && slice_empty(organisation);
    query->tenant = slice_empty(organisation) ? actor->tenant : organisation;
    // A text can't be empty in an address: the platform's own is asked for by this name.
    if (slice_equal(organisation, SLICE("platform"))) query->tenant = SLICE("");
    return ERR_OK;
}

static bool digits(Slice text, size_t from, size_t size, uint64_t *ret)
{
    return text.size >= from + size && slice_u64(slice_sub(text, from, size), ret);
}

static Err no_time(Cx *cx, Slice text)
{
    return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no day and no time in UTC",
                   SLICE_ARG(slice_sub(text, 0, 40)));
}

Err audit_log_time(Cx *cx, Slice text, bool end, uint64_t *ret_ms)
{
    Date date;
    uint64_t hour = 0, minute = 0, second = 0;
    if (text.size < DATE_TEXT_SIZE || text.data[4] != '-' ||
        date_parse(cx, slice_sub(text, 0, DATE_TEXT_SIZE), &date) != ERR_OK || date_days(date) < 1)
        return no_time(cx, text);
    uint64_t day_ms = (uint64_t)date_days(date) * DATE_MS_PER_DAY;
    if (text.size == DATE_TEXT_SIZE) {
        *ret_ms = date_begins_in_china(date_days(date) + end);
        return ERR_OK;
    }
    bool good = text.size >= 20 && text.data[10] == 'T' && text.data[13] == ':' &&
                text.data[16] == ':' && text.data[text.size - 1] == 'Z' &&
                digits(text, 11, 2, &hour) && digits(text, 14, 2, &minute) &&
                digits(text, 17, 2, &second) && hour < 24 && minute < 60 && second < 60;
    uint64_t ms = 0;
    if (good && text.size != 20)
        good = text.size == 24 && text.data[19] == '.' && digits(text, 20, 3, &ms);
    if (!good) return no_time(cx, text);
    *ret_ms = day_ms + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
    return ERR_OK;
}

// "<time>.<sequence>"
static Err read_cursor(Cx *cx, Slice text, Walk *walk)
{
    if (slice_empty(text)) return ERR_OK;
    size_t dot = slice_find(text, SLICE("."));
    if (dot == SLICE_NONE || !slice_u64(slice_sub(text, 0, dot), &walk->cursor_ms) ||
        !slice_u64(slice_sub(text, dot + 1, text.size), &walk->cursor) || walk->cursor == 0 ||
        walk->cursor > INT64_MAX || walk->cursor_ms > INT64_MAX)
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no cursor of this list",
                       SLICE_ARG(slice_sub(text, 0, 40)));
    return ERR_OK;
}

static uint64_t last_ms(const AuditLogQuery *query)
{
    return query->to_ms == 0 || query->to_ms > INT64_MAX ? INT64_MAX : query->to_ms - 1;
}

static bool fits(Slice wanted, Slice is)
{
    return slice_empty(wanted) || slice_equal(wanted, is);
}

static bool wanted(const AuditLogQuery *query, const AuditLogEntry *entry)
{
    return (query->all || slice_equal(query->tenant, entry->tenant)) &&
           entry->time_ms >= query->from_ms && entry->time_ms <= last_ms(query) &&
           fits(query->actor, entry->actor) && fits(query->act, entry->act) &&
           fits(query->object_kind, entry->object_kind) && fits(query->object, entry->object) &&
           fits(query->result, entry->result);
}

typedef struct Row { // of event
    EventType type;
    Slice tenant, subject, leaf_hash, content, actor, source;
    uint64_t sequence, time_ms;
} Row;

static bool of_document(EventType type)
{
    return type == EVENT_RECEIVED || type == EVENT_QUARANTINED || type == EVENT_RELEASED ||
           (int)type == LEAF_UNPACKED;
}

// What the sealed event says. Of one whose subject was erased: what its row says.
static Err open_event(Cx *cx, const Walk *walk, const Row *row, AuditLogEntry *entry)
{
    AeadKey key;
    Slice canonical;
    EventBody body = {};
    entry->source = row->source;
    Err err = store_key_find(cx, walk->store, walk->db, row->tenant, row->subject, &key);
    entry->erased = err == ERR_MISSING;
    if (!entry->erased) {
        TRY(err);
        TRY(event_log_open(cx, &key, row->leaf_hash, row->content, &canonical));
        TRY(event_body_parse(cx, canonical, &body));
    }
    if (row->type == EVENT_AUDITED) {
        entry->act = body.act;
        entry->object_kind = body.object_kind;
        entry->object = body.object;
        entry->result = body.result;
        entry->address = body.address;
        entry->before = body.before;
        entry->after = body.after;
        return ERR_OK;
    }
    if (row->type == EVENT_BOUND) {
        entry->object_kind = SLICE("rows");
        entry->act = SLICE("rows.bound");
        entry->object = row->subject;
        entry->result = SLICE("done");
        return ERR_OK;
    }
    entry->object_kind = of_document(row->type) ? SLICE("document") : SLICE("invoice");
    entry->act =
        cx_printf(cx, SLICE_FMT ".%s", SLICE_ARG(entry->object_kind), commit_event_name(row->type));
    entry->object = slice_empty(body.reference) ? base64_hex(cx, row->subject) : body.reference;
    entry->result = SLICE("done");
    return ERR_OK;
}

static Err take_row(Cx *cx, const DbRows *rows, Row *ret_row)
{
    *ret_row = (Row){.sequence = (uint64_t)db_col_int(rows, 1),
                     .time_ms = (uint64_t)db_col_int(rows, 2),
                     .type = (EventType)db_col_int(rows, 5)};
    TRY(cx_copy(cx, db_col_text(rows, 0), &ret_row->tenant));
    TRY(cx_copy(cx, db_col_text(rows, 3), &ret_row->actor));
    TRY(cx_copy(cx, db_col_text(rows, 4), &ret_row->source));
    TRY(cx_copy(cx, db_col_blob(rows, 6), &ret_row->subject));
    TRY(cx_copy(cx, db_col_blob(rows, 7), &ret_row->leaf_hash));
    return cx_copy(cx, db_col_blob(rows, 8), &ret_row->content);
}

#define EVENT_COLUMNS                                                                              \
    "SELECT tenant, sequence, time_ms, actor, source, type, subject, leaf_hash, content FROM "     \
    "event "

static AuditLogEntry entry_of(const Row *row)
{
    return (AuditLogEntry){.tenant = row->tenant,
                           .sequence = row->sequence,
                           .time_ms = row->time_ms,
                           .actor = row->actor,
                           .source = row->source};
}

static Err open_sealed(Cx *cx, const Walk *walk, AuditLogEntry *entry)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool there = false;
    TRY(db_query(cx, walk->db, EVENT_COLUMNS "WHERE sequence = $1",
                 DB_VALUES(db_int((int64_t)entry->sequence)), &rows));
    TRY(db_next(cx, rows, &there));
    if (!there)
        return err_set(cx, ERR_CORRUPT, "event %llu is missing",
                       (unsigned long long)entry->sequence);
    Row row;
    TRY(take_row(cx, rows, &row));
    AuditLogEntry opened = entry_of(&row);
    TRY(open_event(cx, walk, &row, &opened));
    entry->source = opened.source;
    entry->address = opened.address;
    entry->before = opened.before;
    entry->after = opened.after;
    entry->erased = opened.erased;
    return ERR_OK;
}

static void add(Walk *walk, const AuditLogEntry *entry)
{
    walk->page.entries[walk->page.count++] = *entry;
    if (entry->erased) walk->page.erased++;
}

// The page is full, or enough was looked at: the next one goes on behind this row.
static bool is_enough(Cx *cx, Walk *walk, uint64_t time_ms, uint64_t sequence)
{
    walk->page.scanned++;
    if (walk->page.count < walk->limit && walk->page.scanned < LIMIT_AUDIT_LOG_SCAN) return false;
    walk->page.next =
        cx_printf(cx, "%llu.%llu", (unsigned long long)time_ms, (unsigned long long)sequence);
    return true;
}

typedef struct Sql {
    Text text;
    DbValue values[VALUES];
    size_t count;
} Sql;

// " AND " condition, whose parameter is the next one.
static void condition(Sql *sql, const char *left, DbValue value)
{
    sql->values[sql->count++] = value;
    text_printf(&sql->text, "%s %s $%zu", sql->count == 1 ? "WHERE" : " AND", left, sql->count);
}

// What an index has is asked of the database: the object, else the actor, else the act. All else is
// looked at row by row, so that a page is never a walk through everything.
static void entries_sql(Walk *walk, Sql *sql)
{
    const AuditLogQuery *query = walk->query;
    text_add(&sql->text, SLICE("SELECT tenant, sequence, time_ms, actor, act, object_kind, object, "
                               "result FROM audit_entry "));
    uint64_t last = last_ms(query);
    if (walk->cursor != 0 && walk->cursor_ms < last) last = walk->cursor_ms;
    condition(sql, "time_ms <=", db_int((int64_t)last));
    condition(sql, "time_ms >=",
              db_int((int64_t)(query->from_ms > INT64_MAX ? INT64_MAX : query->from_ms)));
    if (!query->all) {
        condition(sql, "tenant =", db_text(query->tenant));
        if (!slice_empty(query->object_kind) && !slice_empty(query->object)) {
            condition(sql, "object_kind =", db_text(query->object_kind));
            condition(sql, "object =", db_text(query->object));
        } else if (!slice_empty(query->actor)) {
            condition(sql, "actor =", db_text(query->actor));
        } else if (!slice_empty(query->act)) {
            condition(sql, "act =", db_text(query->act));
        }
    }
    text_add(&sql->text, SLICE(" ORDER BY time_ms DESC, sequence DESC"));
}

static Err read_entry(Cx *cx, const DbRows *rows, AuditLogEntry *ret_entry)
{
    *ret_entry = (AuditLogEntry){.sequence = (uint64_t)db_col_int(rows, 1),
                                 .time_ms = (uint64_t)db_col_int(rows, 2)};
    TRY(cx_copy(cx, db_col_text(rows, 0), &ret_entry->tenant));
    TRY(cx_copy(cx, db_col_text(rows, 3), &ret_entry->actor));
    TRY(cx_copy(cx, db_col_text(rows, 4), &ret_entry->act));
    TRY(cx_copy(cx, db_col_text(rows, 5), &ret_entry->object_kind));
    TRY(cx_copy(cx, db_col_text(rows, 6), &ret_entry->object));
    return cx_copy(cx, db_col_text(rows, 7), &ret_entry->result);
}

static Err read_entries(Cx *cx, Walk *walk)
{
    Sql sql = {.text = text_open(cx, LIMIT_FIELD_BYTES)};
    Slice text;
    entries_sql(walk, &sql);
    TRY(text_done(cx, &sql.text, &text));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, walk->db, text, sql.values, sql.count, &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        uint64_t sequence = (uint64_t)db_col_int(rows, 1), time_ms = (uint64_t)db_col_int(rows, 2);
        // Of the cursor's own millisecond: those that the page before has shown.
        if (walk->cursor != 0 && time_ms == walk->cursor_ms && sequence >= walk->cursor) continue;
        AuditLogEntry entry;
        TRY(read_entry(cx, rows, &entry));
        if (wanted(walk->query, &entry)) {
            TRY(open_sealed(cx, walk, &entry));
            add(walk, &entry);
        }
        if (is_enough(cx, walk, time_ms, sequence)) return ERR_OK;
    }
}

static Err time_of(Cx *cx, Db *db, uint64_t sequence, uint64_t *ret_found, uint64_t *ret_ms)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT sequence, time_ms FROM event WHERE sequence >= $1 ORDER BY sequence "
                 "LIMIT 1",
                 DB_VALUES(db_int((int64_t)sequence)), &rows));
    TRY(db_next(cx, rows, &row));
    *ret_found = row ? (uint64_t)db_col_int(rows, 0) : 0;
    *ret_ms = row ? (uint64_t)db_col_int(rows, 1) : UINT64_MAX;
    return ERR_OK;
}

static Err newest(Cx *cx, Db *db, uint64_t *ret_sequence)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db, "SELECT COALESCE(MAX(sequence), 0) FROM event", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    *ret_sequence = row ? (uint64_t)db_col_int(rows, 0) : 0;
    return ERR_OK;
}

// Where to begin: behind the first event that is later than the range by more than a clock steps
// back.
static Err first_behind(Cx *cx, const Walk *walk, uint64_t *ret_sequence)
{
    if (walk->cursor != 0) {
        *ret_sequence = walk->cursor;
        return ERR_OK;
    }
    uint64_t low = 1, high = 0, last = last_ms(walk->query);
    TRY(newest(cx, walk->db, &high));
    high++;
    while (last < INT64_MAX - SLACK_MS && low < high) {
        uint64_t middle = low + (high - low) / 2, found = 0, ms = 0;
        TRY(time_of(cx, walk->db, middle, &found, &ms));
        if (ms > last + SLACK_MS)
            high = middle;
        else
            low = (found < middle ? middle : found) + 1;
    }
    *ret_sequence = high;
    return ERR_OK;
}

static Err read_events(Cx *cx, Walk *walk)
{
    const AuditLogQuery *query = walk->query;
    uint64_t behind = 0;
    TRY(first_behind(cx, walk, &behind));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, walk->db, EVENT_COLUMNS "WHERE sequence < $1 ORDER BY sequence DESC",
                 DB_VALUES(db_int((int64_t)behind)), &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        uint64_t sequence = (uint64_t)db_col_int(rows, 1), time_ms = (uint64_t)db_col_int(rows, 2);
        if (time_ms + SLACK_MS < query->from_ms) return ERR_OK;
        // In clear first: most rows need not be opened.
        bool near = (query->all || slice_equal(db_col_text(rows, 0), query->tenant)) &&
                    time_ms >= query->from_ms && time_ms <= last_ms(query) &&
                    fits(query->actor, db_col_text(rows, 3));
        if (near) {
            Row event;
            TRY(take_row(cx, rows, &event));
            AuditLogEntry entry = entry_of(&event);
            TRY(open_event(cx, walk, &event, &entry));
            if (wanted(query, &entry)) add(walk, &entry);
        }
        if (is_enough(cx, walk, time_ms, sequence)) return ERR_OK;
    }
}

Err audit_log_page(Cx *cx, Store *store, Db *db, const AuditLogQuery *query, AuditLogPage *ret_page)
{
    Walk walk = {.store = store, .db = db, .query = query, .limit = query->limit};
    if (walk.limit == 0) walk.limit = LIMIT_AUDIT_LOG_PAGE;
    if (walk.limit > LIMIT_AUDIT_LOG_PAGE_MAX) walk.limit = LIMIT_AUDIT_LOG_PAGE_MAX;
    TRY(read_cursor(cx, query->cursor, &walk));
    walk.page.entries = arena_alloc(&cx->arena, walk.limit * sizeof(AuditLogEntry));
    TRY(query->documents ? read_events(cx, &walk) : read_entries(cx, &walk));
    *ret_page = walk.page;
    return ERR_OK;
}
