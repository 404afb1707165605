// Audit: is everything in a data folder what it was when it was written? Reads, never writes.
//
//   folder ─▶ one snapshot ─▶ the table of checks, in order ─▶ findings, each with its place
//
// It works beside a running server (a read transaction) and on a folder alone, without the lock.
// What is wrong with the folder is a finding, not an Err. What nobody can see from the folder alone
// (the whole of it put back to yesterday's) is the work of witnesses.
// See docs/operate/audit.md for what each kind means.
#pragma once
#include "base/cx.h"

#define AUDIT_CHECKS_MAX 16

typedef struct AuditProgress {
    const char *zh, *en; // of the check
    uint64_t done, all;  // of this check; all = 0: not known
} AuditProgress;

typedef struct AuditOptions {
    const char *folder;
    const char *key_file; // NULL: where store.h says
    bool no_content;      // events, tree and rows: nothing is decrypted but the database's pages
    bool quick;           // a sample of the events, and always schema, heads and tail
    uint64_t seed;        // of the sample; 0 = random
    uint64_t from;        // content of events before this sequence was verified before; 0 = none
    const char *state;    // file where an interrupted run left how far it was; NULL = none
    bool resume;          // go on from there
    const char *scratch;  // folder for unlinked, sealed temporary files; NULL = TMPDIR, /var/tmp
    void (*progress)(void *self, const AuditProgress *progress); // may be NULL
    void *self;
} AuditOptions;

typedef struct AuditFinding {
    const char *kind; // "event_leaf", …
    Slice where;      // "event(12)", "segments/<name>@17", "ledger/hashes@320, leaf 10"
    Slice text, text_en;
} AuditFinding;

typedef struct AuditChecked {
    const char *name; // of the check
    uint64_t things;  // rows, records, hashes, …
    uint64_t ms;
} AuditChecked;

typedef struct AuditReport {
    bool ok;
    AuditFinding *findings;
    size_t count;
    uint64_t more; // findings over LIMIT_AUDIT_FINDINGS, or over those of one kind
    AuditChecked checked[AUDIT_CHECKS_MAX];
    size_t checked_count;
    uint64_t events, erased, from,
        seed;   // events there; erased subjects' events; seed 0 = no sample
    Slice root; // hexadecimal, of the tree over all events; "" in a sample
} AuditReport;

// Findings live in cx's arena. ERR_MISSING when there is no folder or no key; ERR_STORE.
Err audit_run(Cx *cx, const AuditOptions *options, AuditReport *ret_report);
// {"ok":…,"checked":{…},"findings":[{"kind","where","text","text_en"}],…}, one line without LF.
Err audit_print(Cx *cx, const AuditReport *report, Slice *ret_json);
