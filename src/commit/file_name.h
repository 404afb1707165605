// File name: what a document was called, as its event says it.
#pragma once
#include "base/cx.h"

// Names come from anywhere: what is no text becomes '?', and at most LIMIT_FILE_NAME_BYTES are
// kept, cut at a character's edge. In the arena.
Slice file_name_clean(Cx *cx, Slice name);
