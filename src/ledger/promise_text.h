// Promise text: what a promise's note says, as a checkpoint with an extension (ledger/promise.h).
//
//   <origin>/promise LF count LF base64(root of the small tree) LF first <index> LF time <ms> LF
#pragma once
#include "ledger/checkpoint.h"

#define PROMISE_TEXT_SUFFIX SLICE("/promise")

// A parsed promise text; the origin is the log's. ERR_INPUT when the checkpoint is not a promise.
Err promise_text_parse(Cx *cx, const Checkpoint *checkpoint, Slice *ret_origin, uint64_t *ret_first,
                       uint64_t *ret_ms);
