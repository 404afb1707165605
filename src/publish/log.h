// Log: the record as a Merkle log, for reading: in the writing process, or beside it.
//
//   DIR/ledger/hashes      stored hashes (ledger/tree.h), 32 bytes each, append-only; from the
//                          events alone, made anew when it is not what the checkpoint says
//   DIR/ledger/checkpoint  the newest signed checkpoint, replaced whole, fsynced: shows when the
//                          database has gone back
//   tables checkpoint, cosignature, log_head (store/schema/0004_ledger.sql)
//
// The leaf of index i is the event of sequence i + 1. Keys are derived from the folder's log key:
// seed = HMAC-SHA-256(log key, "fapiao/log-signer/<ed25519|sm2>/v1\n").
// Threads: any, each with its own Db.
#pragma once
#include "ledger/proof.h"
#include "store/store.h"

#define LOG_KEYS         2 // Ed25519 first, then SM2
#define LOG_PROMISE_KEYS 1 // of them sign promises: an SM2 signature costs ten times the other

typedef struct Log Log;

// The origin (the log's name) lies in meta 'log_origin'; a writer makes one when there is none:
// `origin`, or when that is "" "fapiao.local/" and 16 random hexadecimal digits. ERR_INPUT for a
// name that is none; ERR_CONFLICT when the folder has another already.
Err log_open(Cx *cx, Store *store, Slice origin, Log **ret_log);
void log_close(Log *log);         // takes NULL
Store *log_store(const Log *log); // the folder that it is of
Slice log_origin(const Log *log);
const NoteKey *log_keys(const Log *log);          // LOG_KEYS of them
const Signer *const *log_signers(const Log *log); // in the same order
// HMAC-SHA-256 under the folder's log key, over the parts as one message.
Digest log_mac(const Log *log, const Slice *parts, size_t count);
// Over DIR/ledger/hashes. Only what a checkpoint covers is sure to be there.
TreeReader log_reader(Log *log);

typedef struct LogHead {
    uint64_t size; // 0 with an empty note: nothing was signed yet
    Digest root;
    Slice note; // signed by us, with the cosignatures behind
    uint64_t time_ms;
    size_t witnesses; // cosignatures of distinct names, those of mirrors not counted
} LogHead;
// The newest checkpoint.
Err log_head(Cx *cx, Log *log, Db *db, LogHead *ret_head);
// The newest checkpoint over leaf `index` that has at least `witnesses` cosignatures; when there is
// none, the newest one. ERR_MISSING when no checkpoint covers it yet.
Err log_head_over(Cx *cx, Log *log, Db *db, uint64_t index, size_t witnesses, LogHead *ret_head);

// Leaves from the events' rows, from `first` on: at most `count`, fewer at the end. ERR_CORRUPT
// when a row's leaf hash is not that of the leaf.
Err log_event_leaves(Cx *cx, Log *log, Db *db, uint64_t first, size_t count, LeafBytes *ret_leaves,
                     size_t *ret_count);

typedef struct LogEvent {
    uint64_t sequence; // from 1: index + 1
    Slice tenant, subject;
    int64_t type;
    LeafBytes leaf;
    Digest leaf_hash;
} LogEvent;
Err log_event(Cx *cx, Log *log, Db *db, uint64_t sequence, LogEvent *ret_event);
// The newest event of a subject. ERR_MISSING.
Err log_event_newest(Cx *cx, Log *log, Db *db, Slice tenant, Slice subject, LogEvent *ret_event);
// Its opening: salt and canonical bytes. When they were erased, or `closed`, the leaf alone.
Err log_event_opening(Cx *cx, Log *log, Db *db, const LogEvent *event, bool closed,
                      ProofOpening *ret_opening);
typedef struct LogProofOptions {
    size_t witnesses; // that the checkpoint shall have, as for log_head_over
    bool sm2;         // with the log's SM2 line: else who has its first key alone can check it
} LogProofOptions;
// The `.tlog-proof` of an event: path and checkpoint and extra. Of the checkpoint's lines it bears
// the log's and those of witnesses; what mirrors signed is in the checkpoint alone. ERR_MISSING
// when no checkpoint covers it yet.
Err log_proof(Cx *cx, Log *log, Db *db, const LogEvent *event, const ProofOpening *opening,
              LogProofOptions options, Slice *ret_bytes);
