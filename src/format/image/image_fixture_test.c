#include "format/image/image_fixture.h"

#include "base/test.h"

TEST("image_fixture: what it writes is what is decoded")
{
    static const uint8_t modules[] = {1, 0, 0, 1};
    Image image = image_fixture_white(cx, 21, 13), again = {};
    image_fixture_draw(&image, modules, 2, 3, 4, 2, 7);
    EXPECT_OK(image_decode(cx, image_fixture_bmp(cx, &image), &again));
    EXPECT(again.width == 21 && again.height == 13);
    EXPECT(memcmp(again.pixels, image.pixels, 21 * 13) == 0);
    EXPECT(again.pixels[4 * 21 + 3] == 7 && again.pixels[4 * 21 + 5] == 255);
}
