// Erasure: a document's content is erased for good when two persons agree.
//
//   ask (PERMISSION_ASK_ERASURE) ─▶ asked ─▶ confirm (PERMISSION_CONFIRM_ERASURE) ─▶ confirmed
//                                     ├────▶ refuse ─▶ refused
//                                     └────▶ the policy's days pass ─▶ expired
//
// How long a request waits is the policy's erasure.days, LIMIT_ERASE_ASKED_DAYS at most and where
// nothing is set. One that has waited longer can't be decided; erasure_expire says so in the audit
// log, by "system".
// Never the same account for both; the local administrator, who has no account, may be one of the
// two and not both. Each step is an entry of the audit log, in the same transaction as its rows.
// What is erased with a document, and what must be kept: commit/erase.h.
#pragma once
#include "commit/erase.h"
#include "permission/permission.h"

#define ERASURE_POLICY_DAYS SLICE("erasure.days")

typedef struct ErasureDesk {
    Store *store;
    Committer *committer;
} ErasureDesk;

typedef struct ErasureRequest {
    Slice tenant, id, reference, reason; // id: 16 bytes
    Slice asked_by, decided_by, state;   // state: asked confirmed refused expired
    uint64_t asked_ms, decided_ms;       // decided_ms 0: nobody has
    uint64_t expires_ms;                 // of one that is asked or has expired
    // Who they are, for a reader who may know; "" = not said. Filled in at the door.
    Slice asked_name, decided_name;
} ErasureRequest;

// ERR_DENIED; ERR_INPUT: no such reason; ERR_MISSING: no such document; ERR_CONFLICT: it was
// erased, is still being read, must be kept, or is asked for already.
Err erasure_ask(Cx *cx, const ErasureDesk *desk, const PermissionActor *actor, Slice reference,
                Slice reason, ErasureRequest *ret_request);
// Ends the requests that have waited too long, each with its entry in the audit log; at most
// LIMIT_ERASE_PAGE at once. Done every night, and by who asks or decides.
Err erasure_expire(Cx *cx, const ErasureDesk *desk, size_t *ret_count);
// Newest first, at most LIMIT_ERASE_PAGE behind `cursor` (`next` of the page before; "" = the
// newest): of the actor's organisation; of all for the local administrator and for those who hold a
// role on the platform. ERR_INPUT "cursor: …".
typedef struct ErasurePage {
    ErasureRequest *requests; // in the arena
    size_t count;
    Slice next; // "" = that was all
} ErasurePage;
Err erasure_list(Cx *cx, Db *db, const PermissionActor *actor, Slice cursor, ErasurePage *ret_page);
// With `confirm` it is erased when this returns ERR_OK. `id`: hexadecimal. ERR_DENIED also when
// who asked decides; ERR_MISSING; ERR_CONFLICT when it was decided, has expired, or must be kept.
Err erasure_decide(Cx *cx, const ErasureDesk *desk, const PermissionActor *actor, Slice id,
                   bool confirm, ErasureRequest *ret_request);
// {"id":…,"organisation":…,"reference":…,…}
Err erasure_print(Cx *cx, const ErasureRequest *request, Slice *ret_json);
// {"items":[…],"next_cursor":"…"}
Err erasure_print_page(Cx *cx, const ErasurePage *page, Slice *ret_json);
