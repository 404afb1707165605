#include "format/ofd/ofd_path.h"

#include "base/test.h"

static bool stands(const OfdStep *step, OfdStepKind kind, int point, int32_t x, int32_t y)
{
    return step->kind == kind && step->at[point].x == x && step->at[point].y == y;
}

TEST("ofd path: outlines stand where box and matrix put them")
{
    OfdFrame frame = {.box = {10'000, 20'000, 0, 0},
                      .matrix = {2'000'000, 0, 0, -1'000'000, 500, 0}};
    size_t left = 100;
    OfdPath path = {};
    EXPECT_OK(ofd_path_read(cx, &frame,
                            SLICE(" M 1 2 L3,4 B 1 1 2 2 3 3 C S -1 .5Q 0 3 3 0 A 1 1 0 0 1 7 8"),
                            &left, &path));
    EXPECT(path.count == 7 && path.outlines == 2 && left == 93);
    const OfdStep *step = path.steps;
    EXPECT(stands(&step[0], OFD_STEP_MOVE, 0, 12'500, 18'000));
    EXPECT(stands(&step[1], OFD_STEP_LINE, 0, 16'500, 16'000));
    EXPECT(stands(&step[2], OFD_STEP_CURVE, 2, 16'500, 17'000));
    EXPECT(step[3].kind == OFD_STEP_CLOSE);
    EXPECT(stands(&step[4], OFD_STEP_MOVE, 0, 8'500, 19'500));
    // Two thirds of the way from (-1, 0.5) to (0, 3), and from (3, 0) to it.
    EXPECT(stands(&step[5], OFD_STEP_CURVE, 0, 9'832, 17'834));
    EXPECT(stands(&step[5], OFD_STEP_CURVE, 1, 12'500, 18'000));
    EXPECT(stands(&step[6], OFD_STEP_LINE, 0, 24'500, 12'000));
}

TEST("ofd path: ends at what makes no sense, and begins with a move")
{
    static const struct {
        Slice data;
        size_t count;
    } cases[] = {
        {SLICE(""), 0},
        {SLICE("5 5"), 0},
        {SLICE("M 1"), 0},
        {SLICE("M 1 L 2 3"), 0},
        {SLICE("M 0 0 L 1 1 Z L 2 2"), 2},
        {SLICE("L 1 1"), 2},                   // from the origin
        {SLICE("M 3 3 L 4 4 C L 5 5"), 5},     // goes on where it was closed
        {SLICE("M NaN 1e99 L -1e99 1e-3"), 0}, // "Na" is no number
        {SLICE("M 1e99 0 L 1e1 1E-1 C"), 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OfdFrame frame = {.matrix = {OFD_MICRO, 0, 0, OFD_MICRO, 0, 0}};
        OfdPath path = {};
        size_t left = 100;
        EXPECT_OK(ofd_path_read(cx, &frame, cases[i].data, &left, &path));
        EXPECT(path.count == cases[i].count);
        EXPECT(path.count == 0 || path.steps[0].kind == OFD_STEP_MOVE);
    }
    OfdFrame frame = {.matrix = {OFD_MICRO, 0, 0, OFD_MICRO, 0, 0}};
    OfdPath path = {};
    size_t left = 2;
    EXPECT(ofd_path_read(cx, &frame, SLICE("M 0 0 L 1 1 L 2 2"), &left, &path) == ERR_LIMIT);
}
