#include "desk/invoice/document/document_print.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"

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

Err document_print_whole(Cx *cx, const DocumentView *view, Slice *ret_json)
{
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    document_print(cx, &out, view);
    return json_out_done(cx, &out, ret_json);
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
