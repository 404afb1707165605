// Audited: one entry of the audit log (操作日志) as an event of the ledger.
//
// The entries of an organisation and a month (in China) are one chain, under one content key: what
// is personal in them can be erased with that key once the months that must be kept are over, and
// whoever takes one out or slips one in breaks the chain.
//
//   subject   "audit-" part "-" YYYYMM       16 bytes; part 000, or the next behind an erased one
#pragma once
#include "commit/event_log.h"

// "done"; "refused" when the reason lies with who asked, "failed" when it lies with the machine.
Slice audited_result(Err err);
// Appends the entry: what `note` says of a write that ended with `err`. A result in the note stands
// where `err` is ERR_OK. Texts are cut and cleaned; before and after, when they are over
// LIMIT_AUDIT_VALUE_BYTES, become {"bytes":…,"sha256":…}. In the writer's transaction.
Err audited_append(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, const AuditNote *note, Err err,
                   EventMark *ret_mark);
// The chain's subject, of COMMIT_ID_SIZE bytes; `part` 0 .. 999.
Slice audited_subject(Cx *cx, uint64_t time_ms, int part);
// A copy in the arena.
Err audited_copy(Cx *cx, const AuditNote *note, AuditNote *ret_note);
