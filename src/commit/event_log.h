// Event log: appends events to the chain of their subject, in the writer's transaction.
//
//   body ─▶ canonical bytes ─▶ salt, two commitments ─▶ leaf ─▶ row, sealed under the subject's key
//
// Sequence numbers are dense over the whole folder (one log for all tenants), references by tenant
// and year: the next ones are held here during a group and written once by event_log_flush. After a
// rollback call event_log_forget.
#pragma once
#include "commit/commit.h"
#include "commit/tally.h"
#include "ledger/leaf.h"

#define EVENT_LOG_TENANT_SIZE 64 // bytes, of a tenant's name
#define EVENT_LOG_WAITING     64 // events that are digested and written together

// By which an event is found again when the answer of a commit was lost.
typedef struct EventMark {
    uint64_t sequence; // 0 = no event
    Digest leaf_hash;
} EventMark;

// An event that has its number and its place in the projections, but no leaf and no row yet.
typedef struct EventWaiting {
    EventType type;
    Slice tenant, actor, source, subject; // as canonical borrowed from its command
    Slice canonical;
    AeadKey key;
    uint64_t time_ms;
    ProofOpening *opening; // may be NULL
    uint64_t sequence;
    EventMark *mark; // takes the leaf hash, unless another event was put there since
} EventWaiting;

typedef struct EventLog {
    Store *store;
    CommitFold *fold;       // may be NULL
    CommitRefold *refold;   // of an erasure; may be NULL
    bool no_leaves;         // bench only, as in CommitOptions
    bool keep_leaves;       // gather `leaves`: what promises are made over
    uint64_t next_sequence; // 0 = not loaded
    // Of this group, in order: the events of sequence first_sequence …
    uint64_t first_sequence; // 0 = none yet
    size_t leaf_count;
    Digest *leaves; // with keep_leaves
    size_t leaf_room;
    char tenant[EVENT_LOG_TENANT_SIZE];
    size_t tenant_size;
    bool tenant_known; // false = none is loaded
    uint8_t tenant_tag[LEAF_TENANT_TAG_SIZE];
    int year; // of next_reference; 0 = not loaded
    int64_t next_reference;
    Tally tally; // of this group
    EventWaiting waiting[EVENT_LOG_WAITING];
    size_t waiting_count;
} EventLog;

typedef struct Event {
    EventType type;
    // The first of its subject, and all that it borrows but its key stays until event_log_flush, as
    // does where the mark is put, whose leaf_hash is set by then. Many are digested at once.
    bool may_wait;
    Slice tenant, actor, source, subject;
    const AeadKey *key; // of the subject
    bool first;         // the subject has no event yet
    uint64_t time_ms;
    EventBody body; // what append does not fill in: all but actor, event, source, subject … v
    ProofOpening *opening; // is filled; its canonical bytes lie in the arena. May be NULL
    // For the fold, as in Fact:
    const Draft *draft;
    Slice draft_json;
    Slice reading, document;
    int ordinal;
    Basis basis;
} Event;

// A group begins: what was gathered of the one before is dropped.
void event_log_begin(EventLog *log);
void event_log_done(EventLog *log); // frees what was gathered
Err event_log_append(Cx *cx, EventLog *log, Db *db, const Event *event, EventMark *ret_mark);
// The next "R-2026-000123" of this tenant, by the year in China.
Err event_log_reference(Cx *cx, EventLog *log, Db *db, Slice tenant, uint64_t time_ms,
                        char ret_reference[static COMMIT_REFERENCE_SIZE]);
// Writes the rows of events that wait: before anybody looks for one.
Err event_log_settle(Cx *cx, EventLog *log, Db *db);
Err event_log_flush(Cx *cx, EventLog *log, Db *db); // settles, too
void event_log_forget(EventLog *log);               // keeps what was gathered
// Whether that event lies in the database.
Err event_log_has(Cx *cx, Db *db, Slice tenant, const EventMark *mark, bool *ret_has);

// The key that an event's content is sealed under: its subject's content key. An event `erased`
// must be read when that is gone, and says nothing that a person could be known by: it has a key of
// its own that follows from the folder's. ERR_MISSING when the subject was erased.
Err event_log_key(Cx *cx, Store *store, Db *db, EventType type, Slice tenant, Slice subject,
                  AeadKey *ret_key);
// Opens what append sealed. ERR_CORRUPT when it is not what the leaf hash names.
Err event_log_open(Cx *cx, const AeadKey *key, Slice leaf_hash, Slice sealed, Slice *ret_canonical);
// What sealed bytes belong to: purpose LF tenant LF id.
Slice event_log_about(Cx *cx, Slice purpose, Slice tenant, Slice id);
