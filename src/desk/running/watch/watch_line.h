// Line: what somebody else signed of a checkpoint of ours, out of what he answered.
//
// It is kept, and handed out under every receipt of that checkpoint. So it is taken only when it is
// one line, of his key, under our own text: an answer that carries an empty line would make a
// longer text of it, and lines of other keys would be handed out as well.
#pragma once
#include "ledger/note.h"

#define WATCH_LINE_AHEAD_S UINT64_C(86'400) // his clock may be ahead of ours by so many seconds

// `text` with its last LF, without lines. *ret_line lies in `lines`. Other whole lines are passed
// over, but for more than one note may have. ERR_DENIED with why.
Err watch_line_find(Cx *cx, Slice text, Slice lines, const NoteKey *key, Slice *ret_line,
                    uint64_t *ret_seconds);
