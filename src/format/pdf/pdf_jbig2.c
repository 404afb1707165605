
#include "base/text.h"
#include "format/pdf/pdf.h"

// A .jb2 as OFD files carry it (ITU-T T.88, annex D), big-endian:
//
//   file header (absent in an embedded stream)
//      0  8  97 4a 42 32 0d 0a 1a 0a
//      8  1  flags: 1 = sequential, 2 = page count unknown
//      9  4  page count, absent when unknown
//   segments, each
//      0  4  number
//      4  1  flags: low six bits the type (48 page information, 49 end of page, 51 end of file),
//            64 = page association of four bytes
//      5  .  referred-to segments: 3 bits count (7: a long form), then one number each of
//            1, 2 or 4 bytes, by this segment's own number
//      .  1|4 page association
//      .  4  data length; ff ff ff ff = unknown
//      .  .  data; of page information: 4 width, 4 height, …
//
// PDF wants the embedded form (ISO 32000-1, 7.4.7): no file header, no end-of-page and end-of-file
// segments. Poppler skips unwanted segments, so only the header is taken off. In the random-access
// organisation (flag 1 not set) all segment headers stand first: they are put in order here.

#define SEGMENT_SYMBOLS     0
#define SEGMENT_PATTERNS    16
#define SEGMENT_PAGE_INFO   48
#define SEGMENT_END_PAGE    49
#define SEGMENT_END_FILE    51
#define SEGMENT_TABLE       53
#define REGION_HEAD         ((size_t)17)      // width, height, x, y, flags: of every region
#define JBIG2_COUNT_MAX     UINT32_C(262'144) // symbols, instances, patterns of one segment
#define JBIG2_LINES_MAX     ((size_t)1024)    // of a code table: sorting them takes their square
#define JBIG2_PIXELS_MAX    (4 * LIMIT_RENDER_PIXELS) // of the page and all its regions
#define JBIG2_SEGMENTS_MAX  ((size_t)1024)
#define JBIG2_UNKNOWN_SIZE  UINT32_C(0xffffffff)
#define JBIG2_DOCUMENT_ROOM ((size_t)1024) // what the wrapper adds

typedef struct Segment {
    Slice header;
    uint32_t data_size;
    uint8_t type;
    Slice data;
} Segment;

static uint32_t big_u32(Slice bytes, size_t at)
{
    const uint8_t *b = (const uint8_t *)bytes.data + at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
}

// One segment header at `at`; false when it does not fit.
static bool segment_at(Slice bytes, size_t at, Segment *ret)
{
    if (bytes.size < at || bytes.size - at < 11) return false;
    uint32_t number = big_u32(bytes, at);
    uint8_t flags = (uint8_t)bytes.data[at + 4];
    uint8_t referred = (uint8_t)bytes.data[at + 5];
    size_t size = 6, count = referred >> 5;
    if (count == 7) {
        count = big_u32(bytes, at + 5) & UINT32_C(0x1fffffff);
        if (count > JBIG2_SEGMENTS_MAX) return false;
        size = 5 + 4 + (count + 8) / 8;
    }
    size += count * (number <= 256 ? 1 : number <= 65536 ? 2 : 4);
    size += (flags & 64) != 0 ? 4 : 1;
    size += 4;
    if (bytes.size - at < size) return false;
    *ret = (Segment){.header = {bytes.data + at, size},
                     .data_size = big_u32(bytes, at + size - 4),
                     .type = flags & 63};
    return true;
}

// All segments, sequential (header, data, header, data …) or not (all headers first).
static size_t segments_of(Slice bytes, bool sequential, Segment *segments)
{
    size_t count = 0, at = 0;
    while (count < JBIG2_SEGMENTS_MAX && segment_at(bytes, at, &segments[count])) {
        Segment *segment = &segments[count++];
        at += segment->header.size;
        if (sequential) {
            // A length that is unknown or a lie: the rest belongs to it.
            segment->data = slice_sub(bytes, at, segment->data_size);
            at += segment->data.size;
        }
        if (segment->type == SEGMENT_END_FILE) break;
    }
    for (size_t i = 0; i < count && !sequential; i++) {
        segments[i].data = slice_sub(bytes, at, segments[i].data_size);
        at += segments[i].data.size;
    }
    return count;
}

static Err check_size(Cx *cx, uint32_t width, uint32_t height)
{
    if (width > LIMIT_IMAGE_SIDE || height > LIMIT_IMAGE_SIDE ||
        (size_t)width * height > LIMIT_RENDER_PIXELS)
        return err_set(cx, ERR_LIMIT, "JBIG2 of %u x %u pixels", width, height);
    return ERR_OK;
}

static Err check_count(Cx *cx, const Segment *segment, size_t at)
{
    if (segment->data.size < at + 4)
        return err_set(cx, ERR_INPUT, "JBIG2 segment of type %u is cut off", segment->type);
    uint32_t count = big_u32(segment->data, at);
    if (count > JBIG2_COUNT_MAX)
        return err_set(cx, ERR_LIMIT, "JBIG2 segment of type %u holds %u", segment->type, count);
    return ERR_OK;
}

// Flags u16, the adaptive pixels that they ask for, exported symbols u32, new symbols u32 (7.4.2).
static Err check_symbols(Cx *cx, const Segment *segment)
{
    uint32_t flags = big_u32(segment->data, 0) >> 16;
    bool huffman = (flags & 1) != 0, refined = (flags & 2) != 0;
    size_t at = 2;
    if (!huffman) at += (flags & 0x0c00) == 0 ? 8 : 2;
    if (refined && (flags & 0x1000) == 0) at += 4;
    TRY(check_count(cx, segment, at));
    return check_count(cx, segment, at + 4);
}

// Flags u16, of Huffman tables u16, adaptive pixels, instances u32 (7.4.3).
static Err check_text(Cx *cx, const Segment *segment)
{
    uint32_t flags = big_u32(segment->data, REGION_HEAD) >> 16;
    size_t at = REGION_HEAD + 2;
    if ((flags & 1) != 0) at += 2;
    if ((flags & 2) != 0 && (flags & 0x8000) == 0) at += 4;
    return check_count(cx, segment, at);
}

// Flags u8, width u8, height u8, the last pattern's number u32 (7.4.4).
static Err check_patterns(Cx *cx, const Segment *segment)
{
    return check_count(cx, segment, 3);
}

// Flags u8, width u32, height u32 of the grid (7.4.5).
static Err check_grid(Cx *cx, const Segment *segment)
{
    return check_size(cx, big_u32(segment->data, REGION_HEAD + 1),
                      big_u32(segment->data, REGION_HEAD + 5));
}

static unsigned take_bits(Slice bytes, size_t *at, unsigned count)
{
    unsigned value = 0;
    for (; count > 0; count--, (*at)++)
        value = value << 1 | ((uint8_t)bytes.data[*at / 8] >> (7 - *at % 8) & 1);
    return value;
}

// Flags u8, the lowest and the highest value i32, then of each line the bits of its prefix and of
// its range, until the ranges reach the highest (annex B.2).
static Err check_table(Cx *cx, const Segment *segment)
{
    Slice data = segment->data;
    uint8_t flags = (uint8_t)data.data[0];
    unsigned prefix = (flags >> 1 & 7U) + 1, range = (flags >> 4 & 7U) + 1;
    int64_t value = (int32_t)big_u32(data, 1), highest = (int32_t)big_u32(data, 5);
    size_t at = 9 * 8;
    for (size_t lines = 0; value < highest; lines++) {
        if (at + prefix + range > data.size * 8)
            return err_set(cx, ERR_INPUT, "JBIG2 table is cut off");
        if (lines == JBIG2_LINES_MAX)
            return err_set(cx, ERR_LIMIT, "JBIG2 table of over %zu lines", JBIG2_LINES_MAX);
        (void)take_bits(data, &at, prefix);
        unsigned bits = take_bits(data, &at, range);
        value += INT64_C(1) << (bits < 32 ? bits : 32);
    }
    return ERR_OK;
}

// Poppler makes as many pixels, symbols and codes as the numbers say, whatever there is to decode;
// and reads on in the next segment where one is too short for its numbers.
static const struct {
    uint8_t first, last, size; // the types, and what their data hold at least
    bool sized;                // begins with a width and a height
    Err (*check)(Cx *cx, const Segment *segment);
} types[] = {
    {SEGMENT_SYMBOLS, SEGMENT_SYMBOLS, 10, false, check_symbols},
    {4, 7, REGION_HEAD + 6, true, check_text},
    {SEGMENT_PATTERNS, SEGMENT_PATTERNS, 7, false, check_patterns},
    {20, 23, REGION_HEAD + 9, true, check_grid}, // halftone
    {36, 43, REGION_HEAD + 1, true, NULL},       // generic, refinement
    {SEGMENT_PAGE_INFO, SEGMENT_PAGE_INFO, 19, true, NULL},
    {SEGMENT_TABLE, SEGMENT_TABLE, 9, false, check_table},
};

// Counts the pixels that it promises down from *left.
static Err check_segment(Cx *cx, const Segment *segment, size_t *left)
{
    size_t at = 0, end = sizeof types / sizeof types[0];
    while (at < end && (segment->type < types[at].first || segment->type > types[at].last))
        at++;
    if (at == end) return ERR_OK;
    if (segment->data.data == NULL || segment->data.size < types[at].size)
        return err_set(cx, ERR_INPUT, "JBIG2 segment of type %u is cut off", segment->type);
    if (types[at].sized) {
        uint32_t width = big_u32(segment->data, 0), height = big_u32(segment->data, 4);
        TRY(check_size(cx, width, height));
        if ((size_t)width * height > *left)
            return err_set(cx, ERR_LIMIT, "JBIG2 of over %zu pixels in all", JBIG2_PIXELS_MAX);
        *left -= (size_t)width * height;
    }
    return types[at].check == NULL ? ERR_OK : types[at].check(cx, segment);
}

// The embedded form of a .jb2, and the size that its page information gives.
static Err embed(Cx *cx, Slice jb2, Slice *ret_stream, uint32_t *width, uint32_t *height)
{
    bool sequential = true;
    if (slice_starts(jb2, SLICE("\x97JB2\r\n\x1a\n"))) {
        if (jb2.size < 13) return err_set(cx, ERR_INPUT, "JBIG2 file header is cut off");
        uint8_t flags = (uint8_t)jb2.data[8];
        sequential = (flags & 1) != 0;
        size_t header = (flags & 2) != 0 ? 9 : 13;
        jb2 = slice_sub(jb2, header, jb2.size - header);
    }
    Segment *segments = arena_alloc(&cx->arena, JBIG2_SEGMENTS_MAX * sizeof *segments);
    size_t count = segments_of(jb2, sequential, segments);
    Text stream = text_open(cx, LIMIT_ZIP_ENTRY_BYTES);
    size_t left = JBIG2_PIXELS_MAX;
    *width = *height = 0;
    for (size_t i = 0; i < count; i++) {
        const Segment *segment = &segments[i];
        if (segment->type == SEGMENT_END_PAGE || segment->type == SEGMENT_END_FILE) continue;
        TRY(check_segment(cx, segment, &left));
        if (segment->type == SEGMENT_PAGE_INFO && segment->data.size >= 8 && *width == 0) {
            *width = big_u32(segment->data, 0);
            *height = big_u32(segment->data, 4);
        }
        text_add(&stream, segment->header);
        text_add(&stream, segment->data);
    }
    if (*width == 0 || *height == 0) return err_set(cx, ERR_INPUT, "JBIG2 without a page");
    return text_done(cx, &stream, ret_stream);
}

// Object `number` starts here.
static void object(Text *pdf, size_t *offsets, size_t number)
{
    offsets[number] = pdf->size;
    text_printf(pdf, "%zu 0 obj\n", number);
}

static void stream_object(Text *pdf, Slice stream)
{
    text_printf(pdf, "/Length %zu>>\nstream\n", stream.size);
    text_add(pdf, stream);
    text_add(pdf, SLICE("\nendstream\nendobj\n"));
}

// One page of width x height points, covered by the picture: a point is a pixel.
static Err wrap(Cx *cx, Slice stream, uint32_t width, uint32_t height, Slice *ret)
{
    Text pdf = text_open(cx, stream.size + JBIG2_DOCUMENT_ROOM);
    size_t offsets[6] = {};
    text_add(&pdf, SLICE("%PDF-1.4\n"));
    object(&pdf, offsets, 1);
    text_add(&pdf, SLICE("<</Type/Catalog/Pages 2 0 R>>\nendobj\n"));
    object(&pdf, offsets, 2);
    text_add(&pdf, SLICE("<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"));
    object(&pdf, offsets, 3);
    text_printf(&pdf,
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 %u %u]/Contents 4 0 R"
                "/Resources<</XObject<</I 5 0 R>>>>>>\nendobj\n",
                width, height);
    object(&pdf, offsets, 4);
    text_add(&pdf, SLICE("<<"));
    stream_object(&pdf, cx_printf(cx, "%u 0 0 %u 0 0 cm /I Do", width, height));
    object(&pdf, offsets, 5);
    text_printf(&pdf,
                "<</Type/XObject/Subtype/Image/Width %u/Height %u/ColorSpace/DeviceGray"
                "/BitsPerComponent 1/Filter/JBIG2Decode",
                width, height);
    stream_object(&pdf, stream);
    size_t table = pdf.size;
    text_add(&pdf, SLICE("xref\n0 6\n0000000000 65535 f \n"));
    for (size_t i = 1; i < 6; i++)
        text_printf(&pdf, "%010zu 00000 n \n", offsets[i]);
    text_printf(&pdf, "trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", table);
    return text_done(cx, &pdf, ret);
}

Err pdf_jbig2(Cx *cx, Slice jb2, Image *ret_image)
{
    uint32_t width = 0, height = 0;
    Slice stream = {}, document = {};
    TRY(embed(cx, jb2, &stream, &width, &height));
    TRY(wrap(cx, stream, width, height, &document));
    PDF_CLOSE Pdf *pdf = NULL;
    TRY(pdf_open(cx, document, &pdf));
    return pdf_render(cx, pdf, 0, 72, ret_image);
}
