// Witness: says that a log has only ever grown, by putting its own signature under each checkpoint
// that follows from the one before (C2SP tlog-witness, tlog-cosignature).
//
//   DIR/lock            who serves (flock; holds the pid)
//   DIR/key             seed of its Ed25519 key, as a key file (crypto/keyfile.h), 0600
//   DIR/vkey            its verifier key, one line
//   DIR/logs            the logs that it watches: one verifier key a line; '#' begins a comment
//   DIR/origins/<hex>   the newest checkpoint of one log with its cosignature: its whole memory.
//                       The name is SHA-256(origin)
//
// It sees an origin, sizes, hashes and signatures: nothing of any invoice. A file of origins/ is
// replaced and synced before its cosignature is given away, and check and replacement are one:
// never two roots for one size, never a smaller size after a larger one, whatever comes at once
// and whenever it is killed. A folder put back from a backup would break that: a witness that lost
// its folder starts anew under another key.
// Threads: any.
#pragma once
#include "ledger/note.h"

typedef struct Witness Witness;

typedef struct WitnessOptions {
    const char *folder;
    Slice name;        // "" = the one that it has; a fresh one: "fapiao.local/witness/" and 16 hex
    const Slice *logs; // verifier keys besides those in DIR/logs
    size_t log_count;
} WitnessOptions;

// Makes what is not there. ERR_CONFLICT when another process serves the folder, or its name is
// another one; ERR_INPUT for a key of a log that is none.
Err witness_open(Cx *cx, const WitnessOptions *options, Witness **ret_witness);
void witness_close(Witness *witness); // takes NULL
Slice witness_vkey(const Witness *witness);
size_t witness_log_count(const Witness *witness);
// Of a folder that may be served by another process. ERR_MISSING.
Err witness_vkey_of(Cx *cx, const char *folder, Slice *ret_vkey);

typedef struct WitnessReply {
    int status; // 200 400 403 404 409 422; 500 when its folder failed it: nothing was signed
    Slice type; // media type
    Slice body; // 200: cosignature lines; 409: the size that it knows; else why, one line
} WitnessReply;

// POST add-checkpoint. In this order: 400 malformed, 404 unknown origin, 403 no signature of a key
// that it knows holds or one fails, 400 old size > size, 409 old size is not the one that it knows,
// 422 the proof does not show that the one follows from the other.
void witness_add_checkpoint(Cx *cx, Witness *witness, Slice body, WitnessReply *ret_reply);
// GET <hex SHA-256(origin)>/checkpoint: the newest one with its cosignature; 404, 500.
void witness_checkpoint(Cx *cx, Witness *witness, Slice origin_hex, WitnessReply *ret_reply);
