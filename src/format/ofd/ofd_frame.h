// Ofd_frame: where an object of a page stands, and the numbers that say so.
//
//   @Boundary="x y w h" @CTM="a b c d e f"    millimetres; a point (x, y) of the object stands at
//   Boundary.xy + (a x + c y + e, b x + d y + f)
#pragma once
#include "format/xml/xml.h"

#define OFD_FAR_UM INT64_C(10'000'000) // ten metres: nothing on a page lies further
#define OFD_MICRO  INT64_C(1'000'000)

typedef struct OfdPoint {
    int32_t x, y; // micrometres
} OfdPoint;

typedef struct OfdFrame {
    int64_t box[4];    // micrometres
    int64_t matrix[6]; // a b c d in millionths, e f in micrometres
    bool has_matrix;
} OfdFrame;

OfdFrame ofd_frame_of(const XmlNode *object);
// A point of the object on its page, clamped to +-OFD_FAR_UM.
OfdPoint ofd_frame_point(const OfdFrame *frame, OfdPoint at);
// A decimal times `unit`, clamped to +-OFD_FAR_UM * 1000; 0 when it is no number.
int64_t ofd_frame_number(Slice number, int64_t unit);
// To +-OFD_FAR_UM.
int32_t ofd_frame_clamped(int64_t um);
// The next word of a list parted by blanks or commas; false at its end.
bool ofd_frame_next(Slice *rest, Slice *ret_number);
// At most `count` numbers of a list, each times `unit`; how many there were.
size_t ofd_frame_numbers(Slice text, int64_t unit, int64_t *values, size_t count);
