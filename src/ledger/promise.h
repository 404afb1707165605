// Promise: what a log signs for an acceptance that is durable, before its next checkpoint.
//
// One signature, made when the first of its holders asks for it, a group of events that were
// committed together: they make a small tree of their own, and a promise is a `.tlog-proof` into it
// (ledger/proof.h). The note's text:
//
//   <origin>/promise LF count LF base64(root of the small tree) LF first <index> LF time <ms> LF
//
// It says: the leaf at index `first + index in the small tree` of <origin> is this one. A log whose
// checkpoint has another leaf there has lied, and this signature shows it.
#pragma once
#include "ledger/proof.h"

typedef struct Promise Promise; // counted by its holders; any thread

// Over the leaf hashes of the log's indexes first_index … in order, one at least. `origin` is the
// log's. `keys` and `signers` stand in parallel: the log's own, whose name is `origin`, sign both;
// names and signers are borrowed as long as there is a holder. Aborts without memory.
Err promise_make(Cx *cx, Slice origin, uint64_t first_index, uint64_t time_ms, const Digest *leaves,
                 size_t count, const NoteKey *keys, const Signer *const *signers, size_t key_count,
                 Promise **ret_promise);
Promise *promise_hold(Promise *promise);
void promise_drop(Promise *promise); // takes NULL
// The file for one of its leaves. `index` is that in the log; the file says that in the small tree.
// `extra` as in Proof. ERR_INPUT when `index` is not in it; what signing says. Any thread.
Err promise_print(Cx *cx, const Promise *promise, uint64_t index, Slice extra, Slice *ret_bytes);
