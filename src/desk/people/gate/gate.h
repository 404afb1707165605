// Gate: addresses that are let in or kept out, whoever asks.
//
// Of the blocks that an address lies in, the smallest says. An address in none of them may come
// in, unless there are blocks that are let in: then they alone are. DIR/fapiao.sock and the command
// line are not asked, so nobody locks himself out for good.
#pragma once
#include "base/peer.h"
#include "commit/commit.h"
#include "permission/permission.h"

typedef struct Gate Gate;

typedef struct GateRule {
    PeerBlock block;
    bool allow;
    Slice note;
    uint64_t created_ms;
} GateRule;

Gate *gate_open(Store *store, Committer *committer);
void gate_close(Gate *gate); // takes NULL
// From a copy in memory that no commit outruns. Where the rules can't be read nobody is let in.
bool gate_admits(Cx *cx, Gate *gate, const Peer *peer);

// All of them, by block; at most LIMIT_GATE_RULES. PERMISSION_MANAGE_SECURITY, for all three.
Err gate_list(Cx *cx, Gate *gate, const PermissionActor *actor, GateRule **ret_rules,
              size_t *ret_count);
// ERR_INPUT "block: …", "note: …"; ERR_CONFLICT when there is one for this block; ERR_LIMIT when
// there are too many; ERR_DENIED when the actor's own address would be kept out.
Err gate_add(Cx *cx, Gate *gate, const PermissionActor *actor, Slice block, bool allow, Slice note);
// ERR_MISSING; ERR_DENIED as above.
Err gate_remove(Cx *cx, Gate *gate, const PermissionActor *actor, Slice block);
