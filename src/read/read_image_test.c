#include <leptonica/allheaders.h>
#include <qrencode.h>

#include "base/test.h"
#include "read/reader.h"

// A PNG with that QR code in its corner; nothing when `text` is NULL.
static Slice picture(Cx *cx, const char *text)
{
    PIX *pix = pixCreate(400, 300, 8);
    pixSetAll(pix);
    QRcode *code = text == NULL ? NULL : QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    for (int y = 0; code != NULL && y < code->width * 4; y++)
        for (int x = 0; x < code->width * 4; x++)
            if (code->data[y / 4 * code->width + x / 4] & 1) pixSetPixel(pix, x + 30, y + 30, 0);
    if (code != NULL) QRcode_free(code);
    l_uint8 *bytes = NULL;
    size_t size = 0;
    EXPECT(pixWriteMem(&bytes, &size, pix, IFF_PNG) == 0);
    Slice copy = {};
    EXPECT_OK(cx_copy(cx, (Slice){(const char *)bytes, size}, &copy));
    free(bytes);
    pixDestroy(&pix);
    return copy;
}

TEST("read_image: a picture says as much as its QR code")
{
    ReadJob job = {.bytes = picture(cx, "01,32,,24112000000052340515,42.35,20240602,,B146")};
    Reading reading = {};
    EXPECT_OK(read_image(cx, &job, &reading));
    EXPECT(reading.draft_count == 1);
    EXPECT(slice_equal(reading.drafts[0].number, SLICE("24112000000052340515")));
    EXPECT(reading.drafts[0].origins[DRAFT_TOTAL].source == SOURCE_QR);
}

TEST("read_image: without an invoice's code it needs OCR; damaged and huge ones are said so")
{
    static const char *const texts[] = {NULL, "https://example.org/"};
    for (size_t i = 0; i < 2; i++) {
        ReadJob job = {.bytes = picture(cx, texts[i])};
        Reading reading = {};
        EXPECT_OK(read_image(cx, &job, &reading));
        EXPECT(reading.draft_count == 0 && reading.reason == REASON_NEEDS_OCR);
    }
    ReadJob cut = {.bytes = slice_sub(picture(cx, NULL), 0, 60)};
    ReadJob huge = {.bytes = SLICE("GIF89a\x60\xea\x60\xea\x00\x00\x00")};
    Reading reading = {};
    EXPECT(read_image(cx, &cut, &reading) == ERR_INPUT);
    EXPECT(read_image(cx, &huge, &reading) == ERR_LIMIT && reading.reason == REASON_TOO_LARGE);
}
