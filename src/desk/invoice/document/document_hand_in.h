// Document hand in: for a caller that waits, on its own thread, for what becomes of a file.
#pragma once
#include "desk/invoice/document/document_view.h"
#include "flow/flow.h"

// Hand in and wait until it is decided (or `wait_ms` have passed; 0 = only until it is durable).
// The receipt's own Err becomes this Err.
Err document_hand_in(Cx *cx, Flow *flow, const Arrival *arrival, uint64_t wait_ms,
                     DocumentView *ret_view);
