// Read_ofd_join: a text that is broken into pieces, whole again. Chinese runs on without a space;
// between Latin words there is one where a piece ends or begins with a blank.
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
// Cut at LIMIT_FIELD_BYTES; without blanks at its ends.
Slice read_ofd_join_text(const OfdJoin *join);
// What to add of a piece of a page: its text with the blanks that are known.
Slice read_ofd_join_piece(const OfdText *piece);
