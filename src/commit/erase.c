#include "commit/erase.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"

#define DAY_MS UINT64_C(86'400'000)

bool erase_is_reason(Slice reason)
{
    static const char *const reasons[] = {"court_order", "personal_data", "retention_over",
                                          "wrong_upload"};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (slice_equal(reason, slice_of(reasons[i]))) return true;
    return false;
}

// Ids, each once, in the order in which they were found.
typedef struct Ids {
    Slice *items;
    size_t count, room;
} Ids;

static Err add_id(Cx *cx, Ids *ids, Slice id)
{
    for (size_t i = 0; i < ids->count; i++)
        if (slice_equal(ids->items[i], id)) return ERR_OK;
    if (ids->count == ids->room)
        return err_set(cx, ERR_LIMIT, "more than %zu documents would have to be erased", ids->room);
    return cx_copy(cx, id, &ids->items[ids->count++]);
}

static Ids ids_new(Cx *cx)
{
    return (Ids){.items = arena_alloc(&cx->arena, LIMIT_ERASE_SUBJECTS * sizeof(Slice)),
                 .room = LIMIT_ERASE_SUBJECTS};
}

static Err add_rows(Cx *cx, Db *db, const char *sql, Slice tenant, Slice id, Ids *ids)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, sql, DB_VALUES(db_text(tenant), db_blob(id)), &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(add_id(cx, ids, db_col_blob(rows, 0)));
    }
}

// All whose bytes are these, or hold them.
static Err find_documents(Cx *cx, Db *db, Slice tenant, Slice document, Ids *ids)
{
    static const char *const nexts[] = {
        "SELECT COALESCE(same_as, id) FROM document WHERE tenant = $1 AND id = $2",
        "SELECT id FROM document WHERE tenant = $1 AND same_as = $2",
        "SELECT container FROM document_entry WHERE tenant = $1 AND document = $2"};
    TRY(add_id(cx, ids, document));
    for (size_t at = 0; at < ids->count; at++)
        for (size_t i = 0; i < sizeof nexts / sizeof nexts[0]; i++)
            TRY(add_rows(cx, db, nexts[i], tenant, ids->items[at], ids));
    return ERR_OK;
}

// With those that were joined to them: theirs are the events of before.
static Err find_invoices(Cx *cx, Db *db, Slice tenant, const Ids *documents, Ids *ids)
{
    for (size_t i = 0; i < documents->count; i++)
        TRY(add_rows(cx, db, "SELECT invoice FROM carrier WHERE tenant = $1 AND document = $2",
                     tenant, documents->items[i], ids));
    for (size_t i = 0, count = ids->count; i < count; i++)
        TRY(add_rows(cx, db, "SELECT former FROM invoice_joined WHERE tenant = $1 AND invoice = $2",
                     tenant, ids->items[i], ids));
    return ERR_OK;
}

// A row of document with its state; texts in the arena.
typedef struct Standing {
    Slice reference, sha256, source, state;
    int64_t size, time_ms, done_ms;
} Standing;

static Err find_standing(Cx *cx, Db *db, Slice tenant, Slice id, Standing *ret_standing)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT d.reference, d.sha256, d.source, s.state, d.size, d.time_ms, s.done_ms "
                 "FROM document d JOIN document_state s ON s.tenant = d.tenant "
                 "AND s.document = d.id WHERE d.tenant = $1 AND d.id = $2",
                 DB_VALUES(db_text(tenant), db_blob(id)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "there is no such document");
    TRY(cx_copy(cx, db_col_text(rows, 0), &ret_standing->reference));
    TRY(cx_copy(cx, db_col_blob(rows, 1), &ret_standing->sha256));
    TRY(cx_copy(cx, db_col_text(rows, 2), &ret_standing->source));
    TRY(cx_copy(cx, db_col_text(rows, 3), &ret_standing->state));
    ret_standing->size = db_col_int(rows, 4);
    ret_standing->time_ms = db_col_int(rows, 5);
    ret_standing->done_ms = db_col_int(rows, 6);
    return ERR_OK;
}

static Err check_standing(Cx *cx, const Standing *standing)
{
    if (slice_equal(standing->state, SLICE("erased")))
        return err_set(cx, ERR_CONFLICT, SLICE_FMT " was erased", SLICE_ARG(standing->reference));
    if (slice_equal(standing->state, SLICE("received")))
        return err_set(cx, ERR_CONFLICT, SLICE_FMT " is still being read",
                       SLICE_ARG(standing->reference));
    return ERR_OK;
}

// Vouchers are kept for full years from the end of their own. Without a date: since it came.
static Err check_retention(Cx *cx, Db *db, uint64_t time_ms, const Erasure *erasure, Slice invoice)
{
    if (slice_equal(erasure->reason, SLICE("court_order"))) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT issue_date, received_ms FROM invoice WHERE tenant = $1 AND id = $2",
                 DB_VALUES(db_text(erasure->tenant), db_blob(invoice)), &rows));
    bool row = false;
    uint64_t year = 0;
    TRY(db_next(cx, rows, &row));
    if (!row) return ERR_OK;
    uint64_t came = (uint64_t)db_col_int(rows, 1);
    if (slice_equal(erasure->reason, SLICE("wrong_upload"))) {
        if (time_ms <= came + LIMIT_ERASE_WRONG_DAYS * DAY_MS) return ERR_OK;
        return err_set(cx, ERR_CONFLICT, "it came more than %d days ago",
                       (int)LIMIT_ERASE_WRONG_DAYS);
    }
    if (!slice_u64(slice_sub(db_col_text(rows, 0), 0, 4), &year))
        year = (uint64_t)date_in_china(came).year;
    if (slice_equal(erasure->reason, SLICE("retention_over")) &&
        (uint64_t)date_in_china(time_ms).year > year + ERASE_RETENTION_YEARS)
        return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "an accepted invoice is kept until the end of %llu",
                   (unsigned long long)year + ERASE_RETENTION_YEARS);
}

static Err find_all(Cx *cx, Db *db, uint64_t time_ms, const Erasure *erasure, Ids *documents,
                    Ids *invoices)
{
    if (!erase_is_reason(erasure->reason))
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no reason to erase",
                       SLICE_ARG(erasure->reason));
    *documents = ids_new(cx);
    *invoices = ids_new(cx);
    TRY(find_documents(cx, db, erasure->tenant, erasure->document, documents));
    for (size_t i = 0; i < documents->count; i++) {
        Standing standing;
        TRY(find_standing(cx, db, erasure->tenant, documents->items[i], &standing));
        // A container may have been erased before what came in it.
        bool asked = slice_equal(documents->items[i], erasure->document);
        if (asked || !slice_equal(standing.state, SLICE("erased")))
            TRY(check_standing(cx, &standing));
    }
    TRY(find_invoices(cx, db, erasure->tenant, documents, invoices));
    for (size_t i = 0; i < invoices->count; i++)
        TRY(check_retention(cx, db, time_ms, erasure, invoices->items[i]));
    return ERR_OK;
}

Err erase_may(Cx *cx, Db *db, uint64_t time_ms, const Erasure *erasure)
{
    Ids documents, invoices;
    return find_all(cx, db, time_ms, erasure, &documents, &invoices);
}

static Err append(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, const Erasure *erasure,
                  Slice subject, const EventBody *body)
{
    AeadKey key;
    EventMark mark;
    TRY(event_log_key(cx, log->store, db, EVENT_ERASED, erasure->tenant, subject, &key));
    Event event = {.type = EVENT_ERASED,
                   .tenant = erasure->tenant,
                   .actor = erasure->actor,
                   .source = erasure->source,
                   .subject = subject,
                   .key = &key,
                   .time_ms = time_ms,
                   .body = *body};
    event.body.asked = erasure->asked;
    event.body.reason = erasure->reason;
    if (!slice_empty(body->document)) event.document = subject;
    TRY(event_log_append(cx, log, db, &event, &mark));
    return store_erase_subject(cx, db, erasure->tenant, subject);
}

static Err erase_document(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, Erasure *erasure,
                          Slice id)
{
    Standing standing;
    TRY(find_standing(cx, db, erasure->tenant, id, &standing));
    if (slice_equal(standing.state, SLICE("erased"))) return ERR_OK;
    const EventBody body = {.decided = cx_printf(cx, "%lld", (long long)standing.done_ms),
                            .document = base64_hex(cx, id),
                            .origin = standing.source,
                            .received = cx_printf(cx, "%lld", (long long)standing.time_ms),
                            .reference = standing.reference,
                            .sha256 = base64_hex(cx, standing.sha256),
                            .size = cx_printf(cx, "%lld", (long long)standing.size),
                            .state = standing.state};
    TRY(append(cx, log, db, time_ms, erasure, id, &body));
    erasure->documents++;
    return log->refold(cx, db, log->store, erasure->tenant, id);
}

// Without a document there is nothing left of it in the projections.
static Err erase_invoice(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, Erasure *erasure,
                         Slice id)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool carried = false;
    TRY(db_query(cx, db,
                 "SELECT 1 FROM invoice WHERE tenant = $1 AND id IN (SELECT $2 UNION ALL "
                 "SELECT invoice FROM invoice_joined WHERE tenant = $1 AND former = $2)",
                 DB_VALUES(db_text(erasure->tenant), db_blob(id)), &rows));
    TRY(db_next(cx, rows, &carried));
    if (carried) return ERR_OK;
    const EventBody body = {};
    erasure->invoices++;
    return append(cx, log, db, time_ms, erasure, id, &body);
}

Err erase_run(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, Erasure *erasure)
{
    Ids documents, invoices;
    if (log->refold == NULL) return err_set(cx, ERR_INPUT, "nothing can be erased here");
    TRY(find_all(cx, db, time_ms, erasure, &documents, &invoices));
    erasure->documents = erasure->invoices = 0;
    for (size_t i = 0; i < documents.count; i++)
        TRY(erase_document(cx, log, db, time_ms, erasure, documents.items[i]));
    for (size_t i = 0; i < invoices.count; i++)
        TRY(erase_invoice(cx, log, db, time_ms, erasure, invoices.items[i]));
    return ERR_OK;
}
