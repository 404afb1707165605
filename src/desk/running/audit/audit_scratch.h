// Scratch: an array of equal records in an unlinked temporary file, mapped: it grows with the
// folder, and memory does not. Zeroed where nothing was written.
#pragma once
#include "base/cx.h"

typedef struct AuditScratch {
    char *bytes;                // NULL = closed
    size_t record, room, count; // bytes of one; records there is room for; up to the last used
    int fd;
} AuditScratch;

Err audit_scratch_open(Cx *cx, const char *folder, size_t record, AuditScratch *ret_scratch);
void audit_scratch_close(AuditScratch *scratch); // a zeroed or closed one too
// The record, which may be a new one. Valid until the next audit_scratch_at of a larger index.
// ERR_STORE when the disk is full.
Err audit_scratch_at(Cx *cx, AuditScratch *scratch, uint64_t index, void **ret_record);
// NULL when nothing was written so far on.
const void *audit_scratch_find(const AuditScratch *scratch, uint64_t index);

// A bag: records found by 16 bytes of a digest. Add all, sort, then find.
typedef struct AuditBagRow {
    uint8_t key[16];
    uint64_t value; // whatever it belongs to
    uint64_t seen;  // for the finder
    uint64_t extra;
} AuditBagRow;
Err audit_scratch_bag_add(Cx *cx, AuditScratch *bag, const AuditBagRow *row);
// By key, equal keys by value.
void audit_scratch_bag_sort(AuditScratch *bag);
// The first of that key; NULL when there is none.
AuditBagRow *audit_scratch_bag_find(AuditScratch *bag, const uint8_t key[static 16]);
