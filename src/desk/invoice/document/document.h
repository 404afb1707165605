// Document desk: hand a file in, ask what became of it, get it back.
#pragma once
#include "flow/flow.h"
#include "format/json/json_out.h"

typedef struct DocumentInvoice {
    Slice id; // 16 bytes
    Slice kind, code, number;
    Relation relation;
} DocumentInvoice;

// A document as it stands now. Slices live in the arena.
typedef struct DocumentView DocumentView;
struct DocumentView {
    Slice id; // 16 bytes
    Slice reference, first_reference, media, file_name, source;
    Slice sha256; // hexadecimal
    DocState state;
    Reason reason;
    int64_t size;
    uint64_t received_ms, decided_ms; // decided_ms 0 while in progress
    DocumentInvoice *invoices;
    size_t invoice_count;
    // Where its receipt lies in the ledger: of the event "received".
    uint64_t sequence; // the leaf's index + 1; 0 = not known
    Slice leaf_hash;   // hexadecimal
    Slice promise;     // the file (ledger/promise.h), told on acceptance alone; else ""
    // The zip that it came in: reference and file name; "" when it was handed in as it is.
    Slice container, container_name;
    // Of a zip that was unpacked: how many documents came out, how many files were left out and the
    // names of these, each with LF (as many as there was room for).
    int64_t entries_all, skipped;
    Slice skipped_names;
    // Its documents, when they were asked for (container.h); entries_next: where the next page
    // begins, 0 = there is none.
    DocumentView *entries;
    size_t entry_count;
    int64_t entries_next;
};

// With the first CONTAINER_PAGE entries of a zip. ERR_MISSING when there is no such reference.
Err document_find(Cx *cx, Db *db, Slice tenant, Slice reference, DocumentView *ret_view);
// A document that was received just now, and is not a duplicate: what document_find would say,
// without looking. `arrival` is the one that the receipt answers.
void document_received(Cx *cx, const Arrival *arrival, const Receipt *receipt,
                       DocumentView *ret_view);
// The object of the API (`Document`), and the line that `fapiao import` prints. The state of a
// zip's line is the best among its entries (accepted, conflict, duplicate, quarantined), its
// invoices are theirs.
void document_print(Cx *cx, JsonOut *out, const DocumentView *view);
Err document_print_import(Cx *cx, Slice file, const DocumentView *view, Slice *ret_json);

typedef struct DocumentList {
    Slice state, day; // "" = any
    Slice cursor;     // "" = from the newest
    int limit;        // 1..200
} DocumentList;
// Newest first. *ret_cursor "" at the end. ERR_INPUT for a cursor that is none of ours.
Err document_list(Cx *cx, Db *db, Slice tenant, const DocumentList *list, DocumentView **ret_views,
                  size_t *ret_count, Slice *ret_cursor);

// Today's equation, zips that were unpacked left out: received = accepted + duplicate + conflict +
// quarantined + rejected + in_progress.
typedef struct DocumentDay {
    int64_t received, accepted, duplicate, conflict, quarantined, rejected, in_progress;
    int64_t invoices, events; // of all time; events of the whole folder
} DocumentDay;
Err document_day(Cx *cx, Db *db, Slice tenant, Slice day, DocumentDay *ret_day);
// The last of these alone.
Err document_events(Cx *cx, Db *db, int64_t *ret_events);

// Hand in and wait until it is decided (or `wait_ms` have passed; 0 = only until it is durable).
// The receipt's own Err becomes this Err.
Err document_hand_in(Cx *cx, Flow *flow, const Arrival *arrival, uint64_t wait_ms,
                     DocumentView *ret_view);
// ret_view may be NULL.
Err document_original(Cx *cx, Flow *flow, Slice tenant, Slice reference, Slice *ret_bytes,
                      DocumentView *ret_view);
