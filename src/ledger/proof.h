// Proof: a `.tlog-proof` file (C2SP tlog-proof): that one entry lies in a log. Our receipt.
//
//   c2sp.org/tlog-proof@v1 LF
//   [extra base64 LF]
//   index N LF
//   { base64(hash) LF }*        the leaf's sibling first
//   LF
//   checkpoint, with its signature lines, to the end
//
// `extra` is authenticated by nobody: ours is a ProofOpening, whose every byte the leaf binds.
#pragma once
#include "ledger/checkpoint.h"
#include "ledger/leaf.h"

#define PROOF_EXTRA_MAX ((size_t)65'536) // bytes, decoded

typedef struct Proof {
    Slice extra; // decoded; "" when there is none
    uint64_t index;
    TreeProof path;
    Slice note; // the checkpoint, whole
} Proof;

Err proof_print(Cx *cx, const Proof *proof, Slice *ret_bytes);
// Strict: printed again it is the same. ERR_INPUT with why.
Err proof_parse(Cx *cx, Slice bytes, Proof *ret_proof);

// What `extra` of our receipts holds:
//
//   "fapiao/opening/v1\n" leaf[154] flag:u8 [ salt[32] canonical ]
//
// flag 0: the leaf alone, a public receipt: that it exists, not what it says. flag 1: the opening
// too. It binds: the leaf hash is what the path leads from, the commitments are over salt and
// canonical bytes.
typedef struct ProofOpening {
    LeafBytes leaf;
    bool open;
    uint8_t salt[LEAF_SALT_SIZE];
    Slice canonical; // of the event; it names the document's SHA-256
} ProofOpening;
Err proof_opening_print(Cx *cx, const ProofOpening *opening, Slice *ret_extra);
Err proof_opening_parse(Cx *cx, Slice extra, ProofOpening *ret_opening);

// A whole receipt against what a verifier knows. Of the log's own keys that are given (Ed25519 or
// SM2, its name is the origin of the checkpoint) at least one must have signed: a receipt need not
// bear both lines. Each other key given must have, too: a witness that one asks for and that has
// not signed is a fault. Every line of a key given must hold.
typedef struct ProofTrust {
    const NoteKey *keys;
    size_t key_count;
    bool allow_unknown; // signature lines of other keys are passed over; else refused
} ProofTrust;
typedef struct ProofFacts {
    Slice origin; // of the log, also for a promise
    Checkpoint checkpoint;
    Leaf leaf;
    ProofOpening opening;
    uint64_t index;                     // in the log, also for a promise
    bool promise;                       // a promise: signed on acceptance, before the log had grown
    uint64_t promise_first, promise_ms; // of a promise
    size_t witnesses;                   // cosignatures that hold
    uint64_t witnessed_s;               // the newest of them, seconds since 1970
} ProofFacts;
// ERR_INPUT with the first thing that does not fit.
Err proof_verify(Cx *cx, Slice bytes, const ProofTrust *trust, ProofFacts *ret_facts);

// The same for who tells people: what kind of fault it was. err_text(cx) has the detail.
typedef enum ProofFault {
    PROOF_HOLDS,
    PROOF_MALFORMED,  // no receipt, or not in the one spelling it has
    PROOF_OTHER_LOG,  // none of the keys is this log's
    PROOF_UNSIGNED,   // a witness given has not signed, or the log with none of the keys given
    PROOF_FORGED,     // a key given has signed something else
    PROOF_STRANGER,   // signed by a key that was not given
    PROOF_ELSEWHERE,  // the path does not lead from the leaf to the root
    PROOF_OTHER_EVENT // the event is not the one the leaf commits to
} ProofFault;
ProofFault proof_judge(Cx *cx, Slice bytes, const ProofTrust *trust, ProofFacts *ret_facts);
