// What is posted to a witness's add-checkpoint (C2SP tlog-witness).
//
//   old N LF
//   { base64(hash) LF }*     consistency proof from N to the checkpoint's size
//   LF
//   checkpoint, with its signature lines, to the end
#pragma once
#include "ledger/checkpoint.h"

#define WITNESS_BODY_PROOF_MAX 63 // lines

typedef struct WitnessBody {
    uint64_t old; // size of the checkpoint that the witness cosigned last
    TreeProof proof;
    Slice note;
} WitnessBody;

Err witness_body_print(Cx *cx, const WitnessBody *body, Slice *ret_bytes);
// Strict: printed again it is the same. The note is not looked into. ERR_INPUT with why.
Err witness_body_parse(Cx *cx, Slice bytes, WitnessBody *ret_body);
