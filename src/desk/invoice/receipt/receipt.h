// Receipt desk: what someone keeps who handed a document in. Each is a file that can be checked
// without us (ledger/proof.h, `fapiao-check`).
//
//   reference ─▶ document ─┬─ its event "received"        THE receipt: names SHA-256, SM3, size
//                          └─ what was decided, in order  accepted | carrier | conflict, of each
//                                                         invoice; or quarantined
//
// Three forms: a proof (path to a signed checkpoint, with the opening: what the event says), a
// public one (the same without the opening: that it exists, not what it says), a promise (signed
// before any checkpoint covers it). Each bears the log's Ed25519 line, and the cosignatures of
// witnesses: who has the log's first key can check it.
#pragma once
#include "flow/flow.h"

#define RECEIPT_OUTCOMES_MAX 256 // events of one decision that can be named

typedef enum ReceiptForm { RECEIPT_PROOF, RECEIPT_PUBLIC, RECEIPT_PROMISE } ReceiptForm;
// "proof" (or ""), "public", "promise".
bool receipt_form_of(Slice name, ReceiptForm *ret_form);

// The event of a document that `which` names: "received" (or ""), "outcome" (the first), or
// "outcome:N" from 1. ERR_INPUT for any other name; ERR_MISSING when there is no such document, or
// nothing was decided yet, or it is a duplicate, or fewer events were made.
Err receipt_find(Cx *cx, Log *log, Db *db, Slice tenant, Slice reference, Slice which,
                 LogEvent *ret_event);
// How many of "outcome:N" there are; 0 while nothing is decided, and for a duplicate.
Err receipt_outcomes(Cx *cx, Log *log, Db *db, Slice tenant, Slice reference, size_t *ret_count);

typedef struct ReceiptKind {
    ReceiptForm form;
    bool sm2; // of a proof or a public one: with the log's SM2 line, too
} ReceiptKind;
// The file. ERR_MISSING when no checkpoint covers the event yet; ERR_INPUT for an SM2 line of a
// promise, which has none.
Err receipt_print(Cx *cx, Log *log, Db *db, const LogEvent *event, ReceiptKind kind,
                  Slice *ret_bytes);
