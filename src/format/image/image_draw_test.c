#include "format/image/image_draw.h"

#include "base/test.h"
#include "format/image/image_fixture.h"

static uint8_t pixel(const Image *image, uint32_t x, uint32_t y)
{
    return image->pixels[y * image->width + x];
}

static void box(ImageDraw *draw, int32_t x1, int32_t y1, int32_t x2, int32_t y2)
{
    image_draw_move(draw, x1, y1);
    image_draw_line(draw, x2, y1);
    image_draw_line(draw, x2, y2);
    image_draw_line(draw, x1, y2);
    image_draw_close_outline(draw);
}

TEST("image draw: fills, strokes and pictures stand where they were put, one over the other")
{
    IMAGE_DRAW_CLOSE ImageDraw *draw = NULL;
    EXPECT_OK(image_draw_open(cx, 20'000, 10'000, 4, &draw));
    box(draw, 1'000, 1'000, 5'000, 5'000);
    box(draw, 2'000, 2'000, 4'000, 4'000);
    image_draw_fill(draw, 0, true); // a hole
    image_draw_end_outline(draw);
    image_draw_move(draw, 0, 8'000);
    image_draw_line(draw, 20'000, 8'000);
    image_draw_stroke(draw, 100, 1'000);
    image_draw_end_outline(draw);
    Image dots = image_fixture_white(cx, 2, 1);
    dots.pixels[0] = 7;
    // Mirrored: its left pixel stands right.
    image_draw_picture(draw, &dots, &(ImagePlace){-4'000, 0, 0, 2'000, 14'000, 1'000});
    image_draw_picture(draw, &dots, &(ImagePlace){1'000, 1'000, 1'000, 1'000, 0, 0}); // no area
    Image image = {};
    EXPECT_OK(image_draw_done(cx, draw, &image));
    EXPECT(image.width == 80 && image.height == 40);
    EXPECT(pixel(&image, 6, 6) == 0 && pixel(&image, 12, 12) == 255 && pixel(&image, 2, 2) == 255);
    EXPECT(pixel(&image, 40, 32) == 100 && pixel(&image, 40, 36) == 255);
    EXPECT(pixel(&image, 44, 8) == 255 && pixel(&image, 52, 8) == 7);
    EXPECT(pixel(&image, 58, 8) == 255);
}

TEST("image draw: a huge page is drawn smaller, one without a size not at all")
{
    IMAGE_DRAW_CLOSE ImageDraw *huge = NULL;
    EXPECT_OK(image_draw_open(cx, INT32_MAX, 1'000'000, 8, &huge));
    Image image = {};
    EXPECT_OK(image_draw_done(cx, huge, &image));
    EXPECT(image.width <= LIMIT_IMAGE_SIDE);
    EXPECT((size_t)image.width * image.height <= LIMIT_RENDER_PIXELS);
    ImageDraw *none = NULL;
    EXPECT(image_draw_open(cx, 0, 5, 8, &none) == ERR_INPUT);
    EXPECT(image_draw_open(cx, INT32_MAX, 1, 8, &none) == ERR_INPUT);
    EXPECT(none == NULL);
}
