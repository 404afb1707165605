// DECIDE: what was read in a document becomes facts, and the document has its outcome.
#pragma once
#include "commit/event_log.h"
#include "commit/join.h"

typedef struct DecidingDraft {
    Draft draft;     // as its canonical bytes say: what a rebuild will see
    Slice canonical; // those bytes
    Basis basis;
    int ordinal;
    uint8_t reading[COMMIT_ID_SIZE];
    Digest sha256, sm3; // of the canonical bytes
    bool sm3_known;     // else it is made with the group's others
    Slice sealed;       // those bytes under the document's key
    JoinIdentity identities[JOIN_IDENTITIES_MAX];
    size_t identity_count;
    JoinFields fields;
    uint8_t invoice[COMMIT_ID_SIZE]; // for a new one
    AeadKey key;
    Slice wrapped;
} DecidingDraft;

typedef struct Deciding {
    Slice tenant, actor, source;
    uint8_t document[COMMIT_ID_SIZE];
    bool release; // no reading: let the document out of quarantine
    AeadKey document_key;
    Media media;
    Reason reason; // why there is no invoice
    DecidingDraft *drafts;
    size_t draft_count;
    size_t entries, skipped; // of a container that was unpacked; entries 0 = it is none
    Slice skipped_names;     // each with LF, at most LIMIT_ZIP_SKIPPED bytes
    EventMark mark;          // of the first event; sequence 0 = no fact was written
    EventMark last;          // of the last one after it
    Outcome outcome;
} Deciding;

// On the caller's thread: canonical bytes, digests, keys, sealed readings.
Err decide_prepare(Cx *cx, Store *store, const Decision *decision, Deciding *ret_deciding);
Err decide_prepare_release(Cx *cx, Store *store, const Release *release, Deciding *ret_deciding);
// In the writer's transaction; as receive_run.
Err decide_run(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, Deciding *deciding);
