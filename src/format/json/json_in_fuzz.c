// What is taken is taken again after printing, and prints the same.
#include <assert.h>

#include "base/limits.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(JsonOut *out, const JsonValue *value)
{
    int64_t number = 0;
    if (json_in_is_object(value)) {
        json_out_object(out);
        for (const JsonValue *m = json_in_first(value); m != NULL; m = json_in_next(m)) {
            json_out_key(out, json_in_key(m));
            print(out, m);
        }
        json_out_end_object(out);
    } else if (json_in_is_array(value)) {
        json_out_array(out);
        for (const JsonValue *m = json_in_first(value); m != NULL; m = json_in_next(m))
            print(out, m);
        json_out_end_array(out);
    } else if (json_in_is_string(value)) {
        json_out_string(out, json_in_string(value));
    } else if (json_in_int(value, &number)) {
        json_out_number(out, number);
    } else {
        json_out_bool(out, json_in_bool(value, false));
    }
}

static bool round_trip(Cx *cx, Slice text, Slice *ret_printed)
{
    JsonIn *in = NULL;
    if (json_in_open(cx, text, &in) != ERR_OK) return false;
    JsonOut out = json_out_open(cx, LIMIT_JSON_BYTES);
    print(&out, json_in_root(in));
    Err err = json_out_done(cx, &out, ret_printed);
    json_in_close(in);
    return err == ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, NULL, LIMIT_REQUEST_ARENA);
    Slice once = {}, twice = {};
    if (round_trip(&cx, (Slice){(const char *)data, size}, &once)) {
        assert(round_trip(&cx, once, &twice));
        assert(slice_equal(once, twice));
    }
    cx_done(&cx);
    return 0;
}
