// Checkpoint: the head of a log as the text of a signed note (C2SP tlog-checkpoint).
//
//   origin LF size LF base64(root) LF { extension LF }*
#pragma once
#include "ledger/note.h"
#include "ledger/tree.h"

typedef struct Checkpoint {
    Slice origin;
    uint64_t size;
    Digest root;
    Slice extension; // further lines with their LFs; ours has none, a promise has
} Checkpoint;

Err checkpoint_print(Cx *cx, const Checkpoint *checkpoint, Slice *ret_text);
// Strict: decimal without leading zeros, canonical base64, no empty line. Slices borrow from
// `text`. ERR_INPUT with why.
Err checkpoint_parse(Cx *cx, Slice text, Checkpoint *ret_checkpoint);
