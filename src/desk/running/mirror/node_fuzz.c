// A greeting that is taken has an origin, keys, and names them as it came: no second way to say it.
#include <assert.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "desk/running/mirror/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Slice bytes = {(const char *)data, size};
    NodeHello hello;
    if (node_hello_parse(&cx, bytes, &hello) == ERR_OK) {
        Text text = text_open(&cx, LIMIT_REQUEST_ARENA);
        text_printf(&text, "fapiao-node-1\norigin " SLICE_FMT "\n", SLICE_ARG(hello.origin));
        for (size_t i = 0; i < LOG_KEYS; i++) {
            Slice vkey;
            Err err = note_key_vkey(&cx, &hello.log_keys[i], &vkey);
            assert(err == ERR_OK);
            text_printf(&text, "vkey " SLICE_FMT "\n", SLICE_ARG(vkey));
        }
        text_printf(&text, "keys " SLICE_FMT "\n", SLICE_ARG(base64_encode(&cx, hello.keys)));
        assert(slice_equal(text_so_far(&text), bytes));
    }
    cx_done(&cx);
    return 0;
}
