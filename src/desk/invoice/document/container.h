// Container: a zip and the documents that came out of it.
#pragma once
#include "desk/invoice/document/document_view.h"

#define CONTAINER_PAGE 200 // entries in one answer of the API

// Which container it came out of, and, of one that was unpacked, how many came out and what was
// left out. Fills .container … .skipped_names.
Err container_find(Cx *cx, Db *db, Slice tenant, DocumentView *view);
// Its entries with their invoices, in the archive's order, from number `from` on (0 = the first),
// at most `limit` >= 1 of them: .entries, .entry_count, .entries_next. Of a duplicate: those of the
// first with its bytes. None when it is no container. ERR_LIMIT. A zip in it is an entry like any
// other, in state unpacked.
Err container_entries(Cx *cx, Db *db, Slice tenant, int64_t from, int limit, DocumentView *view);
// Puts the entries of `inner` where the entry at `at` of `view` stands, which is that zip; their
// names then begin with its name.
Err container_join(Cx *cx, const DocumentView *inner, size_t at, DocumentView *view);
// All of them, zips in it joined: what `fapiao import` tells. At most LIMIT_ZIP_ENTRIES each.
Err container_all(Cx *cx, Db *db, Slice tenant, DocumentView *view);
