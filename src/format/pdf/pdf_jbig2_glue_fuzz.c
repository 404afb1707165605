// A JBIG2 picture has the size that its page information says, or is refused.
#include <stdlib.h>

#include "format/pdf/pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    Image image = {};
    size_t split = size > 0 ? data[0] % size : 0; // globals in front, sometimes
    Slice bytes = {(const char *)data, size};
    Slice globals = slice_sub(bytes, 0, split > 64 ? 0 : split);
    Err err = pdf_jbig2(&cx, slice_sub(bytes, globals.size, size), globals, &image);
    if (err == ERR_OK && (size_t)image.width * image.height > LIMIT_RENDER_PIXELS) abort();
    if (err != ERR_OK && err != ERR_INPUT && err != ERR_LIMIT) abort();
    cx_done(&cx);
    return 0;
}
