#include "format/ofd/ofd_frame.h"

#include "base/test.h"

TEST("ofd frame: a point of an object stands at its box and matrix, never off the world")
{
    static const struct {
        Slice xml;
        OfdPoint from, to;
    } cases[] = {
        {SLICE("<a Boundary='10 20 5 5'/>"), {1'000, 2'000}, {11'000, 22'000}},
        {SLICE("<a Boundary='10 20 5 5' CTM='0 1 -1 0 3 4'/>"), {1'000, 2'000}, {11'000, 25'000}},
        {SLICE("<a CTM='1 2 3'/>"), {1'000, 2'000}, {1'000, 2'000}},
        {SLICE("<a Boundary='1e9 x 5 5'/>"), {1'000, 2'000}, {10'000'000, 2'000}},
        {SLICE("<a CTM='1e9 0 0 -1e9 0 0'/>"), {10'000'000, 10'000'000}, {10'000'000, -10'000'000}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const XmlNode *root = NULL;
        EXPECT_OK(xml_parse(cx, cases[i].xml, &root, NULL));
        OfdFrame frame = ofd_frame_of(root);
        OfdPoint to = ofd_frame_point(&frame, cases[i].from);
        EXPECT(to.x == cases[i].to.x && to.y == cases[i].to.y);
        EXPECT(frame.has_matrix == (i == 1 || i == 4));
    }
    int64_t values[3] = {};
    EXPECT(ofd_frame_numbers(SLICE("1, 2.5 x"), 10, values, 3) == 3);
    EXPECT(values[0] == 10 && values[1] == 25 && values[2] == 0);
}
