// The inside of an audit: what its checks share. A part of audit.c.
#pragma once
#include "commit/commit.h"
#include "desk/running/audit/audit.h"
#include "desk/running/audit/audit_find.h"
#include "desk/running/audit/audit_scratch.h"
#include "publish/log.h"

#define AUDIT_TYPES 32 // more than there are types of events

// One event as the later checks need it, by sequence - 1. Zeroed: there is no such event.
typedef struct AuditSeen {
    Digest leaf;
    uint8_t subject[16]; // of a digest of tenant and subject
    uint64_t time_ms;
    uint64_t mark; // type in the upper 8 bits, a hash of tenant, actor and source in the others
} AuditSeen;

typedef struct Audit {
    const AuditOptions *options;
    const char *scratch; // folder
    Store *store;
    Db *db;   // the snapshot
    Log *log; // NULL: the folder has none yet
    // Of the files that follow the database, as they were before the snapshot was taken: all that
    // they said then is in it.
    uint64_t hashes_size; // bytes
    Slice checkpoint;     // "" = there was no such file
    AuditFindings findings;
    AuditReport *report;
    const char *zh, *en; // of the check that runs
    AuditScratch notes;  // AuditSeen; not filled in a sample
    uint64_t events;     // the largest sequence
    uint64_t types[AUDIT_TYPES];
    uint64_t seed;
    int waits;   // for files that a server beside us is writing
    bool broken; // an event could not be read: projections can't be compared
} Audit;

// *ret_things: how much was looked at.
typedef Err AuditCheck(Cx *cx, Audit *audit, uint64_t *ret_things);
AuditCheck audit_schema, audit_database, audit_files, audit_events, audit_rows, audit_references,
    audit_bound, audit_ledger, audit_tree, audit_segments, audit_content, audit_projections;

void audit_check_progress(const Audit *audit, uint64_t done, uint64_t all);
// Tenant, LF, subject.
void audit_check_subject(Slice tenant, Slice subject, uint8_t ret_half[static 16]);
uint64_t audit_check_mark(int64_t type, Slice tenant, Slice actor, Slice source);
#define AUDIT_MARK_TYPE(mark) ((int64_t)((mark) >> 56))
