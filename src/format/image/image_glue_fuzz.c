// A picture is decoded within its limits or refused; the QR pass looks at no more pixels than it
// may, and gives texts of bounded size.
#include <stdlib.h>

#include "format/image/image.h"

#define FUZZ_QR_PIXELS ((size_t)300'000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Image image = {};
    Err err = image_decode(&cx, (Slice){(const char *)data, size}, &image);
    if (err == ERR_OK) {
        if ((size_t)image.width * image.height > LIMIT_IMAGE_PIXELS || image.width == 0) abort();
        size_t left = FUZZ_QR_PIXELS;
        ImageQr qr = {};
        if (image_qr(&cx, &image, &left, &qr) != ERR_OK || left > FUZZ_QR_PIXELS) abort();
        for (size_t i = 0; i < qr.count; i++)
            if (qr.texts[i].size > LIMIT_FIELD_BYTES) abort();
    } else if (err != ERR_INPUT && err != ERR_LIMIT) {
        abort();
    }
    cx_done(&cx);
    return 0;
}
