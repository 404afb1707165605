// Cx: everything one request or job carries. Passed first, everywhere below http/ and cli/.
// Not shared between threads.
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/world.h"

struct Cx {
    Arena arena;        // lives exactly as long as the request
    const World *world; // clock and randomness
    char err_text[512]; // valid only when a callee just returned an Err
};

void cx_init(Cx *cx, const World *world, size_t arena_limit);
void cx_done(Cx *cx);

uint64_t cx_now_ms(Cx *cx);
void cx_random(Cx *cx, void *bytes, size_t size);

// Copy into the arena. For sizes the input chose: ERR_LIMIT when over the arena's limit.
Err cx_copy(Cx *cx, Slice s, Slice *ret_copy);
// A NUL-terminated copy, for the edge to the OS and to libraries. ERR_INPUT when `s` holds a NUL.
Err cx_cstr(Cx *cx, Slice s, const char **ret_text);
// printf into the arena, for short texts of our own; aborts past the arena's limit.
Slice cx_printf(Cx *cx, const char *format, ...) __attribute__((format(printf, 2, 3)));
