// A draft as it comes back from its canonical bytes.
//
// What is folded into projections live must be what a rebuild will see, and that is what the bytes
// parse to. Where every text stands in them byte for byte, parsing finds the texts that we have: so
// they are put into a new draft by the same setters, in the same order, and checked by the same
// limits; that is a third of the work. reading_again_test.c and the fuzz target beside hold that it
// is the same draft, or the same refusal.
#pragma once
#include "model/draft.h"

// reading_json_parse of `canonical`, the bytes that reading_json_print_canonical made of `draft`,
// which are `plain` or not. The texts lie in the arena.
Err reading_again_of(Cx *cx, const Draft *draft, Slice canonical, bool plain, Draft *ret_draft);
