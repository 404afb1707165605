// Ofd_path: the outline of a PathObject, from its AbbreviatedData (GB/T 33190-2016, 9.1).
//
//   M x y | S x y                      a new outline begins here
//   L x y                              a line
//   Q x1 y1 x y | B x1 y1 x2 y2 x y    curves with one or two control points
//   A rx ry angle large sweep x y      an arc; taken as a line to its end
//   C                                  closed, back to where it began
//   Words parted by blanks or commas, or a letter run together with its number. Millimetres.
#pragma once
#include "format/ofd/ofd_frame.h"

typedef enum OfdStepKind {
    OFD_STEP_MOVE,
    OFD_STEP_LINE,
    OFD_STEP_CURVE, // with two control points
    OFD_STEP_CLOSE,
} OfdStepKind;

typedef struct OfdStep {
    OfdStepKind kind;
    OfdPoint at[3]; // on the page; a move and a line have one, a curve three, its end the last
} OfdStep;

typedef struct OfdPath {
    OfdStep *steps; // begins with a move
    size_t count;
    size_t outlines; // moves
} OfdPath;

// What stands in `data` up to the first word that makes no sense, at most *steps_left, which goes
// down by what was taken. ERR_LIMIT when that is not enough.
Err ofd_path_read(Cx *cx, const OfdFrame *frame, Slice data, size_t *steps_left, OfdPath *ret_path);
