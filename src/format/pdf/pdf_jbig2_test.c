#include "base/test.h"
#include "format/pdf/pdf.h"

// 64 x 16 pixels in generic region coding without arithmetic (MMR): one segment of page
// information, one immediate generic region of all-white rows (each "V0" = bit 1) but the first,
// which is black from column 0 to 63: horizontal mode 001, white run 0 = 00110101, black run 64 =
// 0000001111 + run 0 = 0000110111.
static const uint8_t page_info[] = {0, 0, 0, 0,  48, 0, 1, 0, 0, 0, 19, 0, 0, 0, 64,
                                    0, 0, 0, 16, 0,  0, 0, 0, 0, 0, 0,  0, 0, 0, 0};
// Rows 1..15: the first is white again (two changes of the row above are passed: pass mode 0001,
// then V0), all others V0.
static const uint8_t region_head[] = {0, 0, 0, 1,  38, 0, 1, 0, 0, 0, 27, 0, 0, 0, 64,
                                      0, 0, 0, 16, 0,  0, 0, 0, 0, 0, 0,  0, 0, 1};
// 001 00110101 0000001111 0000110111 | 0001 1 | 1 x 14, padded.
static const uint8_t region_data[] = {0x26, 0xa0, 0x3c, 0x37, 0x1f, 0xff, 0x80, 0x00, 0x00};
static const uint8_t end_page[] = {0, 0, 0, 2, 49, 0, 1, 0, 0, 0, 0};
static const uint8_t end_file[] = {0, 0, 0, 3, 51, 0, 0, 0, 0, 0, 0};

static size_t put(char *out, size_t at, const uint8_t *bytes, size_t size)
{
    memcpy(out + at, bytes, size);
    return at + size;
}

// With the file header, sequential or with all headers first; or embedded.
static Slice picture(Cx *cx, bool header, bool sequential)
{
    char *out = arena_alloc(&cx->arena, 200);
    size_t at = 0;
    if (header) {
        memcpy(out, "\x97JB2\r\n\x1a\n", 8);
        out[8] = sequential ? 1 : 0;
        memcpy(out + 9, "\0\0\0\1", 4);
        at = 13;
    }
    const size_t info = 11, region = 11; // sizes of the segment headers
    at = put(out, at, page_info, sequential ? sizeof page_info : info);
    at = put(out, at, region_head, sequential ? sizeof region_head : region);
    if (sequential) at = put(out, at, region_data, sizeof region_data);
    at = put(out, at, end_page, sizeof end_page);
    if (header) at = put(out, at, end_file, sizeof end_file);
    if (!sequential) {
        at = put(out, at, page_info + info, sizeof page_info - info);
        at = put(out, at, region_head + region, sizeof region_head - region);
        at = put(out, at, region_data, sizeof region_data);
    }
    return (Slice){out, at};
}

TEST("pdf_jbig2: decodes with and without the file header, in both organisations")
{
    static const bool forms[][2] = {{true, true}, {true, false}, {false, true}};
    for (size_t i = 0; i < 3; i++) {
        Image image = {};
        EXPECT_OK(pdf_jbig2(cx, picture(cx, forms[i][0], forms[i][1]), SLICE(""), &image));
        EXPECT(image.width == 64 && image.height == 16);
        EXPECT(image.pixels[10] < 128);          // first row black
        EXPECT(image.pixels[64 * 8 + 10] > 128); // the rest white
        EXPECT(image.pixels[64 * 15 + 63] > 128);
    }
}

TEST("pdf_jbig2: what is no JBIG2, or promises too many pixels, is said so")
{
    Image image = {};
    EXPECT(pdf_jbig2(cx, SLICE(""), SLICE(""), &image) == ERR_INPUT);
    EXPECT(pdf_jbig2(cx, SLICE("\x97JB2\r\n\x1a\n"), SLICE(""), &image) == ERR_INPUT);
    EXPECT(pdf_jbig2(cx, SLICE("not a picture at all, no"), SLICE(""), &image) == ERR_INPUT);
    Slice good = picture(cx, false, true);
    char *huge = arena_alloc(&cx->arena, good.size);
    memcpy(huge, good.data, good.size);
    huge[11] = 0x7f;
    EXPECT(pdf_jbig2(cx, (Slice){huge, good.size}, SLICE(""), &image) == ERR_LIMIT);
    // The page is small, but its region is not.
    memcpy(huge, good.data, good.size);
    huge[sizeof page_info + 15] = 0x05;
    EXPECT(pdf_jbig2(cx, (Slice){huge, good.size}, SLICE(""), &image) == ERR_LIMIT);
}
