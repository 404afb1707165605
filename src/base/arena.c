#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct ArenaBlock {
    ArenaBlock *next;
    alignas(max_align_t) char bytes[];
};

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_BLOCK_SIZE 0 // one block an allocation: red zones between objects catch overruns
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_BLOCK_SIZE 0
#endif
#endif
#ifndef ARENA_BLOCK_SIZE
#define ARENA_BLOCK_SIZE ((size_t)16 * 1024)
#endif

void arena_init(Arena *arena, size_t limit)
{
    assert(limit > 0);
    *arena = (Arena){.limit = limit};
}

void arena_done(Arena *arena)
{
    while (arena->blocks != NULL) {
        ArenaBlock *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->next = arena->end = NULL;
    arena->used = 0;
}

static char *block_add(Arena *arena, size_t size)
{
    ArenaBlock *block = calloc(1, sizeof *block + size);
    if (block == NULL) return NULL;
    block->next = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

void *arena_try_alloc(Arena *arena, size_t size)
{
    assert(arena->used <= arena->limit);
    if (size > arena->limit - arena->used) return NULL;
    const size_t grain = alignof(max_align_t);
    size_t rounded = size == 0 ? grain : (size + grain - 1) / grain * grain;
    char *bytes = NULL;
    if (rounded <= (size_t)(arena->end - arena->next)) {
        bytes = arena->next;
        arena->next += rounded;
    } else if (rounded * 4 >= ARENA_BLOCK_SIZE) {
        bytes = block_add(arena, size == 0 ? 1 : size);
    } else {
        bytes = block_add(arena, ARENA_BLOCK_SIZE);
        if (bytes == NULL) return NULL;
        arena->next = bytes + rounded;
        arena->end = bytes + ARENA_BLOCK_SIZE;
    }
    if (bytes != NULL) arena->used += size;
    return bytes;
}

void *arena_try_array(Arena *arena, size_t count, size_t size)
{
    size_t total = 0;
    if (__builtin_mul_overflow(count, size, &total)) return NULL;
    return arena_try_alloc(arena, total);
}

void *arena_alloc(Arena *arena, size_t size)
{
    void *bytes = arena_try_alloc(arena, size);
    if (bytes == NULL) abort();
    return bytes;
}
