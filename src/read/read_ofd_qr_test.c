#include "read/read_ofd_qr.h"

#include "base/limits.h"
#include "base/test.h"
#include "format/zip/zip_fixture.h"

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

TEST("read ofd qr: pictures that show no code, or are none, give no payload")
{
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml", .bytes = SLICE("<Document/>")},
        {.name = "Res/qr.png", .bytes = SLICE("\x89PNG and no more than its head")},
        {.name = "Res/a.jb2", .bytes = SLICE("\x97JB2")},
        {.name = "Res/b.jpg", .bytes = SLICE("text"), .crc_change = 1}};
    Ofd *ofd = NULL;
    Slice payload = SLICE("x");
    size_t entry = 0, pixels_left = LIMIT_QR_PIXELS;
    Draft draft = {};
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 5), &ofd, NULL));
    EXPECT_OK(read_ofd_qr_find(cx, ofd, &ofd->docs[0], &draft, &pixels_left, &payload, &entry));
    EXPECT(slice_empty(payload) && pixels_left == LIMIT_QR_PIXELS);
}
