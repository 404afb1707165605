#include "base/cx.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void cx_init(Cx *cx, const World *world, size_t arena_limit)
{
    *cx = (Cx){.world = world};
    arena_init(&cx->arena, arena_limit);
}

void cx_done(Cx *cx)
{
    arena_done(&cx->arena);
}

uint64_t cx_now_ms(Cx *cx)
{
    return cx->world->now_ms(cx->world->self);
}

void cx_random(Cx *cx, void *bytes, size_t size)
{
    cx->world->random(cx->world->self, bytes, size);
}

Err cx_copy(Cx *cx, Slice s, Slice *ret_copy)
{
    char *bytes = arena_try_alloc(&cx->arena, s.size);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "%zu bytes do not fit in memory", s.size);
    if (s.size > 0) memcpy(bytes, s.data, s.size);
    *ret_copy = (Slice){bytes, s.size};
    return ERR_OK;
}

Err cx_cstr(Cx *cx, Slice s, const char **ret_text)
{
    if (s.size > 0 && memchr(s.data, '\0', s.size) != NULL)
        return err_set(cx, ERR_INPUT, "text holds a NUL byte");
    char *bytes = s.size == SIZE_MAX ? NULL : arena_try_alloc(&cx->arena, s.size + 1);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "%zu bytes do not fit in memory", s.size);
    if (s.size > 0) memcpy(bytes, s.data, s.size);
    *ret_text = bytes;
    return ERR_OK;
}

Slice cx_printf(Cx *cx, const char *format, ...)
{
    char brief[256]; // nearly all fit, and are printed once
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(brief, sizeof brief, format, args);
    va_end(args);
    assert(size >= 0);
    char *bytes = arena_alloc(&cx->arena, (size_t)size + 1);
    if ((size_t)size < sizeof brief)
        memcpy(bytes, brief, (size_t)size + 1);
    else
        (void)vsnprintf(bytes, (size_t)size + 1, format, again);
    va_end(again);
    return (Slice){bytes, (size_t)size};
}
