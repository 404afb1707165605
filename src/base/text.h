// Text: text that grows, in an arena, up to a ceiling that its maker names.
#pragma once
#include "base/cx.h"

typedef struct Text {
    Arena *arena;
    char *data;
    size_t size, room, ceiling; // bytes
    bool full;                  // something did not fit; sticky
} Text;

// `ceiling`: the most it may ever hold.
Text text_open(Cx *cx, size_t ceiling);
void text_add(Text *text, Slice s);
void text_byte(Text *text, char c);
// `before`, the slice, `after`: all of it or nothing.
void text_between(Text *text, char before, Slice s, char after);
// `size` bytes more, which the caller writes at once; NULL when they don't fit.
char *text_take(Text *text, size_t size);
void text_printf(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
// What stands so far; borrowed until the next add.
Slice text_so_far(const Text *text);
// The whole, or ERR_LIMIT when anything was dropped.
Err text_done(Cx *cx, const Text *text, Slice *ret_slice);
