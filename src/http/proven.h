// Proven: what an answer with wait=proof is held for: a checkpoint covers the leaf, and as many
// witnesses as are needed have signed one over it. How far that is stands in each answer:
//
//   Fapiao-Proof: size=88, witnesses=1, need=2    the checkpoint's size; 0 = none covers it yet
#pragma once
#include "http/call.h"

// Calls `then` once on the loop's thread, also when it can't come any more (the sealer has ended or
// is halted, nobody may wait). Maybe after the call was answered: nothing of it is touched here
// once this returns.
void proven_when(Call *call, uint64_t index, void (*then)(void *self), void *self);
// Sets the header, from what the database has now.
Err proven_say(Call *call, Db *db, uint64_t index);
