#include "desk/invoice/document/container.h"

#include "base/base64.h"
#include "base/limits.h"

static Err find_outer(Cx *cx, Db *db, Slice tenant, DocumentView *view)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT s.reference, s.file_name FROM document_entry e JOIN document_state s "
                 "ON s.tenant = e.tenant AND s.document = e.container "
                 "WHERE e.tenant = $1 AND e.document = $2",
                 DB_VALUES(db_text(tenant), db_blob(view->id)), &rows));
    bool row = false;
    view->container = view->container_name = SLICE("");
    TRY(db_next(cx, rows, &row));
    if (!row) return ERR_OK;
    TRY(cx_copy(cx, db_col_text(rows, 0), &view->container));
    return cx_copy(cx, db_col_text(rows, 1), &view->container_name);
}

Err container_find(Cx *cx, Db *db, Slice tenant, DocumentView *view)
{
    TRY(find_outer(cx, db, tenant, view));
    view->skipped_names = SLICE("");
    if (view->state != DOC_UNPACKED) return ERR_OK;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT entries, skipped, skipped_names FROM document_container "
                 "WHERE tenant = $1 AND document = $2",
                 DB_VALUES(db_text(tenant), db_blob(view->id)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_CORRUPT, "a container's row is missing");
    view->entries_all = db_col_int(rows, 0);
    view->skipped = db_col_int(rows, 1);
    return cx_copy(cx, db_col_text(rows, 2), &view->skipped_names);
}

// An entry's row comes once for each of its invoices. A duplicate carries what the first one does.
static const char entries_sql[] =
    "SELECT e.entry, s.document, s.reference, s.state, s.reason, s.file_name, s.sha256, s.size, "
    "c.invoice, i.kind, i.code, i.number, c.relation, s.media, s.source "
    "FROM document_state z "
    "JOIN document_entry e ON e.tenant = z.tenant AND e.container = z.document "
    "JOIN document_state s ON s.tenant = e.tenant AND s.document = e.document "
    "JOIN document_state f ON f.tenant = s.tenant "
    "AND f.reference = CASE s.state WHEN 'duplicate' THEN s.reason ELSE s.reference END "
    "LEFT JOIN carrier c ON c.tenant = f.tenant AND c.document = f.document "
    "LEFT JOIN invoice i ON i.tenant = c.tenant AND i.id = c.invoice "
    "WHERE z.tenant = $1 AND z.reference = $2 AND e.entry >= $3 ORDER BY e.entry, c.ordinal";

static Err copy_entry(Cx *cx, const DbRows *rows, DocumentView *entry)
{
    *entry = (DocumentView){.container = SLICE(""),
                            .container_name = SLICE(""),
                            .skipped_names = SLICE(""),
                            .promise = SLICE(""),
                            .leaf_hash = SLICE(""),
                            .size = db_col_int(rows, 7)};
    TRY(cx_copy(cx, db_col_blob(rows, 1), &entry->id));
    TRY(cx_copy(cx, db_col_text(rows, 2), &entry->reference));
    if (!commit_state_of(db_col_text(rows, 3), &entry->state))
        return err_set(cx, ERR_CORRUPT, "a document's state is unknown");
    entry->first_reference = entry->reference;
    if (entry->state == DOC_DUPLICATE)
        TRY(cx_copy(cx, db_col_text(rows, 4), &entry->first_reference));
    else
        (void)reason_of_code(db_col_text(rows, 4), &entry->reason);
    TRY(cx_copy(cx, db_col_text(rows, 5), &entry->file_name));
    entry->sha256 = base64_hex(cx, db_col_blob(rows, 6));
    TRY(cx_copy(cx, db_col_text(rows, 13), &entry->media));
    return cx_copy(cx, db_col_text(rows, 14), &entry->source);
}

// Rows of one entry follow one another, so its list may grow where it is.
static Err copy_invoice(Cx *cx, const DbRows *rows, DocumentView *entry)
{
    if (db_col_null(rows, 8)) return ERR_OK;
    if (entry->invoices == NULL)
        entry->invoices = arena_try_array(&cx->arena, LIMIT_DRAFTS, sizeof *entry->invoices);
    if (entry->invoices == NULL) return err_set(cx, ERR_LIMIT, "the entries do not fit in memory");
    if (entry->invoice_count == LIMIT_DRAFTS) return ERR_OK; // no document has more
    DocumentInvoice *invoice = &entry->invoices[entry->invoice_count++];
    TRY(cx_copy(cx, db_col_blob(rows, 8), &invoice->id));
    TRY(cx_copy(cx, db_col_text(rows, 9), &invoice->kind));
    TRY(cx_copy(cx, db_col_text(rows, 10), &invoice->code));
    TRY(cx_copy(cx, db_col_text(rows, 11), &invoice->number));
    invoice->relation = RELATION_NEW;
    (void)commit_relation_of(db_col_text(rows, 12), &invoice->relation);
    return ERR_OK;
}

Err container_entries(Cx *cx, Db *db, Slice tenant, int64_t from, int limit, DocumentView *view)
{
    AUTO_ROWS DbRows *rows = NULL;
    view->entries = arena_try_array(&cx->arena, (size_t)limit, sizeof *view->entries);
    if (view->entries == NULL) return err_set(cx, ERR_LIMIT, "the entries do not fit in memory");
    view->entry_count = 0;
    view->entries_next = 0;
    TRY(db_query(cx, db, entries_sql,
                 DB_VALUES(db_text(tenant), db_text(view->first_reference), db_int(from)), &rows));
    int64_t entry = -1;
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        if (db_col_int(rows, 0) != entry) {
            entry = db_col_int(rows, 0);
            if (view->entry_count == (size_t)limit) {
                view->entries_next = entry;
                return ERR_OK;
            }
            TRY(copy_entry(cx, rows, &view->entries[view->entry_count++]));
        }
        TRY(copy_invoice(cx, rows, &view->entries[view->entry_count - 1]));
    }
}

Err container_join(Cx *cx, const DocumentView *inner, size_t at, DocumentView *view)
{
    size_t count = view->entry_count - 1 + inner->entry_count;
    DocumentView *joined = arena_try_array(&cx->arena, count + 1, sizeof *joined);
    if (joined == NULL) return err_set(cx, ERR_LIMIT, "the entries do not fit in memory");
    const DocumentView *zip = &view->entries[at];
    memcpy(joined, view->entries, at * sizeof *joined);
    for (size_t i = 0; i < inner->entry_count; i++) {
        joined[at + i] = inner->entries[i];
        joined[at + i].file_name = cx_printf(cx, SLICE_FMT "/" SLICE_FMT, SLICE_ARG(zip->file_name),
                                             SLICE_ARG(inner->entries[i].file_name));
    }
    memcpy(joined + at + inner->entry_count, zip + 1,
           (view->entry_count - at - 1) * sizeof *joined);
    view->entries = joined;
    view->entry_count = count;
    return ERR_OK;
}

Err container_all(Cx *cx, Db *db, Slice tenant, DocumentView *view)
{
    const int limit = (int)LIMIT_ZIP_ENTRIES;
    if (view->state != DOC_UNPACKED && view->state != DOC_DUPLICATE) return ERR_OK;
    TRY(container_entries(cx, db, tenant, 0, limit, view));
    for (size_t i = 0; i < view->entry_count; i++) {
        DocumentView inner = view->entries[i];
        if (inner.state != DOC_UNPACKED) continue;
        TRY(container_entries(cx, db, tenant, 0, limit, &inner));
        TRY(container_join(cx, &inner, i, view));
        i += inner.entry_count - (inner.entry_count > 0);
    }
    return ERR_OK;
}
