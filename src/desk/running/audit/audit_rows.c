// The check of rows by subject: every subject has its content key, every document that was received
// its row, and no key and no document stands without events. Three scans in the order of their
// keys, merged: nothing is looked up, nothing is kept.
#include "base/base64.h"
#include "base/limits.h"
#include "desk/running/audit/audit_check.h"

#define PROGRESS_MASK UINT64_C(4095)

static const char *const events_sql =
    "SELECT tenant, subject, sequence FROM event ORDER BY tenant, subject, follows";
static const char *const keys_sql =
    "SELECT tenant, subject FROM content_key ORDER BY tenant, subject";
static const char *const documents_sql =
    "SELECT tenant, id, actor, source, time_ms FROM document ORDER BY tenant, id";

typedef struct Scan {
    DbRows *rows;
    bool row;
} Scan;

// One subject's events.
typedef struct Group {
    Slice tenant, subject; // in an arena
    uint64_t first;
    bool erased;
} Group;

static Err next(Cx *cx, Scan *scan)
{
    return scan->row ? db_next(cx, scan->rows, &scan->row) : ERR_OK;
}

static int order(const Scan *scan, Slice tenant, Slice subject)
{
    int by_tenant = slice_compare(db_col_text(scan->rows, 0), tenant);
    return by_tenant != 0 ? by_tenant : slice_compare(db_col_blob(scan->rows, 1), subject);
}

static void add(Cx *cx, Audit *audit, AuditKind kind, const char *table, Slice tenant, Slice id,
                Slice detail)
{
    audit_find_add(&audit->findings, kind, audit_find_row(cx, table, tenant, base64_hex(cx, id)),
                   detail);
}

static Err take_group(Cx *cx, Audit *audit, Scan *events, Group *group)
{
    *group = (Group){.first = (uint64_t)db_col_int(events->rows, 2)};
    TRY(cx_copy(cx, db_col_text(events->rows, 0), &group->tenant));
    TRY(cx_copy(cx, db_col_blob(events->rows, 1), &group->subject));
    do {
        const AuditSeen *note =
            audit_scratch_find(&audit->notes, (uint64_t)db_col_int(events->rows, 2) - 1);
        if (note != NULL && AUDIT_MARK_TYPE(note->mark) == EVENT_ERASED) group->erased = true;
        TRY(next(cx, events));
    } while (events->row && order(events, group->tenant, group->subject) == 0);
    return ERR_OK;
}

// Keys before this subject belong to no event; its own must be there.
static Err match_key(Cx *cx, Audit *audit, Scan *keys, const Group *group)
{
    for (; keys->row;) {
        int by = group == NULL ? -1 : order(keys, group->tenant, group->subject);
        if (by > 0) break;
        if (by == 0) {
            if (group->erased)
                add(cx, audit, AUDIT_KEY_STRAY, "content_key", group->tenant, group->subject,
                    SLICE("its subject was erased"));
            return next(cx, keys);
        }
        add(cx, audit, AUDIT_KEY_STRAY, "content_key", db_col_text(keys->rows, 0),
            db_col_blob(keys->rows, 1), SLICE(""));
        TRY(next(cx, keys));
    }
    if (group != NULL && !group->erased)
        add(cx, audit, AUDIT_KEY_GONE, "content_key", group->tenant, group->subject,
            cx_printf(cx, "of event %llu", (unsigned long long)group->first));
    return ERR_OK;
}

static void check_document(Cx *cx, Audit *audit, const Scan *documents, const Group *group,
                           const AuditSeen *note)
{
    Slice tenant = db_col_text(documents->rows, 0);
    if ((uint64_t)db_col_int(documents->rows, 4) != note->time_ms)
        add(cx, audit, AUDIT_DOCUMENT, "document", group->tenant, group->subject, SLICE("time_ms"));
    if (audit_check_mark(EVENT_RECEIVED, tenant, db_col_text(documents->rows, 2),
                         db_col_text(documents->rows, 3)) != note->mark)
        add(cx, audit, AUDIT_DOCUMENT, "document", group->tenant, group->subject,
            SLICE("actor, source"));
}

static Err match_document(Cx *cx, Audit *audit, Scan *documents, const Group *group)
{
    const AuditSeen *note =
        group == NULL ? NULL : audit_scratch_find(&audit->notes, group->first - 1);
    bool received = note != NULL && AUDIT_MARK_TYPE(note->mark) == EVENT_RECEIVED;
    for (; documents->row;) {
        int by = group == NULL ? -1 : order(documents, group->tenant, group->subject);
        if (by > 0) break;
        if (by == 0 && received) {
            check_document(cx, audit, documents, group, note);
            return next(cx, documents);
        }
        add(cx, audit, AUDIT_DOCUMENT_STRAY, "document", db_col_text(documents->rows, 0),
            db_col_blob(documents->rows, 1), SLICE(""));
        TRY(next(cx, documents));
    }
    if (received)
        add(cx, audit, AUDIT_DOCUMENT_GONE, "document", group->tenant, group->subject,
            cx_printf(cx, "received by event %llu", (unsigned long long)group->first));
    else if (note != NULL && AUDIT_MARK_TYPE(note->mark) != EVENT_ACCEPTED &&
             AUDIT_MARK_TYPE(note->mark) != EVENT_AUDITED &&
             AUDIT_MARK_TYPE(note->mark) != EVENT_BOUND)
        audit_find_add(&audit->findings, AUDIT_EVENT_CHAIN, audit_find_event(cx, group->first),
                       SLICE("a subject begins by received, accepted, audited or bound"));
    return ERR_OK;
}

static Err merge(Cx *cx, Audit *audit, Scan *events, Scan *keys, Scan *documents,
                 uint64_t *ret_things)
{
    TRY(next(cx, events));
    TRY(next(cx, keys));
    TRY(next(cx, documents));
    while (events->row) {
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Group group;
        Err err = take_group(&own, audit, events, &group);
        if (err == ERR_OK) err = match_key(&own, audit, keys, &group);
        if (err == ERR_OK) err = match_document(&own, audit, documents, &group);
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
        if ((++*ret_things & PROGRESS_MASK) == 0)
            audit_check_progress(audit, *ret_things, audit->events);
    }
    TRY(match_key(cx, audit, keys, NULL));
    return match_document(cx, audit, documents, NULL);
}

static Err count_readings(Cx *cx, Audit *audit)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, audit->db, "SELECT COUNT(*) FROM reading", NULL, 0, &rows));
    TRY(db_next(cx, rows, &row));
    uint64_t there = (uint64_t)db_col_int(rows, 0);
    uint64_t named = audit->types[EVENT_ACCEPTED] + audit->types[EVENT_CARRIER];
    // Which one it is, the check of contents says.
    if (there != named && (audit->options->no_content))
        audit_find_add(&audit->findings, there < named ? AUDIT_READING_GONE : AUDIT_READING_STRAY,
                       SLICE("reading"),
                       cx_printf(cx, "%llu rows, %llu events name one", (unsigned long long)there,
                                 (unsigned long long)named));
    return ERR_OK;
}

Err audit_rows(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    if (audit->options->quick) return ERR_OK;
    AUTO_ROWS DbRows *events = NULL;
    AUTO_ROWS DbRows *keys = NULL;
    AUTO_ROWS DbRows *documents = NULL;
    TRY(db_query(cx, audit->db, events_sql, NULL, 0, &events));
    TRY(db_query(cx, audit->db, keys_sql, NULL, 0, &keys));
    TRY(db_query(cx, audit->db, documents_sql, NULL, 0, &documents));
    Scan scans[] = {{events, true}, {keys, true}, {documents, true}};
    TRY(merge(cx, audit, &scans[0], &scans[1], &scans[2], ret_things));
    return count_readings(cx, audit);
}
