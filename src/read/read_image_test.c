#include <qrencode.h>

#include "base/test.h"
#include "format/image/image_fixture.h"
#include "read/reader.h"

// A picture with these QR codes side by side; a NULL leaves its place empty.
static Slice picture(Cx *cx, const char *const *texts, size_t count)
{
    Image image = image_fixture_white(cx, 800, 300);
    for (size_t i = 0; i < count; i++) {
        if (texts[i] == NULL) continue;
        QRcode *code = QRcode_encodeString8bit(texts[i], 0, QR_ECLEVEL_M);
        EXPECT(code != NULL);
        image_fixture_draw(&image, code->data, (uint32_t)code->width, 30 + 380 * (uint32_t)i, 30, 4,
                           0);
        QRcode_free(code);
    }
    return image_fixture_bmp(cx, &image);
}

#define DIGITAL "01,32,,24112000000052340515,42.35,20240602,,B146"
#define OLD     "01,10,044001629111,40406705,240.6,20210204,09702709422776238605,6633"

TEST("read_image: a picture says as much as its QR codes")
{
    static const char *const texts[] = {DIGITAL, OLD};
    ReadJob job = {.bytes = picture(cx, texts, 1)};
    Reading reading = {};
    EXPECT_OK(read_image(cx, &job, &reading));
    EXPECT(reading.draft_count == 1);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("24112000000052340515")));
    EXPECT(reading.drafts[0].origins[DRAFT_TOTAL].source == SOURCE_QR);
    job.bytes = picture(cx, texts, 2);
    Reading both = {};
    EXPECT_OK(read_image(cx, &job, &both));
    EXPECT(both.draft_count == 2);
    EXPECT(!slice_equal(both.drafts[0].number, both.drafts[1].number));
    static const char *const twice[] = {DIGITAL, "01,32,,24112000000052340515,42.35,20240602,,"};
    job.bytes = picture(cx, twice, 2);
    Reading one = {};
    EXPECT_OK(read_image(cx, &job, &one));
    EXPECT(one.draft_count == 1);
    job.skip_qr = true;
    Reading skipped = {};
    EXPECT_OK(read_image(cx, &job, &skipped));
    EXPECT(skipped.reason == REASON_NEEDS_OCR);
}

TEST("read_image: without an invoice's code it needs OCR; damaged and huge ones are said so")
{
    static const char *const texts[] = {NULL, "https://example.org/"};
    for (size_t i = 0; i < 2; i++) {
        ReadJob job = {.bytes = picture(cx, &texts[i], 1)};
        Reading reading = {};
        EXPECT_OK(read_image(cx, &job, &reading));
        EXPECT(reading.draft_count == 0 && reading.reason == REASON_NEEDS_OCR);
    }
    ReadJob cut = {.bytes = slice_sub(picture(cx, NULL, 0), 0, 40)};
    ReadJob huge = {.bytes = SLICE("GIF89a\x60\xea\x60\xea\x00\x00\x00")};
    Reading reading = {};
    EXPECT(read_image(cx, &cut, &reading) == ERR_INPUT);
    EXPECT(read_image(cx, &huge, &reading) == ERR_LIMIT && reading.reason == REASON_TOO_LARGE);
}
