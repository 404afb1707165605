// Read_ofd_join: a text that is broken into pieces, whole again. Chinese runs on without a space;
// between Latin words there is one where a piece ends or begins with a blank, or where a row was
// broken before it was full.
#pragma once
#include "base/text.h"
#include "format/ofd/ofd_text.h"

typedef struct OfdJoin {
    Text text;
    bool blank; // stood behind the last piece
} OfdJoin;

OfdJoin read_ofd_join_open(Cx *cx);
// Empty and blank pieces count as none.
void read_ofd_join_add(OfdJoin *join, Slice piece);
// Before `next` is added, which begins a new row: `room_um` is how much more the row before it
// could have held, at least; `wide_um` how wide `next` is.
void read_ofd_join_row(OfdJoin *join, int32_t room_um, Slice next, int32_t wide_um);
// Cut at LIMIT_FIELD_BYTES; without blanks at its ends.
Slice read_ofd_join_text(const OfdJoin *join);
// What to add of a piece of a page: its text with the blanks that are known.
Slice read_ofd_join_piece(const OfdText *piece);
