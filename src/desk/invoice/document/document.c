#include "desk/invoice/document/document.h"

#include <pthread.h>
#include <stdlib.h>

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

static void print_reason(Cx *cx, JsonOut *out, const DocumentView *view)
{
    json_out_key(out, SLICE("reason"));
    if (view->state == DOC_DUPLICATE) {
        json_out_object(out);
        json_out_pair(out, "code", SLICE("duplicate"));
        json_out_pair(out, "zh",
                      cx_printf(cx, "与 " SLICE_FMT " 是同一个文件，未重复保存。",
                                SLICE_ARG(view->first_reference)));
        json_out_pair(out, "en",
                      cx_printf(cx, "The same file as " SLICE_FMT "; it was not kept twice.",
                                SLICE_ARG(view->first_reference)));
        json_out_end_object(out);
    } else if (view->state == DOC_ERASED) {
        json_out_object(out);
        json_out_pair(out, "code", SLICE("erased"));
        json_out_pair(out, "zh", SLICE("内容已按程序永久删除；曾经收到的事实仍可证明。"));
        json_out_pair(out, "en",
                      SLICE("Its content was erased for good; that it was received is proved "
                            "still."));
        json_out_end_object(out);
    } else if (view->reason != REASON_NONE) {
        const ReasonRow *reason = reason_row(view->reason);
        json_out_object(out);
        json_out_pair(out, "code", slice_of(reason->code));
        json_out_pair(out, "zh", slice_of(reason->zh));
        json_out_pair(out, "en", slice_of(reason->en));
        json_out_end_object(out);
    } else {
        json_out_null(out);
    }
}

static void print_container(JsonOut *out, const DocumentView *view)
{
    json_out_key(out, SLICE("container"));
    if (slice_empty(view->container)) {
        json_out_null(out);
        return;
    }
    json_out_object(out);
    json_out_pair(out, "reference", view->container);
    json_out_pair(out, "file_name", view->container_name);
    json_out_end_object(out);
}

static void print_invoices(Cx *cx, JsonOut *out, const DocumentView *view, bool whole)
{
    json_out_key(out, SLICE("invoices"));
    json_out_array(out);
    for (size_t i = 0; i < view->invoice_count; i++) {
        const DocumentInvoice *invoice = &view->invoices[i];
        json_out_object(out);
        if (whole) json_out_pair(out, "id", base64_hex(cx, invoice->id));
        if (whole) json_out_pair(out, "kind", invoice->kind);
        json_out_pair(out, "code", invoice->code);
        json_out_pair(out, "number", invoice->number);
        json_out_pair(out, "relation", slice_of(commit_relation_name(invoice->relation)));
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void print_skipped(JsonOut *out, Slice names)
{
    Slice name;
    json_out_key(out, SLICE("skipped_names"));
    json_out_array(out);
    for (bool done = false; slice_cut(&names, '\n', &done, &name);)
        if (!slice_empty(name)) json_out_string(out, name);
    json_out_end_array(out);
}

// null of what is no zip. While it is being unpacked: what came out so far.
static void print_entries(Cx *cx, JsonOut *out, const DocumentView *view)
{
    json_out_key(out, SLICE("entries"));
    if (view->state != DOC_UNPACKED && view->entry_count == 0) {
        json_out_null(out);
        return;
    }
    bool over = view->state == DOC_UNPACKED;
    json_out_object(out);
    json_out_key(out, SLICE("count"));
    json_out_number(out, over ? view->entries_all : (int64_t)view->entry_count);
    json_out_key(out, SLICE("skipped"));
    json_out_number(out, view->skipped);
    print_skipped(out, view->skipped_names);
    json_out_key(out, SLICE("items"));
    json_out_array(out);
    for (size_t i = 0; i < view->entry_count; i++) {
        const DocumentView *entry = &view->entries[i];
        json_out_object(out);
        json_out_pair(out, "file_name", entry->file_name);
        json_out_pair(out, "sha256", entry->sha256);
        json_out_pair(out, "reference", entry->reference);
        json_out_pair(out, "first_reference", entry->first_reference);
        json_out_pair(out, "state", slice_of(commit_state_name(entry->state)));
        print_reason(cx, out, entry);
        print_invoices(cx, out, entry, true);
        json_out_end_object(out);
    }
    json_out_end_array(out);
    json_out_key(out, SLICE("next_cursor"));
    // A list of documents shows none of them.
    bool none = view->entry_count == 0 && view->entries_all > 0;
    if (view->entries_next > 0 || none)
        json_out_string(out, cx_printf(cx, "%lld", (long long)view->entries_next));
    else
        json_out_null(out);
    json_out_end_object(out);
}

static void print_ledger(Cx *cx, JsonOut *out, const DocumentView *view)
{
    json_out_key(out, SLICE("ledger"));
    if (view->sequence == 0) {
        json_out_null(out);
        return;
    }
    json_out_object(out);
    json_out_key(out, SLICE("index"));
    json_out_number(out, (int64_t)view->sequence - 1);
    json_out_pair(out, "leaf_hash", view->leaf_hash);
    json_out_key(out, SLICE("promise"));
    if (view->promise.size > 0)
        json_out_string(out, view->promise);
    else
        json_out_null(out);
    json_out_pair(
        out, "receipt",
        cx_printf(cx, "/api/v1/documents/" SLICE_FMT "/receipt", SLICE_ARG(view->reference)));
    json_out_end_object(out);
}

void document_print(Cx *cx, JsonOut *out, const DocumentView *view)
{
    json_out_object(out);
    json_out_pair(out, "reference", view->reference);
    json_out_pair(out, "first_reference", view->first_reference);
    json_out_pair(out, "state", slice_of(commit_state_name(view->state)));
    print_reason(cx, out, view);
    json_out_pair(out, "media", view->media);
    json_out_pair(out, "file_name", view->file_name);
    json_out_pair(out, "sha256", view->sha256);
    json_out_key(out, SLICE("size"));
    json_out_number(out, view->size);
    json_out_pair(out, "source", view->source);
    json_out_pair(out, "received_at", date_rfc3339(cx, view->received_ms));
    json_out_time(cx, out, "decided_at", view->decided_ms);
    print_invoices(cx, out, view, true);
    print_container(out, view);
    print_entries(cx, out, view);
    print_ledger(cx, out, view);
    json_out_end_object(out);
}

static Slice import_reason(Cx *cx, const DocumentView *view)
{
    if (view->state == DOC_DUPLICATE)
        return cx_printf(cx, "与 " SLICE_FMT " 是同一个文件 the same file as " SLICE_FMT,
                         SLICE_ARG(view->first_reference), SLICE_ARG(view->first_reference));
    return view->reason == REASON_NONE ? SLICE("") : slice_of(reason_row(view->reason)->code);
}

static void print_line(Cx *cx, JsonOut *out, Slice file, Slice reason, const DocumentView *view)
{
    json_out_pair(out, "file", file);
    json_out_pair(out, "sha256", view->sha256);
    json_out_pair(out, "reference", view->first_reference);
    json_out_pair(out, "state", slice_of(commit_state_name(view->state)));
    json_out_pair(out, "reason", reason);
    print_invoices(cx, out, view, false);
}

// The best that became of its entries; itself when it has none.
static const DocumentView *best_entry(const DocumentView *view)
{
    static const DocState order[] = {DOC_ACCEPTED, DOC_CONFLICT, DOC_DUPLICATE, DOC_QUARANTINED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        for (size_t at = 0; at < view->entry_count; at++)
            if (view->entries[at].state == order[i]) return &view->entries[at];
    return view->entry_count > 0 ? &view->entries[0] : view;
}

// A zip's line: as its entries stand.
static Err join_entries(Cx *cx, DocumentView *view, Slice *reason)
{
    size_t count = 0;
    for (size_t i = 0; i < view->entry_count; i++)
        count += view->entries[i].invoice_count;
    view->invoices = arena_try_array(&cx->arena, count + 1, sizeof *view->invoices);
    if (view->invoices == NULL) return err_set(cx, ERR_LIMIT, "the entries do not fit in memory");
    view->invoice_count = 0;
    for (size_t i = 0; i < view->entry_count; i++)
        for (size_t at = 0; at < view->entries[i].invoice_count; at++)
            view->invoices[view->invoice_count++] = view->entries[i].invoices[at];
    if (view->state != DOC_UNPACKED) return ERR_OK;
    const DocumentView *best = best_entry(view);
    view->state = best->state;
    bool quarantined = view->state == DOC_QUARANTINED;
    *reason = quarantined ? slice_of(reason_row(best->reason)->code) : SLICE("");
    return ERR_OK;
}

Err document_print_import(Cx *cx, Slice file, const DocumentView *view, Slice *ret_json)
{
    DocumentView line = *view;
    Slice reason = import_reason(cx, view);
    if (view->entry_count > 0) TRY(join_entries(cx, &line, &reason));
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    json_out_object(&out);
    print_line(cx, &out, file, reason, &line);
    if (view->entry_count > 0) {
        json_out_key(&out, SLICE("entries"));
        json_out_array(&out);
    }
    for (size_t i = 0; i < view->entry_count; i++) {
        json_out_object(&out);
        const DocumentView *entry = &view->entries[i];
        print_line(cx, &out, entry->file_name, import_reason(cx, entry), entry);
        json_out_end_object(&out);
    }
    if (view->entry_count > 0) json_out_end_array(&out);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
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

static Err count_states(Cx *cx, Db *db, Slice tenant, Slice day, DocumentDay *sum)
{
    AUTO_ROWS DbRows *rows = NULL;
    // Of a container its entries count.
    TRY(db_query(cx, db,
                 "SELECT COALESCE(sum(received), 0), COALESCE(sum(accepted), 0), "
                 "COALESCE(sum(duplicate), 0), COALESCE(sum(conflict), 0), "
                 "COALESCE(sum(quarantined), 0), COALESCE(sum(rejected), 0) "
                 "FROM document_day WHERE tenant = $1 AND day = $2",
                 DB_VALUES(db_text(tenant), db_text(day)), &rows));
    int64_t *const counts[] = {&sum->in_progress, &sum->accepted,    &sum->duplicate,
                               &sum->conflict,    &sum->quarantined, &sum->rejected};
    bool row = false;
    TRY(db_next(cx, rows, &row));
    for (size_t i = 0; row && i < sizeof counts / sizeof counts[0]; i++) {
        *counts[i] = db_col_int(rows, (int)i);
        sum->received += *counts[i];
    }
    return ERR_OK;
}

static Err count_all(Cx *cx, Db *db, const char *sql, const DbValue *values, size_t count,
                     int64_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, sql, values, count, &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    *ret_count = row ? db_col_int(rows, 0) : 0;
    return ERR_OK;
}

Err document_events(Cx *cx, Db *db, int64_t *ret_events)
{
    return count_all(cx, db, "SELECT next_sequence - 1 FROM head WHERE tenant = ''", NULL, 0,
                     ret_events);
}

Err document_day(Cx *cx, Db *db, Slice tenant, Slice day, DocumentDay *ret_day)
{
    DocumentDay sum = {};
    TRY(count_states(cx, db, tenant, day, &sum));
    TRY(document_events(cx, db, &sum.events));
    TRY(count_all(cx, db, "SELECT COUNT(*) FROM invoice WHERE tenant = $1",
                  DB_VALUES(db_text(tenant)), &sum.invoices));
    *ret_day = sum;
    return ERR_OK;
}

// Shared by the caller, who may stop waiting, and the flow, which answers some time.
typedef struct HandIn {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int owners;
    bool received, decided;
    Receipt receipt;
} HandIn;

// Under the mutex, which it gives back.
static void hand_in_leave(HandIn *hand_in)
{
    bool last = --hand_in->owners == 0;
    (void)pthread_cond_signal(&hand_in->changed);
    (void)pthread_mutex_unlock(&hand_in->mutex);
    if (!last) return;
    (void)pthread_cond_destroy(&hand_in->changed);
    (void)pthread_mutex_destroy(&hand_in->mutex);
    free(hand_in);
}

static void on_received(void *self, const Progress *progress)
{
    HandIn *hand_in = self;
    (void)pthread_mutex_lock(&hand_in->mutex);
    hand_in->receipt = progress->receipt;
    hand_in->received = true;
    (void)pthread_cond_signal(&hand_in->changed);
    if (progress->receipt.err != ERR_OK)
        hand_in_leave(hand_in); // there will be no decision
    else
        (void)pthread_mutex_unlock(&hand_in->mutex);
}

static void on_decided(void *self, const Progress *progress)
{
    (void)progress;
    HandIn *hand_in = self;
    (void)pthread_mutex_lock(&hand_in->mutex);
    hand_in->decided = true;
    hand_in_leave(hand_in);
}

static void hand_in_wait(Cx *cx, HandIn *hand_in, uint64_t wait_ms)
{
    uint64_t until_ms = cx->world->steady_ms(cx->world->self) + wait_ms;
    const struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                                   .tv_nsec = (long)(until_ms % 1000 * 1'000'000)};
    (void)pthread_mutex_lock(&hand_in->mutex);
    while (!hand_in->received)
        (void)pthread_cond_wait(&hand_in->changed, &hand_in->mutex);
    bool late = wait_ms == 0 || hand_in->receipt.err != ERR_OK;
    while (!hand_in->decided && !late)
        late = pthread_cond_clockwait(&hand_in->changed, &hand_in->mutex, CLOCK_MONOTONIC,
                                      &until) != 0;
}

static Err find_by_reference(Cx *cx, Flow *flow, Slice tenant, Slice reference, DocumentView *view)
{
    Db *db = NULL;
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = document_find(cx, db, tenant, reference, view);
    store_give(flow_store(flow), db);
    return err;
}

Err document_hand_in(Cx *cx, Flow *flow, const Arrival *arrival, uint64_t wait_ms,
                     DocumentView *ret_view)
{
    HandIn *hand_in = calloc(1, sizeof *hand_in); // owned: by both sides, freed by the last
    if (hand_in == NULL) return err_set(cx, ERR_LIMIT, "out of memory");
    (void)pthread_mutex_init(&hand_in->mutex, NULL);
    (void)pthread_cond_init(&hand_in->changed, NULL);
    hand_in->owners = 2;
    Err err = flow_receive(cx, flow, arrival, on_received, on_decided, hand_in);
    if (err != ERR_OK) {
        hand_in->owners = 1;
        (void)pthread_mutex_lock(&hand_in->mutex);
        hand_in_leave(hand_in);
        return err;
    }
    hand_in_wait(cx, hand_in, wait_ms);
    const Receipt receipt = hand_in->receipt;
    hand_in_leave(hand_in);
    if (receipt.err != ERR_OK) return err_set(cx, receipt.err, "%s", receipt.err_text);
    return find_by_reference(cx, flow, arrival->tenant, slice_of(receipt.reference), ret_view);
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
