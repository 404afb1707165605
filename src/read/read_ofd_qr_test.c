#include "read/read_ofd_qr.h"

#include "base/limits.h"
#include "base/test.h"

TEST("read ofd qr: a payload is applied as it is; what is neither text nor picture is passed over")
{
    static const struct {
        Slice code, number;
    } cases[] = {
        {SLICE("01,10,032001600511,00000017,198.04,20201004,01897109054748898321,0813,"),
         SLICE("00000017")},
        {SLICE("iVBORw0KGgo="), SLICE("")}, // the head of a PNG and no more
        {SLICE("?"), SLICE("")},
        {SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        size_t pixels_left = LIMIT_QR_PIXELS;
        EXPECT_OK(read_ofd_qr_apply(cx, cases[i].code, true, &pixels_left, &draft));
        EXPECT(slice_equal(draft.number, cases[i].number));
    }
}
