#include "base/limits.h"
#include "base/test.h"
#include "format/pdf/pdf_fixture.h"

static size_t dark(const Image *image)
{
    size_t count = 0, size = (size_t)image->width * image->height;
    for (size_t i = 0; i < size; i++)
        count += image->pixels[i] < 128;
    return count;
}

TEST("pdf_render: draws the page on white, in the size asked for")
{
    static const PdfFixtureText texts[] = {{200, 150, 30, "X"}};
    static const PdfFixturePage page = {288, 216, texts, 1, NULL, 0};
    PDF_CLOSE Pdf *pdf = NULL;
    EXPECT_OK(pdf_open(cx, pdf_fixture(cx, &page, 1), &pdf));
    Image image = {};
    EXPECT_OK(pdf_render(cx, pdf, 0, 144, &image));
    EXPECT(image.width == 576 && image.height == 432);
    EXPECT(dark(&image) > 100);
    EXPECT(image.pixels[0] == 255);
    EXPECT_OK(pdf_render_part(cx, pdf, 0, 144, 0.5, 0.5, &image));
    EXPECT(image.width == 288 && image.height == 216);
    EXPECT(dark(&image) == 0); // the letter stands outside
    EXPECT(pdf_render(cx, pdf, 7, 72, &image) == ERR_INPUT);
}

TEST("pdf_render: a poster is drawn smaller")
{
    static const PdfFixturePage pages[] = {{14000, 14000, NULL, 0, NULL, 0},
                                           {14000, 20, NULL, 0, NULL, 0}};
    PDF_CLOSE Pdf *pdf = NULL;
    EXPECT_OK(pdf_open(cx, pdf_fixture(cx, pages, 2), &pdf));
    Image image = {};
    for (size_t page = 0; page < 2; page++) {
        EXPECT_OK(pdf_render(cx, pdf, page, 300, &image));
        EXPECT((size_t)image.width * image.height <= LIMIT_RENDER_PIXELS);
        EXPECT(image.width <= LIMIT_IMAGE_SIDE);
    }
}
