#include "base/arena.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/test.h"

TEST("arena: a request over the limit gets NULL and spends nothing")
{
    Arena arena;
    arena_init(&arena, 100);
    EXPECT(arena_try_alloc(&arena, 60) != NULL);
    EXPECT(arena_try_alloc(&arena, 41) == NULL);
    EXPECT(arena_try_alloc(&arena, SIZE_MAX) == NULL); // no wrap-around
    EXPECT(arena_try_array(&arena, SIZE_MAX / 2, 4) == NULL);
    EXPECT(arena_try_alloc(&arena, 40) != NULL);
    arena_done(&arena);
}

TEST("arena: objects are zeroed, aligned, and do not overlap across blocks")
{
    Arena arena;
    arena_init(&arena, 1 << 20);
    unsigned char *last = NULL;
    for (size_t i = 1; i < 500; i++) {
        unsigned char *bytes = arena_alloc(&arena, i);
        EXPECT((uintptr_t)bytes % sizeof(void *) == 0);
        for (size_t k = 0; k < i; k++)
            EXPECT(bytes[k] == 0);
        memset(bytes, 0xEE, i);
        EXPECT(last == NULL || last[0] == 0xEE);
        last = bytes;
    }
    arena_done(&arena);
}

TEST("arena: what an arena leaves behind is zero in the next one")
{
    for (int round = 0; round < 3; round++) {
        Arena arena;
        arena_init(&arena, 1 << 20);
        for (size_t i = 0; i < 90; i++) {
            unsigned char *bytes = arena_alloc(&arena, 1000);
            for (size_t k = 0; k < 1000; k++)
                EXPECT(bytes[k] == 0);
            memset(bytes, 0xEE, 1000);
        }
        arena_done(&arena);
    }
}

static void *take_many(void *self)
{
    Arena *arenas = self;
    for (size_t i = 0; i < 40; i++) {
        arena_init(&arenas[i], 1 << 20);
        unsigned char *bytes = arena_alloc(&arenas[i], 1000);
        for (size_t k = 0; k < 1000; k++)
            EXPECT(bytes[k] == 0);
        memset(bytes, 0xEE, 1000);
    }
    return NULL;
}

TEST("arena: blocks freed on one thread are zero when another takes them")
{
    Arena arenas[40];
    for (int round = 0; round < 3; round++) {
        pthread_t thread;
        EXPECT(pthread_create(&thread, NULL, take_many, arenas) == 0);
        EXPECT(pthread_join(thread, NULL) == 0);
        for (size_t i = 0; i < 40; i++)
            arena_done(&arenas[i]);
    }
}

TEST("arena: the newest object grows where it lies, zeroed, within the block and the limit")
{
    Arena arena;
    arena_init(&arena, 10'000);
    char *first = arena_alloc(&arena, 100), *second = arena_alloc(&arena, 100);
    memset(second, 0xEE, 100);
    EXPECT(!arena_extend(&arena, first, 100, 200));
    EXPECT(!arena_extend(&arena, second, 100, 9'901));
    EXPECT(arena.used == 200);
    bool grown = arena_extend(&arena, second, 100, 300);
    // Under the address sanitizer each object has a block of its own.
    EXPECT(grown == (arena.next != NULL) && arena.used == (grown ? 400U : 200U));
    for (size_t i = 100; grown && i < 300; i++)
        EXPECT(second[i] == 0);
    char *third = arena_alloc(&arena, 8);
    EXPECT(!grown || third >= second + 300);
    EXPECT(!arena_extend(&arena, third, 8, SIZE_MAX));
    arena_done(&arena);
    arena_init(&arena, 1 << 20);
    char *object = arena_alloc(&arena, 1000);
    for (size_t size = 1000; arena_extend(&arena, object, size, size + 1000);)
        EXPECT((size += 1000) <= 16 * 1024);
    arena_done(&arena);
}
