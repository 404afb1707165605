#include "format/image/image.h"

#include <leptonica/allheaders.h>

#include "base/test.h"

// A picture of our own in the given format, 40 x 30, its left half black.
static Slice picture(Cx *cx, l_int32 format, l_int32 depth)
{
    PIX *pix = pixCreate(40, 30, depth);
    pixSetAll(pix);
    BOX *box = boxCreate(0, 0, 20, 30);
    pixClearInRect(pix, box);
    if (depth == 1) pixInvert(pix, pix); // a set bit is black there
    l_uint8 *bytes = NULL;
    size_t size = 0;
    l_int32 failed = pixWriteMem(&bytes, &size, pix, format);
    boxDestroy(&box);
    pixDestroy(&pix);
    EXPECT(failed == 0);
    Slice copy = {};
    EXPECT_OK(cx_copy(cx, (Slice){(const char *)bytes, size}, &copy));
    free(bytes);
    return copy;
}

TEST("image: decodes the usual formats to grey pixels")
{
    static const struct {
        l_int32 format, depth;
    } cases[] = {{IFF_PNG, 8},  {IFF_PNG, 32},      {IFF_PNG, 1},     {IFF_JFIF_JPEG, 8},
                 {IFF_BMP, 8},  {IFF_TIFF_LZW, 8},  {IFF_TIFF_G4, 1}, {IFF_GIF, 8},
                 {IFF_BMP, 32}, {IFF_TIFF_ZIP, 32}, {IFF_WEBP, 32}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice bytes = picture(cx, cases[i].format, cases[i].depth);
        EXPECT(image_known(bytes));
        Image image = {};
        EXPECT_OK(image_decode(cx, bytes, &image));
        EXPECT(image.width == 40 && image.height == 30);
        EXPECT(image.pixels[15 * 40 + 5] < 40);
        EXPECT(image.pixels[15 * 40 + 35] > 215);
    }
}

TEST("image: what is cut off or of no format is damaged")
{
    Image image = {};
    EXPECT(image_decode(cx, SLICE(""), &image) == ERR_INPUT);
    EXPECT(image_decode(cx, SLICE("%PDF-1.4"), &image) == ERR_INPUT);
    EXPECT(!image_known(SLICE("%PDF-1.4")));
    EXPECT(image_decode(cx, SLICE("\xff\xd8\xff\xe0"), &image) == ERR_INPUT);
    EXPECT(image_decode(cx, SLICE("GIF89a\x05\x00"), &image) == ERR_INPUT);
    static const l_int32 formats[] = {IFF_PNG, IFF_BMP, IFF_TIFF_LZW, IFF_GIF, IFF_WEBP};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        Slice bytes = picture(cx, formats[i], formats[i] == IFF_WEBP ? 32 : 8);
        EXPECT(image_decode(cx, slice_sub(bytes, 0, 20), &image) == ERR_INPUT);
    }
}

TEST("image: too many pixels are refused before they are unpacked")
{
    // A GIF and a PNG whose headers promise 60,000 x 60,000.
    Image image = {};
    EXPECT(image_decode(cx, SLICE("GIF89a\x60\xea\x60\xea\x00\x00\x00"), &image) == ERR_LIMIT);
    static const char png[] = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xea\x60\x00\x00\xea\x60"
                              "\x08\x00\x00\x00\x00\x00\x00\x00\x00"
                              "\x00\x00\x00\x02IDAT\x78\x9c\x00\x00\x00\x00";
    EXPECT(image_decode(cx, (Slice){png, sizeof png - 1}, &image) == ERR_LIMIT);
    static const char jpeg[] = "\xff\xd8\xff\xc0\x00\x11\x08\xea\x60\xea\x60\x01\x01\x11\x00";
    EXPECT(image_decode(cx, (Slice){jpeg, sizeof jpeg - 1}, &image) == ERR_LIMIT);
}

TEST("image: transparent pixels lie on white")
{
    PIX *pix = pixCreate(40, 30, 32);
    pixSetSpp(pix, 4); // all zero: black and fully transparent
    l_uint8 *bytes = NULL;
    size_t size = 0;
    EXPECT(pixWriteMem(&bytes, &size, pix, IFF_PNG) == 0);
    Image image = {};
    EXPECT_OK(image_decode(cx, (Slice){(const char *)bytes, size}, &image));
    EXPECT(image.pixels[0] == 255);
    free(bytes);
    pixDestroy(&pix);
}
