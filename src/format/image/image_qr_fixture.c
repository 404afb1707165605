#include "format/image/image_qr_fixture.h"

#include <assert.h>
#include <qrencode.h>

#include "format/image/image_fixture.h"

Slice image_qr_fixture(Cx *cx, const char *text)
{
    Image image = image_fixture_white(cx, 240, 240);
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    assert(code != NULL);
    image_fixture_draw(&image, code->data, (uint32_t)code->width, 30, 30, 4, 0);
    QRcode_free(code);
    return image_fixture_bmp(cx, &image);
}
