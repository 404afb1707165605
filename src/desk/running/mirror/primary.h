// Primary: the questions that a mirror asks of it, over HTTP (http/nodes.h); node.h is the other
// side.
#pragma once
#include <stdatomic.h>

#include "desk/running/mirror/node.h"
#include "publish/replica_side.h"

typedef struct Primary {
    Slice url; // "https://host:port"; http for a loopback address alone
    Slice token;
    const char *ca_file; // or NULL
    const char *pin;     // "sha256//…" of the primary's public key, or NULL
    uint64_t timeout_ms; // of one question; 0 = LIMIT_FETCH_MS
    uint64_t stall_ms;   // as in FetchRequest
    const atomic_bool *stop;
} Primary;

// All of them: ERR_DENIED when it does not know the token, ERR_STORE when it says no, or nothing.
Err primary_hello(Cx *cx, const Primary *primary, NodeHello *ret_hello);
// A checkpoint of more than `over` leaves, waited for; "" = nothing new.
Err primary_checkpoint(Cx *cx, const Primary *primary, uint64_t over, Slice *ret_note);
// Of the events `first` to `last`: leaf hashes; facts (publish/replica_take.h), maybe fewer.
Err primary_leaves(Cx *cx, const Primary *primary, uint64_t first, uint64_t last,
                   Slice *ret_hashes);
Err primary_facts(Cx *cx, const Primary *primary, uint64_t first, uint64_t last, Slice *ret_bytes);
// What no event binds, behind what is here.
Err primary_side(Cx *cx, const Primary *primary, const ReplicaSide *side, Slice *ret_bytes);
// As node_cosign takes it. *ret_status: what it answered, 0 = it did not.
Err primary_cosign(Cx *cx, const Primary *primary, Slice body, int *ret_status);
// What went wrong here, for its people to see.
Err primary_trouble(Cx *cx, const Primary *primary, Slice text);
