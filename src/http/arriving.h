// Arriving: a document on its way in over HTTP. The flow tells of it on its own threads; the answer
// is given on the loop's, once, when what it is held for has come.
#pragma once
#include "http/call.h"

// What the answer is held for: that the document is durable; that it is decided; that it is proven
// (http/proven.h).
typedef enum ArrivingWait {
    ARRIVING_WAIT_RECEIPT,
    ARRIVING_WAIT_OUTCOME,
    ARRIVING_WAIT_PROOF
} ArrivingWait;
// As the query says: wait=outcome, wait=proof.
ArrivingWait arriving_wait(Call *call);

// Hands it in, and answers the call when that is so. On the loop's thread or a worker's, once a
// call. Afterwards call->then, if any, runs before the answer (uploads turn 201 into 204).
Err arriving_start(Call *call, const Arrival *arrival, ArrivingWait wait);
// Has a quarantined document read again, and answers when it is decided.
Err arriving_retry(Call *call, Slice reference);
