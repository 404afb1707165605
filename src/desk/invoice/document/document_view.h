// Document view: what is known of a document, for whoever shows it.
#pragma once
#include "commit/commit.h"

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
