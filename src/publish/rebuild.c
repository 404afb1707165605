#include "publish/rebuild.h"

#include "base/base64.h"
#include "base/limits.h"
#include "commit/event_log.h"
#include "publish/fold.h"
#include "publish/invoice_fold.h"
#include "store/schema.h"

#define PROGRESS_EVERY UINT64_C(1000)

static Err count_events(Cx *cx, Db *db, uint64_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT COUNT(*) FROM event", NULL, 0, &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_count = (uint64_t)db_col_int(rows, 0);
    return ERR_OK;
}

static Err id_of(Cx *cx, Slice hex, uint8_t *bytes, Slice *ret_id)
{
    *ret_id = SLICE("");
    if (slice_empty(hex)) return ERR_OK;
    TRY(base64_unhex(cx, hex, bytes, COMMIT_ID_SIZE));
    *ret_id = (Slice){(const char *)bytes, COMMIT_ID_SIZE};
    return ERR_OK;
}

static Err fold_into(Cx *cx, Db *db, Db *to, Store *store, Tally *tally, const RebuildRow *row)
{
    AeadKey key;
    Slice canonical;
    EventBody body;
    TRY(event_log_key(cx, store, db, row->type, row->tenant, row->subject, &key));
    TRY(event_log_open(cx, &key, row->leaf_hash, row->content, &canonical));
    TRY(event_body_parse(cx, canonical, &body));
    uint8_t reading[COMMIT_ID_SIZE], document[COMMIT_ID_SIZE];
    Fact fact = {.type = row->type,
                 .sequence = row->sequence,
                 .time_ms = row->time_ms,
                 .tenant = row->tenant,
                 .actor = row->actor,
                 .source = row->source,
                 .subject = row->subject,
                 .body = &body,
                 .tally = tally};
    TRY(id_of(cx, body.reading, reading, &fact.reading));
    TRY(id_of(cx, body.document, document, &fact.document));
    Draft draft;
    if (row->type == EVENT_ACCEPTED || row->type == EVENT_CARRIER) {
        uint64_t ordinal = 0;
        if (!slice_u64(body.ordinal, &ordinal) || !verdict_basis_of(body.basis, &fact.basis))
            return err_set(cx, ERR_CORRUPT, "event %llu says nothing of its reading",
                           (unsigned long long)row->sequence);
        TRY(commit_reading(cx, store, db, row->tenant, fact.reading, &draft, &fact.draft_json));
        fact.ordinal = (int)ordinal;
        fact.draft = &draft;
    }
    return fold_fact(cx, to, &fact);
}

Err rebuild_fold(Cx *cx, Db *db, Store *store, Tally *tally, const RebuildRow *row)
{
    return fold_into(cx, db, db, store, tally, row);
}

#define ROW_COLUMNS                                                                                \
    "SELECT tenant, sequence, type, subject, leaf_hash, content, actor, source, time_ms FROM "     \
    "event "

// Borrowed from the row.
static RebuildRow row_of(const DbRows *rows)
{
    return (RebuildRow){.tenant = db_col_text(rows, 0),
                        .sequence = (uint64_t)db_col_int(rows, 1),
                        .type = (EventType)db_col_int(rows, 2),
                        .subject = db_col_blob(rows, 3),
                        .leaf_hash = db_col_blob(rows, 4),
                        .content = db_col_blob(rows, 5),
                        .actor = db_col_text(rows, 6),
                        .source = db_col_text(rows, 7),
                        .time_ms = (uint64_t)db_col_int(rows, 8)};
}

// Each event in an arena of its own: a rebuild of millions must not grow.
static Err rebuild_row(Cx *cx, Db *db, Db *to, Store *store, Tally *tally, const RebuildRow *row)
{
    Cx own;
    cx_init(&own, cx->world, LIMIT_JOB_ARENA);
    Err err = fold_into(&own, db, to, store, tally, row);
    if (err == ERR_MISSING) err = ERR_OK; // erased
    if (err != ERR_OK)
        err = err_set(cx, err, "event %llu: %s", (unsigned long long)row->sequence, own.err_text);
    cx_done(&own);
    return err;
}

static Err rebuild_invoice(Cx *cx, Db *db, Store *store, Slice tenant, Slice invoice)
{
    TRY(invoice_fold_drop(cx, db, tenant, invoice));
    AUTO_ROWS DbRows *rows = NULL;
    // With those that were joined to it: their ids still lead here.
    TRY(db_query(cx, db,
                 ROW_COLUMNS "WHERE sequence IN (SELECT n.sequence FROM event n WHERE "
                             "n.tenant = $1 AND n.subject IN (SELECT $2 UNION ALL SELECT former "
                             "FROM invoice_joined WHERE tenant = $1 AND invoice = $2)) "
                             "ORDER BY sequence",
                 DB_VALUES(db_text(tenant), db_blob(invoice)), &rows));
    for (bool more = true;;) {
        TRY(db_next(cx, rows, &more));
        if (!more) return ERR_OK;
        const RebuildRow row = row_of(rows);
        TRY(rebuild_row(cx, db, db, store, NULL, &row));
    }
}

Err rebuild_erased(Cx *cx, Db *db, Store *store, Slice tenant, Slice document)
{
    for (;;) {
        AUTO_ROWS DbRows *rows = NULL;
        bool more = false;
        Slice invoice;
        TRY(db_query(cx, db,
                     "SELECT invoice FROM carrier WHERE tenant = $1 AND document = $2 LIMIT 1",
                     DB_VALUES(db_text(tenant), db_blob(document)), &rows));
        TRY(db_next(cx, rows, &more));
        if (!more) return ERR_OK;
        TRY(cx_copy(cx, db_col_blob(rows, 0), &invoice));
        db_rows_close(rows);
        rows = NULL;
        // Its carrier is not made again: the document's readings do not open.
        TRY(rebuild_invoice(cx, db, store, tenant, invoice));
    }
}

Err rebuild_into(Cx *cx, Db *db, Db *to, const RebuildOptions *options)
{
    uint64_t all = 0, done = 0;
    Tally tally = {};
    TRY(count_events(cx, db, &all));
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, ROW_COLUMNS "ORDER BY sequence", NULL, 0, &rows));
    for (bool more = true;;) {
        TRY(db_next(cx, rows, &more));
        if (!more) break;
        const RebuildRow row = row_of(rows);
        TRY(rebuild_row(cx, db, to, options->store, &tally, &row));
        if (++done % PROGRESS_EVERY == 0 && options->progress != NULL)
            options->progress(options->self, done, all);
    }
    if (options->progress != NULL) options->progress(options->self, done, all);
    return tally_flush(cx, &tally, to);
}

Err rebuild_run(Cx *cx, Db *db, const RebuildOptions *options)
{
    db_touch_all(db);
    TRY(schema_reset_projections(cx, db));
    return rebuild_into(cx, db, db, options);
}
