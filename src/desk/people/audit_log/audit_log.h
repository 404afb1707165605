// Audit log: who did what to what, from where, and how it went, read back for those who audit.
//
// The entries are events of type `audited` in the ledger (commit/audited.h): nobody, no
// administrator either, changes or removes one unseen. What is filtered by stands in the projection
// audit_entry; the address, and what was before and after, are opened from the event itself.
// Documents' own events (received, accepted …) say who, from where and when by themselves: with
// `documents` they stand among the entries, as "document.received", "invoice.accepted" ….
//
// Order: newest first; of entries alone by time, with `documents` by sequence. A page looks at no
// more than LIMIT_AUDIT_LOG_SCAN rows and may be short, or empty, with more to come: go on with
// `next` until it is "".
#pragma once
#include "permission/permission.h"
#include "store/store.h"

typedef struct AuditLogQuery {
    bool all;                                      // of all organisations and the platform
    Slice tenant;                                  // else of this one; "" = the platform
    uint64_t from_ms, to_ms;                       // from <= time < to; to 0 = open
    Slice actor, act, object_kind, object, result; // "" = any
    bool documents;
    Slice cursor; // `next` of the page before; "" = the newest
    size_t limit; // 0 = LIMIT_AUDIT_LOG_PAGE
} AuditLogQuery;

typedef struct AuditLogEntry {
    Slice tenant;
    uint64_t sequence, time_ms;
    Slice actor, source, act, object_kind, object, result;
    Slice address, before, after; // "" when there was none, or when erased
    bool erased;                  // the month's content key is gone
    // Whom actor and object name, for a reader who may know; "" = not said. Filled in at the door.
    Slice actor_name, object_name;
} AuditLogEntry;

typedef struct AuditLogPage {
    AuditLogEntry *entries; // in the arena
    size_t count;
    size_t erased;  // of these, how many show no address, before and after any more
    size_t scanned; // rows that were looked at
    Slice next;     // "" = that was all
} AuditLogPage;

// Whose entries `actor` may read: of all organisations, or of `organisation` when that is not "",
// for those who audit the platform; of their own for others. ERR_DENIED.
Err audit_log_scope(Cx *cx, const PermissionActor *actor, Slice organisation, AuditLogQuery *query);
// ERR_INPUT when the cursor is none of ours.
Err audit_log_page(Cx *cx, Store *store, Db *db, const AuditLogQuery *query,
                   AuditLogPage *ret_page);
// "2026-11-21" in China, its first millisecond, or RFC 3339 in UTC ("2026-11-21T10:30:00Z"). With
// `end` a day is its end: the first millisecond of the next one.
Err audit_log_time(Cx *cx, Slice text, bool end, uint64_t *ret_ms);
