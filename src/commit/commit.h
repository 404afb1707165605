// Commit: the only place where facts come to be.
//
//   RECEIVE  bytes ──▶ segment (one fdatasync for the group) ──▶ document + received ──▶ reference
//   DECIDE   verdicts of one document ──▶ readings, identities, accepted | carrier | conflict |
//            quarantined ──▶ outcome under the same reference
//
// One committer thread drains a queue and writes many commands in one durable transaction (group
// commit), then answers them all. After the facts of a command it calls `fold`, in the same
// transaction, so projections are never behind.
//
// Invariants (each has a test named after it):
//   I1  A reference that was given names bytes and a received fact that are durable.
//   I2  No fact is updated, replaced or deleted; the tables refuse it.
//   I3  Facts of one command are written in one transaction or not at all.
#pragma once
#include "commit/event_body.h"
#include "ledger/promise.h"
#include "model/verdict.h"
#include "store/store.h"

typedef struct Committer Committer;

#define COMMIT_REFERENCE_SIZE 24 // "R-2026-000123" with its NUL
#define COMMIT_ID_SIZE        16 // UUIDv7

typedef enum DocState {
    DOC_RECEIVED, // in progress
    DOC_ACCEPTED,
    DOC_DUPLICATE,
    DOC_CONFLICT,
    DOC_QUARANTINED,
    DOC_REJECTED,
    DOC_UNPACKED, // a container: its entries are documents of their own and count instead of it
    DOC_ERASED    // its content is gone for ever; that it was there is proved still
} DocState;
const char *commit_state_name(DocState state); // "received" "accepted" "duplicate" …
bool commit_state_of(Slice name, DocState *ret_state);

// Event types: the ledger's leaf types (docs/formats/store.md).
typedef enum EventType {
    EVENT_ACCEPTED = 1,
    EVENT_VOIDED = 2,
    EVENT_REDDENED = 3,
    EVENT_CORRECTED = 4,
    EVENT_VERIFIED = 5,
    EVENT_ENTERED = 6,
    EVENT_ARCHIVED = 7,
    EVENT_ERASED = 8,
    EVENT_RECEIVED = 12,
    EVENT_CARRIER = 13,
    EVENT_CONFLICT = 14,
    EVENT_QUARANTINED = 15,
    EVENT_RELEASED = 16,
    EVENT_MERGED = 17,
    EVENT_UNPACKED = 18,
    EVENT_AUDITED = 19,
    EVENT_BOUND = 20,
} EventType;
const char *commit_event_name(EventType type); // "received" "accepted" …; "" when there is none

typedef struct Arrival {
    Slice tenant, actor, source; // "local", "local", "cli" | "http" | …
    Slice file_name;             // as told; shown, never opened
    Slice idempotency;           // "" = none
    Slice bytes;                 // 1 .. LIMIT_DOCUMENT_BYTES
    Slice container;             // id of the document that it was unpacked from, or ""
    uint32_t entry;              // and which of its entries it is
} Arrival;

typedef struct Receipt {
    Err err; // ERR_STORE: unknown (ask again with the same key); ERR_CONFLICT: the key was
             // used for other bytes; ERR_LIMIT: no room on the disk, nothing was kept
    char err_text[256];
    uint8_t document[COMMIT_ID_SIZE];
    char reference[COMMIT_REFERENCE_SIZE];       // this arrival's own
    char first_reference[COMMIT_REFERENCE_SIZE]; // where the same bytes lie; = reference when new
    DocState state; // DOC_RECEIVED, or DOC_DUPLICATE; a repeated idempotency key: as it stands now
    bool repeated;  // this idempotency key with these bytes was answered before
    Digest sha256;
    uint64_t sequence; // of the event received: the leaf's index + 1; a repeated one: the first's
    Digest leaf_hash;
    uint64_t time_ms;
    // Over the group that it was committed in; borrowed during the callback (promise_hold). NULL
    // when it was repeated or there are no signers.
    Promise *promise;
    const ProofOpening *opening; // of that event; borrowed too; NULL where there is no promise
} Receipt;

typedef enum Relation { RELATION_NEW, RELATION_CARRIER, RELATION_VARIANT } Relation;
const char *commit_relation_name(Relation relation); // "new" "carrier" "variant"
bool commit_relation_of(Slice name, Relation *ret_relation);

typedef struct Decision { // what the reader and the rules said about one document
    Slice tenant, actor, source;
    uint8_t document[COMMIT_ID_SIZE];
    const Reading *reading; // drafts with findings of validation in them
} Decision;

typedef struct OutcomeInvoice {
    uint8_t invoice[COMMIT_ID_SIZE];
    char code[24], number[48];
    Relation relation;
} OutcomeInvoice;
typedef struct Outcome {
    Err err;
    char err_text[256];
    DocState state;
    Reason reason;
    uint64_t sequence;        // of its last event; 0 = no fact was written
    Promise *promise;         // as in Receipt
    OutcomeInvoice *invoices; // malloc'd by commit; the receiver of the callback frees with free()
    size_t invoice_count;
} Outcome;

// Called on the committer's thread, after the transaction is durable; must not block.
typedef void CommitReceived(void *self, const Receipt *receipt);
typedef void CommitDecided(void *self, Outcome *outcome);

// One fact as the projections see it: live from commit, or decrypted by rebuild. Both give the
// same values: a live draft, too, is what its canonical bytes parse to.
typedef struct Fact {
    EventType type;
    uint64_t sequence, time_ms;
    Slice tenant, actor, source;
    Slice subject;           // id
    const EventBody *body;   // what the event's canonical JSON says
    const Draft *draft;      // ACCEPTED, CARRIER (subject = invoice): the reading; else NULL
    Slice draft_json;        // its canonical bytes
    Slice reading, document; // ids, where they apply; else ""
    int ordinal;
    Basis basis;
    struct Tally *tally; // gathers what changes in document_day; NULL: it is written at once
} Fact;
// Makes projections follow. In the writer's transaction.
typedef Err CommitFold(Cx *cx, Db *db, const Fact *fact);
// Makes anew what projections say of the invoices of a document that can't be opened any more.
typedef Err CommitRefold(Cx *cx, Db *db, Store *store, Slice tenant, Slice document);

typedef struct CommitOptions {
    CommitFold *fold;
    CommitRefold *refold; // NULL: nothing can be erased
    // After each durable group with events in it, before its answers, on the committer's thread;
    // must not block. `next_sequence` as it stands now. May be NULL.
    void (*durable)(void *self, uint64_t next_sequence);
    void *durable_self;
    // Who signs promises: the log's name and keys (publish/log.h), borrowed until commit_close.
    // key_count 0 = no promises.
    Slice origin;
    const NoteKey *keys;
    const Signer *const *signers;
    size_t key_count;
    size_t group_max; // commands in one transaction; 0 = LIMIT_GROUP
    bool per_command; // bench only: a transaction for each command
    bool no_leaves;   // bench only: no salt, commitments nor leaf; such a folder has no log
} CommitOptions;

Err commit_open(Cx *cx, Store *store, const CommitOptions *options, Committer **ret_committer);
void commit_close(Committer *committer); // drains the queue first
// Durable transactions since it was opened: what group commit saves is commands over this.
uint64_t commit_count(const Committer *committer);

// Queue a command. Slices are copied before it returns. ERR_STORE when the disk has failed and the
// program must start anew; ERR_LIMIT when LIMIT_IN_FLIGHT_BYTES are
// queued.
Err commit_receive(Cx *cx, Committer *committer, const Arrival *arrival, CommitReceived *done,
                   void *self);
Err commit_decide(Cx *cx, Committer *committer, const Decision *decision, CommitDecided *done,
                  void *self);
// Let a quarantined document be read again: event released, state received. The outcome's err is
// ERR_MISSING or ERR_CONFLICT when it is not there or not in quarantine; else its state is
// DOC_RECEIVED.
typedef struct Release {
    Slice tenant, actor, source;
    uint8_t document[COMMIT_ID_SIZE];
} Release;
Err commit_release(Cx *cx, Committer *committer, const Release *release, CommitDecided *done,
                   void *self);
// Any other write that wants group commit (attempt counters, …): runs in the writer's transaction.
typedef Err CommitWork(Cx *cx, Db *db, void *self);
Err commit_work(Cx *cx, Committer *committer, CommitWork *work, void (*done)(void *self, Err err),
                void *self);

// One entry of the audit log: who did what to what, from where. No secrets; what a person could be
// known by stands only in address, before and after, which lie sealed.
typedef struct AuditNote {
    Slice tenant;        // whose log it is; "" = the platform's
    Slice actor, source; // "local", "u-…"; "cli", "http"
    Slice address;       // "" on the command line
    Slice act;           // "node.add"
    Slice object_kind, object;
    Slice before, after; // small JSON objects of strings; "" = nothing
    Slice result;        // "" = as it went: done, refused, failed
} AuditNote;
// A work whose entry is written in the same transaction. The work may fill in the note, which is
// the caller's until `done`, and is as it came when the work is run a second time. A work that
// fails is undone, and its entry says so: `done` gets the work's error when that is durable.
// Without a work: the entry alone.
Err commit_audited(Cx *cx, Committer *committer, CommitWork *work, AuditNote *note,
                   void (*done)(void *self, Err err), void *self);
// The entry alone, which is copied; nobody waits for it.
Err commit_audit(Cx *cx, Committer *committer, const AuditNote *note);

// Erases a document: see commit/erase.h. `work` runs first, in the same transaction, and may say
// what `erasure` is, which is the caller's until `done`, as the note.
typedef struct Erasure {
    Slice tenant, actor, source; // who confirmed it
    Slice document;              // id
    Slice reason;                // a code of erase.h
    Slice asked;                 // who asked for it
    size_t documents, invoices;  // set: how many were erased
} Erasure;
Err commit_erase(Cx *cx, Committer *committer, Erasure *erasure, CommitWork *work, AuditNote *note,
                 void (*done)(void *self, Err err), void *self);

// From now on every command but commit_work is refused with ERR_DENIED and this text (Chinese and
// English, at most 511 bytes), which is copied; NULL lifts it. What is running is finished. Any
// thread.
void commit_halt(Committer *committer, const char *why);
// Why it is halted, in the arena; "" when it is not.
Slice commit_halted(Cx *cx, Committer *committer);

// A document in progress has no outcome; one that is decided is answered with what was decided,
// and no fact is written a second time.
//
// The original bytes of a document, by id; checked against its SHA-256. ERR_CORRUPT when they
// differ.
Err commit_original(Cx *cx, Store *store, Db *db, Slice tenant, Slice document, Slice *ret_bytes);
// What one reading saw, by id. ERR_MISSING when it is not there or was erased.
Err commit_reading(Cx *cx, Store *store, Db *db, Slice tenant, Slice reading, Draft *ret_draft,
                   Slice *ret_canonical);
