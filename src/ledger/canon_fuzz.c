// A string that canon_string gives, spelt again, is the bytes that stood there; any value that is
// spelt so comes out as it went in.
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "ledger/canon.h"

static Slice spell(Cx *cx, Slice value)
{
    static const char names[] = "\"\\\b\f\n\r\t", marks[] = "\"\\bfnrt";
    Text text = text_open(cx, LIMIT_MIB);
    for (size_t i = 0; i < value.size; i++) {
        unsigned char c = (unsigned char)value.data[i];
        const char *at = memchr(names, (char)c, sizeof names - 1);
        if (at != NULL)
            text_printf(&text, "\\%c", marks[at - names]);
        else if (c < 0x20)
            text_printf(&text, "\\u%04x", c);
        else
            text_byte(&text, (char)c);
    }
    return text_so_far(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 4 * LIMIT_MIB);
    Slice event = {(const char *)data, size}, value = {}, key = SLICE("a");
    Err err = canon_check(&cx, event);
    if ((err == ERR_OK) != (canon_string(&cx, event, SLICE(""), &value) == ERR_MISSING)) abort();
    if (canon_string(&cx, event, key, &value) == ERR_OK) {
        if (err != ERR_OK) abort();
        Slice again = spell(&cx, value);
        Slice whole = cx_printf(&cx, "\"a\":\"" SLICE_FMT "\"", SLICE_ARG(again));
        if (slice_find(event, whole) == SLICE_NONE) abort();
    }
    // Any bytes as a value.
    Slice inside = spell(&cx, event);
    Slice made = cx_printf(&cx, "{\"a\":\"" SLICE_FMT "\"}", SLICE_ARG(inside));
    if (canon_string(&cx, made, key, &value) == ERR_OK && !slice_equal(value, event)) abort();
    cx_done(&cx);
    return 0;
}
