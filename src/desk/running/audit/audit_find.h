// Findings of an audit: their kinds in one table, and the list that a run fills.
#pragma once
#include "desk/running/audit/audit.h"

typedef enum AuditKind {
    AUDIT_KEYS,
    AUDIT_SCHEMA,
    AUDIT_DATABASE,
    AUDIT_UNKNOWN_FILE,
    AUDIT_META,
    AUDIT_HEAD,
    AUDIT_EVENT_GAP,
    AUDIT_EVENT_LEAF,
    AUDIT_EVENT_CHAIN,
    AUDIT_EVENT_CONTENT,
    AUDIT_EVENT_ROW,
    AUDIT_KEY_GONE,
    AUDIT_KEY_DAMAGED,
    AUDIT_KEY_STRAY,
    AUDIT_DOCUMENT,
    AUDIT_DOCUMENT_GONE,
    AUDIT_DOCUMENT_STRAY,
    AUDIT_BYTES,
    AUDIT_READING,
    AUDIT_READING_GONE,
    AUDIT_READING_STRAY,
    AUDIT_IDENTITY,
    AUDIT_IDENTITY_GONE,
    AUDIT_IDENTITY_STRAY,
    AUDIT_REFERENCE,
    AUDIT_SEGMENT,
    AUDIT_SEGMENT_GONE,
    AUDIT_HASHES,
    AUDIT_CHECKPOINT,
    AUDIT_CHECKPOINT_FILE,
    AUDIT_COSIGNATURE,
    AUDIT_WATCHER,
    AUDIT_STATEMENT,
    AUDIT_REFUSAL,
    AUDIT_RUN,
    AUDIT_PROJECTION,
    AUDIT_ROW,
    AUDIT_ROW_GONE,
    AUDIT_ROW_STRAY,
    AUDIT_KIND_COUNT
} AuditKind;

typedef struct AuditKindRow {
    const char *code, *zh, *en;
} AuditKindRow;
const AuditKindRow *audit_find_kind(AuditKind kind);

typedef struct AuditFindings {
    Cx *keep; // whose arena holds them
    AuditFinding *all;
    size_t count;
    uint64_t of_kind[AUDIT_KIND_COUNT];
    uint64_t more;
} AuditFindings;

Err audit_find_open(Cx *keep, AuditFindings *ret_findings);
// `where` and `detail` are copied; `detail` may be "". What is over a limit is counted.
void audit_find_add(AuditFindings *findings, AuditKind kind, Slice where, Slice detail);
// "table(a, b)": the row with this key.
Slice audit_find_row(Cx *cx, const char *table, Slice tenant, Slice key);
Slice audit_find_event(Cx *cx, uint64_t sequence);
