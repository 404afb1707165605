#include "read/read_ofd_drawn.h"

#include <qrencode.h>

#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "format/image/image_fixture.h"
#include "format/zip/zip_fixture.h"
#include "read/read_ofd_eyes.h"
#include "read/reader.h"

#define NUMBER  "25442000000000000001"
#define PAYLOAD "01,32,," NUMBER ",318.00,20250307,,"

typedef enum How {
    EACH_A_PATH,
    ONE_PATH,
    STROKES,      // a row of modules is a line as wide as one
    WHITE_ON_INK, // a dark square, and what is light in it
    WHITE_STYLE,  // the same, the white as a style that each refers to
    WHITE_LAYER,  // or that their layer does, and it to another
    WHITE_LINES,  // or lines, whose width and colour are a style's
    HIDDEN_INK,   // under a dark square that is not visible
    PICTURES,     // a picture of one pixel for each
    PICTURES_CTM, // the same, placed by matrix
    TURNED,       // one path, a quarter round and smaller
    HOW_COUNT
} How;

// A module is half a millimetre; the code stands at (10, 10).
static void add_module(Cx *cx, Text *text, How how, int x, int y)
{
    int left = 100 + 5 * x, top = 100 + 5 * y; // tenths of a millimetre
    switch (how) {
    case EACH_A_PATH:
    case HIDDEN_INK:
    case WHITE_ON_INK:
    case WHITE_STYLE:
    case WHITE_LAYER:
        text_add(text, cx_printf(cx,
                                 "<PathObject Boundary='%d.%d %d.%d 0.5 0.5' Fill='true' "
                                 "Stroke='false'%s>%s<AbbreviatedData>M 0 0 L 0.5 0 L 0.5 0.5 "
                                 "L 0 0.5 C</AbbreviatedData></PathObject>",
                                 left / 10, left % 10, top / 10, top % 10,
                                 how == WHITE_STYLE ? " DrawParam='7'" : "",
                                 how == WHITE_ON_INK ? "<FillColor Value='255 255 255'/>" : ""));
        return;
    case PICTURES:
        text_add(text, cx_printf(cx, "<ImageObject Boundary='%d.%d %d.%d 0.5 0.5' ResourceID='5'/>",
                                 left / 10, left % 10, top / 10, top % 10));
        return;
    case PICTURES_CTM:
        text_add(text, cx_printf(cx,
                                 "<ImageObject Boundary='0 0 210 140' CTM='0.5 0 0 0.5 %d.%d "
                                 "%d.%d' ResourceID='5'/>",
                                 left / 10, left % 10, top / 10, top % 10));
        return;
    case WHITE_LINES: // five times as large, and made smaller
        text_add(text,
                 cx_printf(cx, "M %d.%d %d.%d L %d.%d %d.%d ", left / 2, left % 2 * 5,
                           (top * 2 + 5) / 4, (top * 2 + 5) % 4 * 25 / 10, (left + 5) / 2,
                           (left + 5) % 2 * 5, (top * 2 + 5) / 4, (top * 2 + 5) % 4 * 25 / 10));
        return;
    case STROKES:
        text_add(text, cx_printf(cx, "M %d.%d %d.%d5 L %d.%d %d.%d5 ", left / 10, left % 10,
                                 (top + 2) / 10, (top + 2) % 10, (left + 5) / 10, (left + 5) % 10,
                                 (top + 2) / 10, (top + 2) % 10));
        return;
    case ONE_PATH:
    case TURNED:
        text_add(text, cx_printf(cx, "M %d.%d %d.%d L %d.%d %d.%d L %d.%d %d.%d L %d.%d %d.%d C ",
                                 left / 10, left % 10, top / 10, top % 10, (left + 5) / 10,
                                 (left + 5) % 10, top / 10, top % 10, (left + 5) / 10,
                                 (left + 5) % 10, (top + 5) / 10, (top + 5) % 10, left / 10,
                                 left % 10, (top + 5) / 10, (top + 5) % 10));
        return;
    case HOW_COUNT:
        break;
    }
}

static Slice code_page(Cx *cx, How how)
{
    static const char *const heads[HOW_COUNT] = {
        [ONE_PATH] = "<PathObject Boundary='0 0 210 140' Fill='true' Stroke='false'>"
                     "<AbbreviatedData>",
        [TURNED] = "<PathObject Boundary='0 0 210 140' CTM='0 0.8 -0.8 0 60 20' Fill='true' "
                   "Stroke='false'><AbbreviatedData>",
        [STROKES] = "<PathObject Boundary='0 0 210 140' LineWidth='0.5'><AbbreviatedData>",
        [WHITE_LINES] = "<PathObject Boundary='0 0 210 140' CTM='0.2 0 0 0.2 0 0' DrawParam='6'>"
                        "<AbbreviatedData>",
    };
    Text text = text_open(cx, (size_t)4 << 20);
    bool inverse = how >= WHITE_ON_INK && how <= WHITE_LINES;
    text_add(&text, cx_printf(cx,
                              "<Page><Area><PhysicalBox>0 0 210 140</PhysicalBox></Area><Content>"
                              "<Layer%s>",
                              how == WHITE_LAYER ? " DrawParam='8'" : ""));
    QRcode *code = QRcode_encodeString8bit(PAYLOAD, 0, QR_ECLEVEL_M);
    EXPECT(code != NULL);
    int end = 100 + 5 * code->width; // tenths of a millimetre
    if (inverse)
        text_add(&text, cx_printf(cx,
                                  "<PathObject Fill='true' Stroke='false'><FillColor Value='9'/>"
                                  "<AbbreviatedData>M 10 10 L %d.%d 10 L %d.%d %d.%d L 10 %d.%d C"
                                  "</AbbreviatedData></PathObject>",
                                  end / 10, end % 10, end / 10, end % 10, end / 10, end % 10,
                                  end / 10, end % 10));
    if (heads[how] != NULL) text_add(&text, slice_of(heads[how]));
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++) {
            bool dark = (code->data[y * code->width + x] & 1) != 0;
            if (dark != inverse) add_module(cx, &text, how, x, y);
        }
    QRcode_free(code);
    if (heads[how] != NULL) text_add(&text, SLICE("</AbbreviatedData></PathObject>"));
    if (how == HIDDEN_INK)
        text_add(&text, SLICE("<PathObject Fill='true' Visible='false'><AbbreviatedData>M 0 0 "
                              "L 99 0 L 99 99 L 0 99 C</AbbreviatedData></PathObject>"));
    text_add(&text, SLICE("</Layer></Content></Page>"));
    return text_so_far(&text);
}

static Err read_page(Cx *cx, Slice page, const SealAnswer *seal, Reading *reading)
{
    static const SealAnswer none = {};
    Image dot = image_fixture_white(cx, 1, 1);
    dot.pixels[0] = 0;
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocInfo/><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml",
         .bytes = SLICE("<Document><CommonData><PublicRes>R.xml</PublicRes></CommonData><Pages>"
                        "<Page ID='1' BaseLoc='P.xml'/></Pages></Document>")},
        {.name = "P.xml", .bytes = page},
        {.name = "R.xml",
         .bytes = SLICE("<Res BaseLoc='Res'><MultiMedias><MultiMedia ID='5'><MediaFile>d.bmp"
                        "</MediaFile></MultiMedia></MultiMedias><DrawParams><DrawParam ID='6' "
                        "LineWidth='2.5'><StrokeColor Value='255 255 255'/></DrawParam><DrawParam "
                        "ID='7'><FillColor Value='255 255 255'/>"
                        "</DrawParam><DrawParam ID='8' Relative='7' LineWidth='1'/></DrawParams>"
                        "</Res>")},
        {.name = "Res/d.bmp", .bytes = image_fixture_bmp(cx, &dot)}};
    ReadJob job = {zip_fixture_make(cx, entries, 5), seal == NULL ? &none : seal, false};
    *reading = (Reading){.media = MEDIA_OFD};
    return read_ofd_eyes(cx, &job, reading);
}

TEST("read ofd drawn: a code is read however its modules are drawn")
{
    for (How how = 0; how < HOW_COUNT; how++) {
        Reading reading = {};
        EXPECT_OK(read_page(cx, code_page(cx, how), NULL, &reading));
        if (reading.draft_count != 1) fprintf(stderr, "how %d\n", (int)how);
        EXPECT(reading.draft_count == 1);
        EXPECT(slice_equal(reading.drafts[0].number, SLICE(NUMBER)));
        EXPECT(slice_equal(reading.drafts[0].total, SLICE("318.00")));
        EXPECT(slice_equal(reading.drafts[0].issue_date, SLICE("2025-03-07")));
        EXPECT(reading.drafts[0].origins[DRAFT_NUMBER].source == SOURCE_QR);
    }
}

TEST("read ofd drawn: under a seal a drawn code speaks for the page alone that is sealed")
{
    static const How hows[] = {ONE_PATH, PICTURES};
    for (size_t i = 0; i < 2; i++) {
        uint32_t trusted[] = {0, 1, 2};
        SealAnswer seal = {.seal = {.state = SEAL_VALID}, .trusted = trusted, .trusted_count = 3};
        Reading reading = {};
        EXPECT_OK(read_page(cx, code_page(cx, hows[i]), &seal, &reading));
        EXPECT(reading.draft_count == 1);
        // The pictures are not among what it holds.
        EXPECT(reading.drafts[0].seal.state == (i == 0 ? SEAL_VALID : SEAL_UNCHECKED));
    }
}

#define UNSEEN(data)                                                                               \
    "<PathObject Fill='true' Stroke='false'><FillColor Alpha='0'/><AbbreviatedData>" data          \
    "</AbbreviatedData></PathObject>"
#define STEPS_10 "L 0 0 L 0 0 L 0 0 L 0 0 L 0 0 L 0 0 L 0 0 L 0 0 L 0 0 L 0 0 "

TEST("read ofd drawn: past each limit nothing is said of a page whose code is read before it")
{
    // Nothing of it is seen, so without the limit the code would be read.
    static const struct {
        const char *object;
        size_t few, many;
    } cases[] = {
        {"<PathObject/>", LIMIT_OFD_SHAPES - 1, LIMIT_OFD_SHAPES},
        {UNSEEN("M 0 0 L 400 0 L 400 400 L 0 400 C"), 20, 40},    // area
        {UNSEEN("M 0 0 L 9999 0 L 0 0 L 9999 0 L 0 0"), 20, 40},  // edges
        {UNSEEN("M 0 0 " STEPS_10 STEPS_10 STEPS_10), 10, 13400}, // steps
    };
    Slice page = code_page(cx, ONE_PATH), layer = SLICE("<Layer>");
    size_t at = slice_find(page, layer) + layer.size;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        size_t times = i % 2 == 0 ? cases[i / 2].few : cases[i / 2].many;
        Text text = text_open(cx, (size_t)8 << 20);
        text_add(&text, slice_sub(page, 0, at));
        for (size_t k = 0; k < times; k++)
            text_add(&text, slice_of(cases[i / 2].object));
        text_add(&text, slice_sub(page, at, SIZE_MAX));
        Reading reading = {};
        EXPECT_OK(read_page(cx, text_so_far(&text), NULL, &reading));
        if (reading.draft_count != (i % 2 == 0)) fprintf(stderr, "case %zu\n", i);
        EXPECT(reading.draft_count == (i % 2 == 0) && reading.reason != REASON_HOSTILE);
    }
}

TEST("read ofd drawn: numbers that are none and pictures without a place refuse no document")
{
    static const struct {
        const char *object;
        size_t times;
    } cases[] = {
        {"<PathObject LineWidth='NaN' Boundary='1e99 1e99 -1 0' CTM='0 0 0 0 0 0' Fill='true'>"
         "<AbbreviatedData>M 0 0 L 1 1 C</AbbreviatedData></PathObject>",
         100},
        {"<ImageObject ResourceID='5' Boundary='0 0 0 0'/>", 100},
        {"<ImageObject ResourceID='5' Boundary='0 0 9999 9999'/>", 100},
        {"<ImageObject ResourceID='6' Boundary='0 0 9 9'/>", 100},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Text text = text_open(cx, (size_t)8 << 20);
        // A small page: a code is looked for on all of it.
        text_add(&text, SLICE("<Page><Area><PhysicalBox>0 0 70 50</PhysicalBox></Area><Content>"
                              "<Layer>"));
        for (size_t k = 0; k < cases[i].times; k++)
            text_add(&text, slice_of(cases[i].object));
        text_add(&text, SLICE("</Layer></Content></Page>"));
        Reading reading = {};
        EXPECT_OK(read_page(cx, text_so_far(&text), NULL, &reading));
        EXPECT(reading.draft_count == 0 && reading.reason != REASON_HOSTILE);
    }
}

TEST("read ofd drawn: of a part the code of another invoice is passed over")
{
    static const struct {
        Slice number, payload;
    } cases[] = {{SLICE(NUMBER), SLICE(PAYLOAD)}, {SLICE("25442000000000000002"), SLICE("")}};
    const ZipFixtureEntry entries[] = {
        {.name = "OFD.xml",
         .bytes = SLICE("<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>")},
        {.name = "D.xml",
         .bytes = SLICE("<Document><Pages><Page ID='1' BaseLoc='P.xml'/></Pages></Document>")},
        {.name = "P.xml", .bytes = code_page(cx, ONE_PATH)}};
    for (size_t i = 0; i < 2; i++) {
        Ofd *ofd = NULL;
        Slice payload = {};
        size_t entry = 0, pixels_left = LIMIT_QR_PIXELS;
        Draft draft = {.number = cases[i].number};
        EXPECT_OK(ofd_open(cx, zip_fixture_make(cx, entries, 3), &ofd, NULL));
        OfdDoc doc = ofd->docs[0];
        doc.is_part = true;
        EXPECT_OK(read_ofd_drawn_find(cx, ofd, &doc, &draft, &pixels_left, &payload, &entry));
        EXPECT(slice_equal(payload, cases[i].payload));
    }
}
