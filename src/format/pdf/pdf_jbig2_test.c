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
        EXPECT_OK(pdf_jbig2(cx, picture(cx, forms[i][0], forms[i][1]), &image));
        EXPECT(image.width == 64 && image.height == 16);
        EXPECT(image.pixels[10] < 128);          // first row black
        EXPECT(image.pixels[64 * 8 + 10] > 128); // the rest white
        EXPECT(image.pixels[64 * 15 + 63] > 128);
    }
}

TEST("pdf_jbig2: what is no JBIG2, or promises too many pixels, is said so")
{
    Image image = {};
    EXPECT(pdf_jbig2(cx, SLICE(""), &image) == ERR_INPUT);
    EXPECT(pdf_jbig2(cx, SLICE("\x97JB2\r\n\x1a\n"), &image) == ERR_INPUT);
    EXPECT(pdf_jbig2(cx, SLICE("not a picture at all, no"), &image) == ERR_INPUT);
    Slice good = picture(cx, false, true);
    char *huge = arena_alloc(&cx->arena, good.size);
    memcpy(huge, good.data, good.size);
    huge[11] = 0x7f;
    EXPECT(pdf_jbig2(cx, (Slice){huge, good.size}, &image) == ERR_LIMIT);
    // The page is small, but its region is not.
    memcpy(huge, good.data, good.size);
    huge[sizeof page_info + 15] = 0x05;
    EXPECT(pdf_jbig2(cx, (Slice){huge, good.size}, &image) == ERR_LIMIT);
}

// A small page and one more segment, whose type and data are given.
static Slice with_segment(Cx *cx, uint8_t type, const uint8_t *data, size_t size)
{
    char *out = arena_alloc(&cx->arena, sizeof page_info + 11 + size);
    size_t at = put(out, 0, page_info, sizeof page_info);
    const uint8_t head[] = {0, 0, 0, 1, type, 0, 1, 0, 0, 0, (uint8_t)size};
    at = put(out, at, head, sizeof head);
    return (Slice){out, put(out, at, data, size)};
}

TEST("pdf_jbig2: no segment promises more than can be decoded in a moment, nor is too short to say")
{
    static const struct {
        uint8_t type, size;
        uint8_t data[32];
        Err err;
    } cases[] = {
        // A region of one byte: its numbers would be read out of the next segment.
        {38, 1, {0}, ERR_INPUT},
        {38, 18, {0, 0, 0x1b, 0, 0, 0, 0x40, 0}, ERR_LIMIT},
        // Symbols: Huffman coded, so that the two counts follow the flags at once.
        {0, 0, {}, ERR_INPUT},
        {0, 10, {0, 1, 0, 0, 0, 1, 0x01, 0, 0, 0}, ERR_LIMIT},
        {0, 10, {0, 0, 0, 0, 0, 1, 0, 0, 0, 1}, ERR_INPUT}, // its adaptive pixels are missing
        // Text: 2^24 instances.
        {6, 23, {0, 0, 0, 8, 0, 0, 0, 8, [19] = 1}, ERR_LIMIT},
        // Patterns, a halftone's grid.
        {16, 7, {0, 4, 4, 1, 0, 0, 0}, ERR_LIMIT},
        {22, 26, {0, 0, 0, 8, 0, 0, 0, 8, [18] = 0, 0x7f, 0, 0}, ERR_LIMIT},
        // Codes from 0 to 2^31 - 1, none of which is there; from -8 to 8 none is missed: the first
        // is 2^0 wide, the second 2^4.
        {53, 9, {0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff}, ERR_INPUT},
        {53, 9, {0x20, 0xff, 0xff, 0xff, 0xf8, 0, 0, 0, 8}, ERR_INPUT},
        {53, 10, {0x20, 0xff, 0xff, 0xff, 0xf8, 0, 0, 0, 8, 0x0c}, ERR_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Image image = {};
        Slice jb2 = with_segment(cx, cases[i].type, cases[i].data, cases[i].size);
        Err err = pdf_jbig2(cx, jb2, &image);
        if (err != cases[i].err) printf("case %zu: %d\n", i, (int)err);
        EXPECT(err == cases[i].err);
    }
}

TEST("pdf_jbig2: a table of its own has no more lines than can be sorted")
{
    Image image = {};
    uint8_t table[255] = {0, 0, 0, 0, 0, 0, 0, 0x10, 0}; // 4096 lines of two bits, each 1 wide
    EXPECT(pdf_jbig2(cx, with_segment(cx, 53, table, sizeof table), &image) == ERR_INPUT);
    char *long_one = arena_alloc(&cx->arena, sizeof page_info + 11 + 600);
    Slice small = with_segment(cx, 53, table, sizeof table);
    memset(long_one, 0, sizeof page_info + 11 + 600);
    memcpy(long_one, small.data, small.size);
    long_one[sizeof page_info + 9] = 600 >> 8;
    long_one[sizeof page_info + 10] = (char)(600 & 255);
    Slice all = {long_one, sizeof page_info + 11 + 600};
    EXPECT(pdf_jbig2(cx, all, &image) == ERR_LIMIT);
}

TEST("pdf_jbig2: many regions together promise no more than a few pages")
{
    Image image = {};
    uint8_t region[29];
    memcpy(region, region_head, sizeof region);
    memcpy(region + 11, (uint8_t[]){0, 0, 0x0f, 0xa0, 0, 0, 0x0f, 0xa0}, 8); // 4000 x 4000
    char *out = arena_alloc(&cx->arena, sizeof page_info + 5 * sizeof region);
    size_t at = put(out, 0, page_info, sizeof page_info);
    region[10] = 18;
    for (int i = 0; i < 5; i++)
        at = put(out, at, region, sizeof region);
    EXPECT(pdf_jbig2(cx, (Slice){out, at}, &image) == ERR_LIMIT);
}
