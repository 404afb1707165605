#include "format/image/image_fixture.h"

#include <assert.h>

#include "base/text.h"

// BMP, little-endian: 0 "BM", 2 u32 size, 10 u32 offset of the pixels, 14 u32 40, 18 u32 width,
// 22 u32 height, 26 u16 planes, 28 u16 bits; rows from the bottom, padded to four bytes.

#define BMP_HEADER 54u

Image image_fixture_white(Cx *cx, uint32_t width, uint32_t height)
{
    Image image = {.width = width, .height = height};
    image.pixels = arena_alloc(&cx->arena, (size_t)width * height);
    memset(image.pixels, 255, (size_t)width * height);
    return image;
}

void image_fixture_draw(Image *image, const uint8_t *modules, uint32_t side, uint32_t left,
                        uint32_t top, uint32_t scale, uint8_t ink)
{
    assert(left + side * scale <= image->width && top + side * scale <= image->height);
    for (uint32_t y = 0; y < side * scale; y++)
        for (uint32_t x = 0; x < side * scale; x++)
            if (modules[y / scale * side + x / scale] & 1)
                image->pixels[(top + y) * image->width + left + x] = ink;
}

static void little(Text *text, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        text_byte(text, (char)(value >> (8 * i)));
}

Slice image_fixture_bmp(Cx *cx, const Image *image)
{
    uint32_t row = (image->width * 3 + 3) & ~3u, size = BMP_HEADER + row * image->height;
    Text text = text_open(cx, size);
    text_add(&text, SLICE("BM"));
    little(&text, size, 4);
    little(&text, 0, 4);
    little(&text, BMP_HEADER, 4);
    little(&text, 40, 4);
    little(&text, image->width, 4);
    little(&text, image->height, 4);
    little(&text, 1, 2);
    little(&text, 24, 2);
    for (int i = 0; i < 6; i++)
        little(&text, 0, 4);
    for (uint32_t y = image->height; y-- > 0;) {
        for (uint32_t x = 0; x < image->width; x++)
            for (int k = 0; k < 3; k++)
                text_byte(&text, (char)image->pixels[y * image->width + x]);
        for (uint32_t x = image->width * 3; x < row; x++)
            text_byte(&text, 0);
    }
    return text_so_far(&text);
}
