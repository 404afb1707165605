// Document desk: ask what became of a file, get it back. Handing one in: document_hand_in.h.
#pragma once
#include "desk/invoice/document/document_view.h"
#include "flow/flow.h"

// With the first CONTAINER_PAGE entries of a zip. ERR_MISSING when there is no such reference.
Err document_find(Cx *cx, Db *db, Slice tenant, Slice reference, DocumentView *ret_view);
// A document that was received just now, and is not a duplicate: what document_find would say,
// without looking. `arrival` is the one that the receipt answers.
void document_received(Cx *cx, const Arrival *arrival, const Receipt *receipt,
                       DocumentView *ret_view);
typedef struct DocumentList {
    Slice state, day; // "" = any
    Slice cursor;     // "" = from the newest
    int limit;        // 1..200
} DocumentList;
// Newest first. *ret_cursor "" at the end. ERR_INPUT for a cursor that is none of ours.
Err document_list(Cx *cx, Db *db, Slice tenant, const DocumentList *list, DocumentView **ret_views,
                  size_t *ret_count, Slice *ret_cursor);

// Events of the whole folder, of all time.
Err document_events(Cx *cx, Db *db, int64_t *ret_events);

// ret_view may be NULL.
Err document_original(Cx *cx, Flow *flow, Slice tenant, Slice reference, Slice *ret_bytes,
                      DocumentView *ret_view);
