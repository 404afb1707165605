#include "read/read_ofd_qr.h"

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "format/image/image_qr_fixture.h"
#include "format/zip/zip_fixture.h"

TEST("read ofd qr: a GraphCode that is no picture is passed over")
{
    static const Slice cases[] = {SLICE("iVBORw0KGgo="), // the head of a PNG and no more
                                  SLICE("?"), SLICE("")};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Draft draft = {};
        size_t pixels_left = LIMIT_QR_PIXELS;
        EXPECT_OK(read_ofd_qr_apply(cx, cases[i], &pixels_left, &draft));
        EXPECT(slice_empty(draft.number) && slice_empty(draft.qr));
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

TEST("read ofd qr: of several codes on one page each invoice gets its own, and no other's")
{
#define CODE(number) "01,32,," number ",1.00,20250307,,"
#define NUMBER(last) "2544200000000000000" last
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml",
         .bytes = SLICE("<Document><CommonData><PublicRes>R.xml</PublicRes></CommonData><Pages>"
                        "<Page ID='9' BaseLoc='P.xml'/></Pages></Document>")},
        {.name = "R.xml",
         .bytes = SLICE("<Res><MultiMedias><MultiMedia ID='11'><MediaFile>1.bmp</MediaFile>"
                        "</MultiMedia><MultiMedia ID='12'><MediaFile>2.bmp</MediaFile></MultiMedia>"
                        "</MultiMedias></Res>")},
        {.name = "P.xml",
         .bytes = SLICE("<Page><Content><Layer><ImageObject Boundary='5 5 20 20' ResourceID='11'/>"
                        "<ImageObject Boundary='5 150 20 20' ResourceID='12'/></Layer></Content>"
                        "</Page>")},
        {.name = "1.bmp", .bytes = image_qr_fixture(cx, CODE(NUMBER("1")))},
        {.name = "2.bmp", .bytes = image_qr_fixture(cx, CODE(NUMBER("2")))}};
    static const struct {
        bool part;
        Slice number, payload;
    } cases[] = {
        {true, SLICE(NUMBER("1")), SLICE(CODE(NUMBER("1")))},
        {true, SLICE(NUMBER("2")), SLICE(CODE(NUMBER("2")))},
        {true, SLICE(NUMBER("3")), SLICE("")},
        {true, SLICE(""), SLICE(CODE(NUMBER("1")))},
        {false, SLICE(NUMBER("3")), SLICE(CODE(NUMBER("1")))}, // which then disagrees
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Ofd *ofd = NULL;
        Slice payload = SLICE("x");
        size_t entry = 0, pixels_left = LIMIT_QR_PIXELS;
        Draft draft = {.number = cases[i].number};
        EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 6), &ofd, NULL));
        OfdDoc doc = ofd->docs[0];
        doc.is_part = cases[i].part;
        EXPECT_OK(read_ofd_qr_find(cx, ofd, &doc, &draft, &pixels_left, &payload, &entry));
        EXPECT(slice_equal(payload, cases[i].payload));
    }
}

TEST("read ofd qr: on a page of sixteen invoices the last one's code is found, too")
{
    Text res = text_open(cx, 4096), drawn = text_open(cx, 4096);
    ZipFixtureEntry entries[20] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml",
         .bytes = SLICE("<Document><CommonData><PublicRes>R.xml</PublicRes></CommonData><Pages>"
                        "<Page ID='9' BaseLoc='P.xml'/></Pages></Document>")}};
    Slice other = image_qr_fixture(cx, CODE(NUMBER("1")));
    for (int i = 0; i < 16; i++) {
        text_printf(&res, "<MultiMedia ID='%d'><MediaFile>%d.bmp</MediaFile></MultiMedia>", i + 11,
                    i);
        text_printf(&drawn, "<ImageObject Boundary='5 %d 20 20' ResourceID='%d'/>", 5 + i * 18,
                    i + 11);
        entries[4 + i] = (ZipFixtureEntry){.name = cx_printf(cx, "%d.bmp", i).data, .bytes = other};
    }
    entries[2] = (ZipFixtureEntry){
        .name = "R.xml",
        .bytes = cx_printf(cx, "<Res><MultiMedias>" SLICE_FMT "</MultiMedias></Res>",
                           SLICE_ARG(text_so_far(&res)))};
    entries[3] = (ZipFixtureEntry){
        .name = "P.xml",
        .bytes = cx_printf(cx, "<Page><Content><Layer>" SLICE_FMT "</Layer></Content></Page>",
                           SLICE_ARG(text_so_far(&drawn)))};
    entries[19].bytes = image_qr_fixture(cx, CODE(NUMBER("2")));
    Ofd *ofd = NULL;
    Slice payload = {};
    size_t entry = 0, pixels_left = LIMIT_QR_PIXELS;
    Draft draft = {.number = SLICE(NUMBER("2"))};
    EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 20), &ofd, NULL));
    OfdDoc doc = ofd->docs[0];
    doc.is_part = true;
    EXPECT_OK(read_ofd_qr_find(cx, ofd, &doc, &draft, &pixels_left, &payload, &entry));
    EXPECT(slice_equal(payload, SLICE(CODE(NUMBER("2")))) && entry == 19);
}
