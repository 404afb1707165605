#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/cx.h"

void err_set_text(Cx *cx, Err kind, const char *format, ...)
{
    assert(kind != ERR_OK);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(cx->err_text, sizeof cx->err_text, format, args);
    va_end(args);
}

void err_wrap_text(Cx *cx, Err kind, const char *format, ...)
{
    assert(kind != ERR_OK);
    char below[sizeof cx->err_text];
    memcpy(below, cx->err_text, sizeof below);

    va_list args;
    va_start(args, format);
    int size = vsnprintf(cx->err_text, sizeof cx->err_text, format, args);
    va_end(args);

    if (size >= 0 && (size_t)size < sizeof cx->err_text) {
        size_t left = sizeof cx->err_text - (size_t)size;
        (void)snprintf(cx->err_text + size, left, ": %.*s", (int)left, below);
    }
}

Slice err_text(const Cx *cx)
{
    return slice_of(cx->err_text);
}

const char *err_name(Err kind)
{
    static const char *const names[] = {
        [ERR_OK] = "ok",           [ERR_INPUT] = "input",       [ERR_LIMIT] = "limit",
        [ERR_MISSING] = "missing", [ERR_CONFLICT] = "conflict", [ERR_DENIED] = "denied",
        [ERR_STORE] = "store",     [ERR_CORRUPT] = "corrupt",
    };
    return names[kind];
}
