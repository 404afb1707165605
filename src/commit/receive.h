// RECEIVE: a document becomes durable and gets its reference.
#pragma once
#include "commit/event_log.h"
#include "commit/known.h"

typedef struct Receiving {
    Slice tenant, actor, source, file_name;
    uint8_t document[COMMIT_ID_SIZE];
    Digest sha256;
    Slice small; // the bytes, of which sm3 is still to be made, with the group's others; "" = it is
    Digest sm3;
    Digest idempotency;
    Slice container; // id, or ""
    uint32_t entry;
    bool has_idempotency;
    size_t size;      // of the original bytes
    Slice sealed;     // the bytes, ready for a segment
    AeadKey key;      // of the document
    Slice wrapped;    // that key
    StorePlace place; // where the sealed bytes lie, once they do
    bool placed;
    EventMark mark;
    ProofOpening opening; // of the event received
    Receipt receipt;
} Receiving;

// On the caller's thread: digests, a key, the sealed bytes. ERR_INPUT, ERR_LIMIT.
Err receive_prepare(Cx *cx, Store *store, const Arrival *arrival, Receiving *ret_receiving);
// On the committer's thread, before receive_run: puts the bytes of `count` commands behind the
// newest segment with few calls, except where they may lie there already or the command may be
// refused; then receive_run does it.
Err receive_place(Cx *cx, Store *store, const Known *known, Receiving *const *all, size_t count);
// Whether its id was made too long before `now_ms`, or after it by a clock that was put back since:
// dated with `now_ms` it would not be found among those of its day (uuid7.h).
bool receive_is_late(const Receiving *receiving, uint64_t now_ms);
// On the committer's thread, before receive_run: one that is late gets an id of now, and its bytes
// are sealed anew. Nobody has been told the old one, and the day in which that was made may be
// signed meanwhile: a document is never dated back. ERR_LIMIT, ERR_CORRUPT: as it was.
Err receive_renew(Cx *cx, Store *store, uint64_t now_ms, Receiving *receiving);
// In the writer's transaction; the receipt of what is new lacks its leaf hash, which stands in the
// mark after event_log_flush. What the caller did wrong stands in the receipt; an Err is a failure
// of the database or the disk and takes the transaction with it.
Err receive_run(Cx *cx, EventLog *log, Known *known, Db *db, uint64_t time_ms,
                Receiving *receiving);
