#include "desk/invoice/document/document.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "commit/file_name.h"
#include "commit/uuid7.h"
#include "desk/invoice/document/container.h"

#define DOCUMENTS_MAX 200 // in one list
#define INVOICES_MAX  LIMIT_DRAFTS

#define COLUMNS                                                                                    \
    "document, reference, state, reason, media, file_name, sha256, size, source, received_ms, "    \
    "done_ms"

static Err copy_row(Cx *cx, const DbRows *rows, DocumentView *view)
{
    TRY(cx_copy(cx, db_col_blob(rows, 0), &view->id));
    TRY(cx_copy(cx, db_col_text(rows, 1), &view->reference));
    if (!commit_state_of(db_col_text(rows, 2), &view->state))
        return err_set(cx, ERR_CORRUPT, "a document's state is unknown");
    view->reason = REASON_NONE;
    view->first_reference = view->reference;
    if (view->state == DOC_DUPLICATE)
        TRY(cx_copy(cx, db_col_text(rows, 3), &view->first_reference));
    else
        (void)reason_of_code(db_col_text(rows, 3), &view->reason);
    TRY(cx_copy(cx, db_col_text(rows, 4), &view->media));
    TRY(cx_copy(cx, db_col_text(rows, 5), &view->file_name));
    view->sha256 = base64_hex(cx, db_col_blob(rows, 6));
    view->size = db_col_int(rows, 7);
    TRY(cx_copy(cx, db_col_text(rows, 8), &view->source));
    view->received_ms = (uint64_t)db_col_int(rows, 9);
    view->decided_ms = (uint64_t)db_col_int(rows, 10);
    return ERR_OK;
}

// What the document carries; a duplicate carries what the first one does.
static Err find_invoices(Cx *cx, Db *db, Slice tenant, DocumentView *view)
{
    view->invoices = NULL;
    view->invoice_count = 0;
    if (view->state == DOC_RECEIVED || view->state == DOC_QUARANTINED) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT c.invoice, i.kind, i.code, i.number, c.relation FROM document d "
                 "JOIN carrier c ON c.tenant = d.tenant AND c.document = d.id "
                 "JOIN invoice i ON i.tenant = c.tenant AND i.id = c.invoice "
                 "WHERE d.tenant = $1 AND d.reference = $2 ORDER BY c.ordinal",
                 DB_VALUES(db_text(tenant), db_text(view->first_reference)), &rows));
    view->invoices = arena_alloc(&cx->arena, INVOICES_MAX * sizeof *view->invoices);
    for (bool row = true; view->invoice_count < INVOICES_MAX;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        DocumentInvoice *invoice = &view->invoices[view->invoice_count++];
        TRY(cx_copy(cx, db_col_blob(rows, 0), &invoice->id));
        TRY(cx_copy(cx, db_col_text(rows, 1), &invoice->kind));
        TRY(cx_copy(cx, db_col_text(rows, 2), &invoice->code));
        TRY(cx_copy(cx, db_col_text(rows, 3), &invoice->number));
        invoice->relation = RELATION_NEW;
        (void)commit_relation_of(db_col_text(rows, 4), &invoice->relation);
    }
    return ERR_OK;
}

// A document's first event: that it was received.
static Err find_leaf(Cx *cx, Db *db, Slice tenant, DocumentView *view)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT sequence, leaf_hash FROM event "
                 "WHERE tenant = $1 AND subject = $2 AND follows = 0",
                 DB_VALUES(db_text(tenant), db_blob(view->id)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    view->sequence = row ? (uint64_t)db_col_int(rows, 0) : 0;
    view->leaf_hash = row ? base64_hex(cx, db_col_blob(rows, 1)) : SLICE("");
    return ERR_OK;
}

Err document_find(Cx *cx, Db *db, Slice tenant, Slice reference, DocumentView *ret_view)
{
    DocumentView view = {};
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT " COLUMNS " FROM document_state WHERE tenant = $1 AND document = "
                 "(SELECT id FROM document WHERE tenant = $1 AND reference = $2)",
                 DB_VALUES(db_text(tenant), db_text(reference)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row)
        return err_set(cx, ERR_MISSING, "there is no document '" SLICE_FMT "'",
                       SLICE_ARG(reference));
    TRY(copy_row(cx, rows, &view));
    TRY(find_invoices(cx, db, tenant, &view));
    TRY(find_leaf(cx, db, tenant, &view));
    TRY(container_find(cx, db, tenant, &view));
    if (view.state == DOC_UNPACKED || view.state == DOC_RECEIVED)
        TRY(container_entries(cx, db, tenant, 0, CONTAINER_PAGE, &view));
    *ret_view = view;
    return ERR_OK;
}

void document_received(Cx *cx, const Arrival *arrival, const Receipt *receipt,
                       DocumentView *ret_view)
{
    Slice reference = cx_printf(cx, "%s", receipt->reference);
    *ret_view = (DocumentView){.reference = reference,
                               .first_reference = reference,
                               .media = SLICE(""),
                               .file_name = file_name_clean(cx, arrival->file_name),
                               .source = arrival->source,
                               .sha256 = base64_hex(cx, digest_slice(&receipt->sha256)),
                               .state = DOC_RECEIVED,
                               .reason = REASON_NONE,
                               .size = (int64_t)arrival->bytes.size,
                               .received_ms = receipt->time_ms,
                               .sequence = receipt->sequence,
                               .leaf_hash = base64_hex(cx, digest_slice(&receipt->leaf_hash)),
                               .container = SLICE(""),
                               .container_name = SLICE(""),
                               .skipped_names = SLICE("")};
}

// A statement for each filter, so that each has its index: ids are UUIDv7, newest last. Which
// states are unusual stands in the index of them, word for word.
static const char *list_sql(const DocumentList *list, DocState state)
{
#define LIST_SQL(condition)                                                                        \
    "SELECT " COLUMNS " FROM document_state WHERE tenant = $1 AND document >= $6 AND "             \
    "document < $4 AND ($3 = '' OR received_day = $3)" condition                                   \
    " ORDER BY document DESC LIMIT $5"
    if (slice_empty(list->state)) return LIST_SQL("");
    if (state == DOC_ACCEPTED) return LIST_SQL(" AND state = $2");
    if (state == DOC_RECEIVED) return LIST_SQL(" AND state = $2 AND done_ms IS NULL");
    return LIST_SQL(" AND state = $2 AND state NOT IN ('received', 'accepted')");
}

static Uuid7Range range_of_day(Date date)
{
    const int32_t days = date_days(date);
    return uuid7_range(date_begins_in_china(days), date_begins_in_china(days + 1));
}

static Err list_rows(Cx *cx, Db *db, Slice tenant, const DocumentList *list, DocState state,
                     Slice before, int limit, DocumentView *views, size_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    Date date;
    Uuid7Range range = {};
    if (!slice_empty(list->day)) {
        if (date_parse(cx, list->day, &date) != ERR_OK)
            return err_set(cx, ERR_INPUT, "day: is no date");
        range = range_of_day(date);
        Slice end = {(const char *)range.high, sizeof range.high};
        if (slice_compare(end, before) < 0) before = end;
    }
    // One more than asked for: whether there is a next page.
    TRY(db_query(cx, db, list_sql(list, state),
                 DB_VALUES(db_text(tenant), db_text(list->state), db_text(list->day),
                           db_blob(before), db_int(limit + 1),
                           db_blob((Slice){(const char *)range.low, sizeof range.low})),
                 &rows));
    *ret_count = 0;
    for (bool row = true; *ret_count <= (size_t)limit;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(copy_row(cx, rows, &views[(*ret_count)++]));
    }
    return ERR_OK;
}

Err document_list(Cx *cx, Db *db, Slice tenant, const DocumentList *list, DocumentView **ret_views,
                  size_t *ret_count, Slice *ret_cursor)
{
    DocState state = DOC_ACCEPTED;
    if (!slice_empty(list->state) && !commit_state_of(list->state, &state))
        return err_set(cx, ERR_INPUT, "state: there is no such state");
    int limit = list->limit < 1 ? 1 : list->limit > DOCUMENTS_MAX ? DOCUMENTS_MAX : list->limit;
    uint8_t before[COMMIT_ID_SIZE];
    memset(before, 0xFF, sizeof before);
    if (!slice_empty(list->cursor) &&
        base64_unhex(cx, list->cursor, before, sizeof before) != ERR_OK)
        return err_set(cx, ERR_INPUT, "cursor: is none of ours");
    DocumentView *views = arena_try_array(&cx->arena, (size_t)limit + 1, sizeof *views);
    if (views == NULL) return err_set(cx, ERR_LIMIT, "the list does not fit in memory");
    size_t count = 0;
    TRY(list_rows(cx, db, tenant, list, state, (Slice){(const char *)before, sizeof before}, limit,
                  views, &count));
    bool more = count > (size_t)limit;
    if (more) count = (size_t)limit;
    for (size_t i = 0; i < count; i++) {
        TRY(find_invoices(cx, db, tenant, &views[i]));
        TRY(find_leaf(cx, db, tenant, &views[i]));
        TRY(container_find(cx, db, tenant, &views[i]));
    }
    *ret_views = views;
    *ret_count = count;
    *ret_cursor = more ? base64_hex(cx, views[count - 1].id) : SLICE("");
    return ERR_OK;
}

Err document_events(Cx *cx, Db *db, int64_t *ret_events)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT next_sequence - 1 FROM head WHERE tenant = ''", NULL, 0, &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_events = row ? db_col_int(rows, 0) : 0;
    return ERR_OK;
}

Err document_original(Cx *cx, Flow *flow, Slice tenant, Slice reference, Slice *ret_bytes,
                      DocumentView *ret_view)
{
    Db *db = NULL;
    DocumentView view = {};
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = document_find(cx, db, tenant, reference, &view);
    if (err == ERR_OK && view.state == DOC_ERASED)
        err = err_set(cx, ERR_MISSING, SLICE_FMT " was erased: its content is gone for good",
                      SLICE_ARG(view.reference));
    if (err == ERR_OK) err = commit_original(cx, flow_store(flow), db, tenant, view.id, ret_bytes);
    store_give(flow_store(flow), db);
    if (err == ERR_OK && ret_view != NULL) *ret_view = view;
    return err;
}
