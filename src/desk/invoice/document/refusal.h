// Refusal: a file that was turned away is not kept, but that it came is: the day's equation counts
// it (desk/running/completeness).
#pragma once
#include "commit/commit.h"
#include "model/reason.h"

// Returns at once; written with the next group. What can't be written (a full disk refuses this as
// well) is left out: the caller's own answer has said it.
void refusal_note(Cx *cx, Committer *committer, Slice tenant, Slice source, Reason reason,
                  uint64_t size);
