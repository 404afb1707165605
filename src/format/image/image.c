#include "format/image/image.h"

#include <leptonica/allheaders.h>

// What a picture's first bytes say.
//
//   89 50 4e 47          PNG          FF D8 FF         JPEG
//   42 4d ("BM")         BMP          47 49 46 38      GIF: 6 width u16le, 8 height u16le
//   49 49 2a 00          TIFF le      4d 4d 00 2a      TIFF be
//   52 49 46 46 ....  57 45 42 50     WebP
typedef enum Format {
    FORMAT_UNKNOWN,
    FORMAT_PNG,
    FORMAT_JPEG,
    FORMAT_BMP,
    FORMAT_GIF,
    FORMAT_TIFF,
    FORMAT_WEBP,
} Format;

static Format format_of(Slice bytes)
{
    static const struct {
        Slice magic;
        Format format;
    } rows[] = {
        {SLICE("\x89PNG"), FORMAT_PNG},     {SLICE("\xff\xd8\xff"), FORMAT_JPEG},
        {SLICE("GIF8"), FORMAT_GIF},        {SLICE("II\x2a\x00"), FORMAT_TIFF},
        {SLICE("MM\x00\x2a"), FORMAT_TIFF}, {SLICE("BM"), FORMAT_BMP},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (slice_starts(bytes, rows[i].magic)) return rows[i].format;
    if (slice_starts(bytes, SLICE("RIFF")) && slice_equal(slice_sub(bytes, 8, 4), SLICE("WEBP")))
        return FORMAT_WEBP;
    return FORMAT_UNKNOWN;
}

bool image_known(Slice bytes)
{
    return format_of(bytes) != FORMAT_UNKNOWN;
}

static uint32_t little_u16(Slice bytes, size_t at)
{
    const uint8_t *b = (const uint8_t *)bytes.data + at;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8;
}

static uint32_t big_u16(Slice bytes, size_t at)
{
    const uint8_t *b = (const uint8_t *)bytes.data + at;
    return (uint32_t)b[0] << 8 | (uint32_t)b[1];
}

// Width and height from the frame header (SOF0..SOF15 but DHT, JPG, DAC) of a JPEG.
static bool jpeg_size(Slice bytes, uint32_t *width, uint32_t *height)
{
    for (size_t at = 2; at + 9 <= bytes.size;) {
        const uint8_t *b = (const uint8_t *)bytes.data + at;
        if (b[0] != 0xff) return false;
        if (b[1] == 0xff) {
            at++;
            continue;
        }
        bool frame = b[1] >= 0xc0 && b[1] <= 0xcf && b[1] != 0xc4 && b[1] != 0xc8 && b[1] != 0xcc;
        if (frame) {
            *height = big_u16(bytes, at + 5);
            *width = big_u16(bytes, at + 7);
            return true;
        }
        bool alone = b[1] == 0x01 || (b[1] >= 0xd0 && b[1] <= 0xd8);
        at += alone ? 2 : 2 + (size_t)big_u16(bytes, at + 2);
    }
    return false;
}

// The header alone, before a pixel is unpacked.
static bool size_of(Slice bytes, Format format, uint32_t *width, uint32_t *height)
{
    if (format == FORMAT_JPEG) return jpeg_size(bytes, width, height);
    if (format == FORMAT_GIF) { // the screen; a frame larger than it is refused after decoding
        if (bytes.size < 10) return false;
        *width = little_u16(bytes, 6);
        *height = little_u16(bytes, 8);
        return true;
    }
    l_int32 kind = 0, w = 0, h = 0, depth = 0, samples = 0, colors = 0;
    if (pixReadHeaderMem((const l_uint8 *)bytes.data, bytes.size, &kind, &w, &h, &depth, &samples,
                         &colors) != 0)
        return false;
    if (w <= 0 || h <= 0) return false;
    *width = (uint32_t)w;
    *height = (uint32_t)h;
    return true;
}

static Err check_size(Cx *cx, uint32_t width, uint32_t height)
{
    if (width == 0 || height == 0) return err_set(cx, ERR_INPUT, "picture without pixels");
    if (width > LIMIT_IMAGE_SIDE || height > LIMIT_IMAGE_SIDE ||
        (uint64_t)width * height > LIMIT_IMAGE_PIXELS)
        return err_set(cx, ERR_LIMIT, "picture of %u x %u pixels", width, height);
    return ERR_OK;
}

static void pix_cleanup(PIX **pix)
{
    pixDestroy(pix);
}

// Any depth to one byte a pixel, transparency on white.
static Err grey_of(Cx *cx, PIX *pix, Image *ret_image)
{
    __attribute__((cleanup(pix_cleanup))) PIX *flat = NULL;
    if (pixGetSpp(pix) == 4)
        flat = pixRemoveAlpha(pix);
    else
        flat = pixClone(pix);
    if (flat == NULL) return err_set(cx, ERR_INPUT, "picture can't be flattened");
    __attribute__((cleanup(pix_cleanup))) PIX *grey = pixConvertTo8(flat, 0);
    if (grey == NULL) return err_set(cx, ERR_INPUT, "picture can't be turned grey");
    uint32_t width = (uint32_t)pixGetWidth(grey), height = (uint32_t)pixGetHeight(grey);
    TRY(check_size(cx, width, height));
    uint8_t *pixels = arena_try_alloc(&cx->arena, (size_t)width * height);
    if (pixels == NULL) return err_set(cx, ERR_LIMIT, "picture does not fit");
    for (uint32_t y = 0; y < height; y++) {
        const l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (uint32_t x = 0; x < width; x++)
            pixels[(size_t)y * width + x] = (uint8_t)GET_DATA_BYTE(line, x);
    }
    *ret_image = (Image){.pixels = pixels, .width = width, .height = height};
    return ERR_OK;
}

static void say_nothing(const char *text)
{
    (void)text;
}

Err image_decode(Cx *cx, Slice bytes, Image *ret_image)
{
    // Leptonica would write about every damaged file to stderr.
    setMsgSeverity(L_SEVERITY_NONE);
    leptSetStderrHandler(say_nothing);
    Format format = format_of(bytes);
    if (format == FORMAT_UNKNOWN) return err_set(cx, ERR_INPUT, "no picture format that we know");
    uint32_t width = 0, height = 0;
    if (!size_of(bytes, format, &width, &height))
        return err_set(cx, ERR_INPUT, "picture header is damaged");
    TRY(check_size(cx, width, height));
    __attribute__((cleanup(pix_cleanup))) PIX *pix =
        pixReadMem((const l_uint8 *)bytes.data, bytes.size);
    if (pix == NULL) return err_set(cx, ERR_INPUT, "picture can't be decoded");
    return grey_of(cx, pix, ret_image);
}
