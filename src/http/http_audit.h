// Routes of the audit log, and what other routes leave in it.
#pragma once
#include "commit/commit.h"
#include "http/call.h"

Err http_audit_list(Call *call);
// Up to LIMIT_AUDIT_LOG_EXPORT entries; with more to come a header Link says where (rel="next").
Err http_audit_csv(Call *call);
Err http_audit_ndjson(Call *call);

// This call was refused: who may not do what its route does. From run() in http.c.
void http_audit_refused(Call *call);
// An entry of who asks, from where; the rest is the route's.
AuditNote http_audit_note(const Call *call, const char *act, const char *object_kind, Slice object);
// For a write that has no entry in its own transaction: leaves one that says how it went, durable
// when it returns, and answers `err` with its text. On a worker's thread.
Err http_audit_wrote(Call *call, const AuditNote *note, Err err);
