#include "sandbox/room.h"

#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/sanitized.h"

#define ROOM_BYTES  ((size_t)4 << 20)  // of the end of the heap, before a child asks for more
#define READY_LEAST ((size_t)96 << 10) // of these made ready: what reading a small XML takes
#define READY_MOST  ((size_t)256 << 10)
#define READY_TIMES 4          // what is read out of a document is larger than it
#define MAPPED_FROM (32 << 20) // what is larger never lies in the heap: malloc's own most
#define PIECE_MIN   24
#define EXACT_MAX   1032 // up to here malloc keeps a list of pieces for each size
#define EXACT_STEP  16
#define PIECES_MAX  1'000'000 // taken, of one size
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 // Linux 5.14
#endif

static char *begin;          // where the end of the heap begins
static void *volatile taken; // or the compiler leaves out what nobody uses

static char *heap_end(void)
{
    char *end = sbrk(0);
    return end - mallinfo2().keepcost;
}

// Takes all free pieces of this size and more, and keeps them.
static void take_pieces(size_t size, const char *end)
{
    for (int i = 0; i < PIECES_MAX; i++) {
        taken = malloc(size); // owned: by nobody
        if (taken != NULL && (uintptr_t)taken < (uintptr_t)end) continue;
        if (size > EXACT_MAX) free(taken); // joins the end again
        return;
    }
}

void room_settle(void)
{
    if (SANITIZED) return;
    (void)malloc_trim(0); // joins free pieces
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    (void)mallopt(M_TRIM_THRESHOLD, 2 * MAPPED_FROM);
    const char *end = heap_end();
    for (size_t size = ROOM_BYTES; size > EXACT_MAX; size /= 2)
        take_pieces(size, end);
    for (size_t size = EXACT_MAX; size >= PIECE_MIN; size -= EXACT_STEP)
        take_pieces(size, end);
    begin = heap_end();
}

void room_ready(size_t document)
{
    if (begin == NULL) return;
    size_t ready = READY_LEAST;
    ready += document < READY_MOST ? document * READY_TIMES : READY_MOST;
    if (ready > READY_MOST) ready = READY_MOST;
    size_t page = (size_t)getpagesize();
    char *from = begin + (page - (uintptr_t)begin % page) % page;
    (void)madvise(from, ready, MADV_POPULATE_WRITE); // an old kernel does it page by page
}
