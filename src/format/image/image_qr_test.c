#include <qrencode.h>

#include "base/test.h"
#include "format/image/image_fixture.h"

#define PAYLOAD "01,10,044001629111,40406705,240.6,20210204,09702709422776238605,6633,"

static void draw(Image *image, const char *text, uint32_t left, uint32_t top, uint32_t module,
                 uint8_t ink)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    EXPECT(code != NULL);
    image_fixture_draw(image, code->data, (uint32_t)code->width, left, top, module, ink);
    QRcode_free(code);
}

static Image blank(Cx *cx, uint32_t width, uint32_t height, uint8_t paper)
{
    Image image = image_fixture_white(cx, width, height);
    memset(image.pixels, paper, (size_t)width * height);
    return image;
}

TEST("image_qr: reads a code, small, large, faint, or without a quiet zone")
{
    static const struct {
        uint32_t left, top, module;
        uint8_t ink, paper;
    } cases[] = {
        {40, 40, 4, 0, 255},  {0, 0, 3, 0, 255},     {40, 40, 2, 0, 255},
        {40, 40, 12, 0, 255}, {40, 40, 4, 150, 200}, {300, 200, 5, 0, 255},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Image image = blank(cx, 700, 600, cases[i].paper);
        draw(&image, PAYLOAD, cases[i].left, cases[i].top, cases[i].module, cases[i].ink);
        size_t left = LIMIT_QR_PIXELS;
        ImageQr qr = {};
        EXPECT_OK(image_qr(cx, &image, &left, &qr));
        EXPECT(qr.count == 1);
        EXPECT(slice_equal(qr.texts[0], SLICE(PAYLOAD)));
        EXPECT(left < LIMIT_QR_PIXELS);
    }
}

TEST("image_qr: gives all codes of a picture")
{
    Image image = blank(cx, 800, 400, 255);
    draw(&image, PAYLOAD, 40, 40, 4, 0);
    draw(&image, "https://example.org/", 500, 40, 4, 0);
    size_t left = LIMIT_QR_PIXELS;
    ImageQr qr = {};
    EXPECT_OK(image_qr_once(cx, &image, &left, &qr));
    EXPECT(qr.count == 2);
    EXPECT(!slice_equal(qr.texts[0], qr.texts[1]));
}

TEST("image_qr: a faint code below a clear one is found, too")
{
    Image image = blank(cx, 900, 1200, 255);
    draw(&image, PAYLOAD, 60, 60, 4, 0);
    // A shadow over the lower half.
    for (size_t i = (size_t)image.width * 600; i < (size_t)image.width * 1200; i++)
        image.pixels[i] = (uint8_t)(150 - (i % image.width) / 12);
    draw(&image, "https://example.org/", 500, 800, 4, 60);
    size_t left = LIMIT_QR_PIXELS;
    ImageQr qr = {};
    EXPECT_OK(image_qr(cx, &image, &left, &qr));
    EXPECT(qr.count == 2);
}

// Sand all over the picture: an eighth of its pixels.
static void scatter(Image *image)
{
    uint32_t seed = 7;
    for (uint32_t i = 0; i < image->width * image->height; i++) {
        seed = seed * 1664525u + 1013904223u;
        if ((seed >> 16) % 64 < 8) image->pixels[i] = (uint8_t)(seed >> 24);
    }
}

TEST("image_qr: the code of a picture that lies on its side or upside down is enlarged, too")
{
    static const struct {
        uint32_t left, top;
    } corners[] = {{20, 20}, {1250, 20}, {20, 850}, {1250, 850}};
    for (size_t i = 0; i < sizeof corners / sizeof corners[0]; i++) {
        Image image = blank(cx, 1400, 1000, 255);
        draw(&image, PAYLOAD, corners[i].left, corners[i].top, 2, 50);
        scatter(&image);
        size_t left = LIMIT_QR_PIXELS;
        ImageQr qr = {};
        EXPECT_OK(image_qr(cx, &image, &left, &qr));
        EXPECT(qr.count == 1);
    }
}

TEST("image_qr: no code is no error, and the pixels looked at are bounded")
{
    Image image = blank(cx, 2000, 1500, 255);
    for (uint32_t i = 0; i < image.width * image.height; i += 7)
        image.pixels[i] = (uint8_t)(i * 2654435761u >> 24);
    size_t left = 4'000'000;
    ImageQr qr = {};
    EXPECT_OK(image_qr(cx, &image, &left, &qr));
    EXPECT(qr.count == 0);
    EXPECT(left <= 4'000'000);
    left = 100;
    EXPECT_OK(image_qr(cx, &image, &left, &qr));
    EXPECT(left == 100);
}
