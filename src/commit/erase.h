// Erase: one document, for ever.
//
//   the document ─▶ the first with these bytes, and every duplicate of it
//                ─▶ every container that one of them came in (its bytes hold theirs)
//                ─▶ every invoice that no other document carries
//
// Each of them gets the event `erased` at the end of its chain, then loses its content key, in one
// transaction; invoices that another document carries are made anew from what is left. The
// event is sealed under a key of its own (event_log_key) and says codes, counts and digests alone.
//
// What is erased:    bytes, readings, contents of events; all that projections say of it.
// What stays:        references, sizes, SHA-256, times, leaves, the order of events, tags of
//                    numbers (keyed: who has the folder's tag key can try a number, not read one).
//
// An accepted invoice must be kept (会计档案管理办法, annex: vouchers 30 years, counted from the
// end of the year of issue), so its documents are erased only when
//   retention_over   these years are over,
//   wrong_upload     it came no more than LIMIT_ERASE_WRONG_DAYS ago,
//   court_order      a court or an authority has ordered it.
// What was not accepted may be erased at any time, for any reason.
#pragma once
#include "commit/event_log.h"

#define ERASE_RETENTION_YEARS 30

// Whether `reason` is one of court_order, personal_data, retention_over, wrong_upload.
bool erase_is_reason(Slice reason);
// What is known under the newest facts: ERR_OK when it may be erased now; ERR_MISSING when there is
// no such document; ERR_CONFLICT when it was erased, is still being read, or must be kept: the text
// says which; ERR_INPUT when the reason is none; ERR_LIMIT.
Err erase_may(Cx *cx, Db *db, uint64_t time_ms, const Erasure *erasure);
// Errors as erase_may. Within the writer's transaction, which is taken back when it fails.
Err erase_run(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, Erasure *erasure);
