// A JBIG2 picture has the size that its page information says, or is refused.
#include <stdlib.h>

#include "format/pdf/pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Image image = {};
    Err err = pdf_jbig2(&cx, (Slice){(const char *)data, size}, &image);
    if (err == ERR_OK && (size_t)image.width * image.height > LIMIT_RENDER_PIXELS) abort();
    if (err != ERR_OK && err != ERR_INPUT && err != ERR_LIMIT) abort();
    cx_done(&cx);
    return 0;
}
