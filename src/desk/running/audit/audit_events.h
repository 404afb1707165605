// Events of a folder in their order: all of them, or those of the sample. A part of the checks.
#pragma once
#include "desk/running/audit/audit_check.h"
#include "ledger/leaf.h"

typedef struct AuditEvent { // one row, borrowed until the next
    uint64_t sequence;
    int64_t type, follows, time_ms;
    Slice tenant, subject, previous, leaf_hash, sha256, sm3, actor, source;
    Slice content; // "" unless asked for
} AuditEvent;

typedef Err AuditVisit(Cx *cx, Audit *audit, const AuditEvent *event, void *self);
// From sequence `from` on (0 = all), in order. Each visit has an arena of its own as `cx`.
Err audit_events_each(Cx *cx, Audit *audit, uint64_t from, bool content, AuditVisit *visit,
                      void *self, uint64_t *ret_count);
