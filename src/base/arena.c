#include "base/arena.h"

#include <assert.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/sanitized.h"

struct ArenaBlock {
    ArenaBlock *next;
    bool usual; // of ARENA_BLOCK_SIZE
    alignas(max_align_t) char bytes[];
};

// Under a sanitizer one block an allocation: red zones between objects catch overruns.
#define ARENA_BLOCK_SIZE (SANITIZED ? 0 : (size_t)16 * 1024)

// Blocks for the next arenas of this thread, all zero: a request needs one or two, and asking
// malloc for 16 KiB of zeros each time costs more than the rest of the arena. Bounded, and given
// back when the thread ends.
#define SPARE_MAX 4
// Blocks that all threads share, all zero: a group's commands are made on one thread and freed on
// another, and fresh pages for each of them would cost more than what is done in them.
#define COMMON_MAX 1024 // 16 MiB
static struct {
    pthread_mutex_t lock;
    ArenaBlock *first;
    size_t count;
} common = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool common_put(ArenaBlock *block)
{
    (void)pthread_mutex_lock(&common.lock);
    bool room = common.count < COMMON_MAX;
    if (room) {
        block->next = common.first;
        common.first = block;
        common.count++;
    }
    (void)pthread_mutex_unlock(&common.lock);
    return room;
}

static ArenaBlock *common_take(void)
{
    (void)pthread_mutex_lock(&common.lock);
    ArenaBlock *block = common.first;
    if (block != NULL) {
        common.first = block->next;
        common.count--;
    }
    (void)pthread_mutex_unlock(&common.lock);
    return block;
}

typedef struct Spare {
    ArenaBlock *blocks[SPARE_MAX];
    size_t count;
    bool known; // spare_free will be called for this thread
} Spare;

static _Thread_local Spare spare;
static pthread_once_t spare_once = PTHREAD_ONCE_INIT;
static pthread_key_t spare_key;

static void spare_free(void *self)
{
    Spare *of_thread = self;
    while (of_thread->count > 0)
        free(of_thread->blocks[--of_thread->count]);
    of_thread->known = false;
}

static void spare_key_make(void)
{
    if (pthread_key_create(&spare_key, spare_free) != 0) abort();
}

// Takes a block of the usual size, of whose bytes the first `used` may be other than zero.
static void spare_put(ArenaBlock *block, size_t used)
{
    if (!spare.known) {
        (void)pthread_once(&spare_once, spare_key_make);
        spare.known = pthread_setspecific(spare_key, &spare) == 0;
    }
    memset(block->bytes, 0, used);
    if (spare.known && spare.count < SPARE_MAX)
        spare.blocks[spare.count++] = block;
    else if (!common_put(block))
        free(block);
}

void arena_init(Arena *arena, size_t limit)
{
    assert(limit > 0);
    *arena = (Arena){.limit = limit};
}

void arena_done(Arena *arena)
{
    while (arena->blocks != NULL) {
        ArenaBlock *block = arena->blocks;
        arena->blocks = block->next;
        bool newest = block->bytes + ARENA_BLOCK_SIZE == arena->end;
        size_t used = newest ? (size_t)(arena->next - block->bytes) : ARENA_BLOCK_SIZE;
        if (block->usual)
            spare_put(block, used);
        else
            free(block);
    }
    arena->next = arena->end = NULL;
    arena->used = 0;
}

static char *block_add(Arena *arena, size_t size, bool usual)
{
    ArenaBlock *block = NULL;
    if (usual) block = spare.count > 0 ? spare.blocks[--spare.count] : common_take();
    if (block == NULL) block = calloc(1, sizeof *block + size);
    if (block == NULL) return NULL;
    block->usual = usual;
    block->next = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

static size_t rounded_up(size_t size)
{
    const size_t grain = alignof(max_align_t);
    return size == 0 ? grain : (size + grain - 1) / grain * grain;
}

void *arena_try_alloc(Arena *arena, size_t size)
{
    assert(arena->used <= arena->limit);
    if (size > arena->limit - arena->used) return NULL;
    size_t rounded = rounded_up(size);
    char *bytes = NULL;
    if (rounded <= (size_t)(arena->end - arena->next)) {
        bytes = arena->next;
        arena->next += rounded;
    } else if (rounded * 4 >= ARENA_BLOCK_SIZE) {
        bytes = block_add(arena, size == 0 ? 1 : size, false);
    } else {
        bytes = block_add(arena, ARENA_BLOCK_SIZE, true);
        if (bytes == NULL) return NULL;
        arena->next = bytes + rounded;
        arena->end = bytes + ARENA_BLOCK_SIZE;
    }
    if (bytes != NULL) arena->used += size;
    return bytes;
}

bool arena_extend(Arena *arena, const void *object, size_t size, size_t wanted)
{
    assert(wanted >= size && arena->used <= arena->limit);
    size_t rounded = rounded_up(size);
    if ((const char *)object + rounded != arena->next) return false;
    if (wanted - size > arena->limit - arena->used) return false;
    size_t more = rounded_up(wanted) - rounded;
    if (more > (size_t)(arena->end - arena->next)) return false;
    arena->next += more;
    arena->used += wanted - size;
    return true;
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
