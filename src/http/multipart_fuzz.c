// Properties: every part is a view of the body; and a form made of what was read reads the same.
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "http/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(Cx *cx, const Multipart *form)
{
    static const Slice type = {"multipart/form-data; boundary=again", 35};
    Text text = text_open(cx, LIMIT_MIB);
    for (size_t i = 0; i < form->count; i++) {
        if (slice_find(form->parts[i].bytes, SLICE("--again")) != SLICE_NONE) return;
        text_printf(&text, "--again\r\nContent-Disposition: form-data; name=n%zu\r\n\r\n", i);
        text_add(&text, form->parts[i].bytes);
        text_add(&text, SLICE("\r\n"));
    }
    text_add(&text, SLICE("--again--\r\n"));
    Multipart again;
    Slice body;
    if (form->count == 0 || text_done(cx, &text, &body) != ERR_OK) return;
    if (multipart_parse(cx, type, body, &again) != ERR_OK || again.count != form->count) abort();
    for (size_t i = 0; i < form->count; i++)
        if (!slice_equal(again.parts[i].bytes, form->parts[i].bytes)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 16 * LIMIT_MIB);
    Slice all = {(const char *)data, size}, type;
    bool done = false;
    Multipart form;
    // The first line is the content type.
    if (slice_cut(&all, '\n', &done, &type) && multipart_parse(&cx, type, all, &form) == ERR_OK) {
        for (size_t i = 0; i < form.count; i++) {
            Slice bytes = form.parts[i].bytes;
            if (bytes.size > 0 &&
                (bytes.data < all.data || bytes.data + bytes.size > all.data + all.size))
                abort();
            if (slice_find(form.parts[i].file_name, SLICE("/")) != SLICE_NONE) abort();
        }
        check_again(&cx, &form);
    }
    cx_done(&cx);
    return 0;
}
