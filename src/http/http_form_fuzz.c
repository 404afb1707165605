// Property: every body that people's endpoints understand is understood the same when written
// again.
#include <stdlib.h>

#include "base/limits.h"
#include "format/json/json_out.h"
#include "http/http_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// What all of them know together; the first byte says which are asked for.
static const char *const names[] = {"login", "password", "mail", "phone",    "name",
                                    "code",  "token",    "days", "language", "organisation"};
#define COUNT (sizeof names / sizeof names[0])

static Err parse(Cx *cx, Slice json, bool required, Slice values[static COUNT])
{
    HttpField fields[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        fields[i] = (HttpField){names[i], &values[i], required && i < 2};
    return http_form_parse(cx, json, fields, COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    Slice values[COUNT], again[COUNT], json;
    if (size == 0) return 0;
    cx_init(&cx, world_real(), 16 * LIMIT_MIB);
    bool required = (data[0] & 1) != 0;
    if (parse(&cx, (Slice){(const char *)data + 1, size - 1}, required, values) == ERR_OK) {
        JsonOut out = json_out_open(&cx, LIMIT_MIB);
        json_out_object(&out);
        for (size_t i = 0; i < COUNT; i++)
            if (values[i].data != NULL) json_out_pair(&out, names[i], values[i]);
        json_out_end_object(&out);
        if (json_out_done(&cx, &out, &json) != ERR_OK) abort();
        // Escapes may make it longer than a request may be.
        if (json.size <= HTTP_FORM_BYTES) {
            if (parse(&cx, json, required, again) != ERR_OK) abort();
            for (size_t i = 0; i < COUNT; i++)
                if (!slice_equal(values[i], again[i]) ||
                    (values[i].data == NULL) != (again[i].data == NULL))
                    abort();
        }
    }
    cx_done(&cx);
    return 0;
}
