// Completeness: what came on a day and what became of it, by source, counted in documents.
//
//   received = accepted + duplicate + conflict + quarantined + rejected + in_progress
//
// received = handed_in + carried + released + rejected - unpacked: the files of that day, those
// that were still in progress when the day before was closed, and those that were let out of
// quarantine that day; but not a zip that was unpacked, whose files were handed in each for itself.
// A day that was signed (statement.h) is never counted anew: what happens to its files later counts
// on the day when it happens. A day is one of China's (+08:00).
#pragma once
#include "desk/running/completeness/equation.h"
#include "store/store.h"

// As it stands now (completeness_kept), or as it was signed. ERR_INPUT when `day` is no date;
// ERR_LIMIT for more than EQUATION_SOURCES_MAX sources. Takes a snapshot of its own: not in a
// transaction.
Err completeness_day(Cx *cx, Db *db, Slice tenant, Slice day, EquationDay *ret_day);
// Counted anew from documents and events, whether the day is signed or not. In a transaction, or a
// snapshot (db_begin_read), for an exact answer.
Err completeness_count(Cx *cx, Db *db, Slice tenant, Slice day, EquationDay *ret_day);
// The same by the counts that are kept with each change of a document (document_day): it costs what
// there are sources, and what was let out of quarantine since the day began or, of earlier days,
// was decided since the day before was closed. `fapiao audit` holds those counts against what the
// events say; no day is signed by them. In a transaction, or a snapshot.
Err completeness_kept(Cx *cx, Db *db, Slice tenant, Slice day, EquationDay *ret_day);
// The first day on which a document of the tenant came, by the facts; "" when none did.
Err completeness_first(Cx *cx, Db *db, Slice tenant, Slice *ret_day);
// SHA-256 over a line for each file that was refused that day, by time, then id:
//   <id, hexadecimal> <source> <reason> <size> <ms since 1970> LF
// ERR_INPUT when `day` is no date.
Err completeness_refused(Cx *cx, Db *db, Slice tenant, Slice day, Digest *ret_digest);
