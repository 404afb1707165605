// Arena: memory that is freed all at once, when the request or job ends.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;
typedef struct Arena {
    ArenaBlock *blocks;
    char *next, *end;   // what is left of the newest block (release builds)
    size_t used, limit; // bytes; limit is never 0
} Arena;

void arena_init(Arena *arena, size_t limit);
void arena_done(Arena *arena);

// Zeroed memory for sizes *we* choose. Aborts when over the limit: that is our bug.
[[nodiscard]] void *arena_alloc(Arena *arena, size_t size);

// Zeroed memory for sizes the *input* chose. NULL when over the limit; turn it into ERR_LIMIT.
[[nodiscard]] void *arena_try_alloc(Arena *arena, size_t size);
// The same for `count` things of `size` bytes; the product is checked for overflow.
[[nodiscard]] void *arena_try_array(Arena *arena, size_t count, size_t size);
// Makes the newest object larger where it lies; what is new is zero. False, and nothing has
// changed, when it isn't the newest, or there is no room behind it or under the limit.
[[nodiscard]] bool arena_extend(Arena *arena, const void *object, size_t size, size_t wanted);
