#include "sandbox/room.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sanitized.h"
#include "base/test.h"

#define PIECES 4000

// What `work` answers in a process of its own: it changes what malloc does from there on.
static int in_child(int (*work)(void))
{
    pid_t pid = fork();
    if (pid == 0) _exit(work());
    int status = -1;
    EXPECT(pid > 0 && waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *pieces[PIECES];

static size_t size_of(size_t i)
{
    return 16 + i * 37 % 3000;
}

// Every other one is freed: holes of all sizes.
static void riddle(void)
{
    for (size_t i = 0; i < PIECES; i++)
        pieces[i] = malloc(size_of(i)); // owned: by a process about to end
    for (size_t i = 0; i < PIECES; i += 2)
        free(pieces[i]);
}

// How many of a child's allocations would lie among what the zygote holds.
static int count_among(void)
{
    uintptr_t first = UINTPTR_MAX, last = 0;
    int among = 0;
    for (size_t i = 1; i < PIECES; i += 2) {
        if ((uintptr_t)pieces[i] < first) first = (uintptr_t)pieces[i];
        if ((uintptr_t)pieces[i] > last) last = (uintptr_t)pieces[i];
    }
    for (size_t i = 0; i < 100; i++) {
        char *volatile piece = malloc(size_of(i)); // owned: likewise
        among += (uintptr_t)piece > first && (uintptr_t)piece < last;
    }
    return among;
}

static int holes(void)
{
    riddle();
    return count_among();
}

static int holes_settled(void)
{
    riddle();
    room_settle();
    return count_among();
}

TEST("room: once it is settled, nothing is allocated among what was there before")
{
    if (SANITIZED) test_skip("a sanitizer has a malloc of its own");
    EXPECT(in_child(holes) > 50);
    EXPECT(in_child(holes_settled) == 0);
}

static int large_apart(void)
{
    riddle();
    room_settle();
    char *piece = malloc((size_t)8 << 20); // owned: likewise
    return piece < pieces[PIECES - 1] || piece > (char *)sbrk(0);
}

TEST("room: what is large lies in the heap, too")
{
    if (SANITIZED) test_skip("a sanitizer has a malloc of its own");
    EXPECT(in_child(large_apart) == 0);
}

// How many of the first pages are there already when so much is allocated.
static int pages_there(size_t size)
{
    size_t page = (size_t)getpagesize();
    unsigned char there[256] = {};
    int count = 0;
    char *bytes = malloc(size); // owned: by a process about to end
    char *from = bytes + (page - (uintptr_t)bytes % page);
    if (mincore(from, size - page, there) != 0) return -1;
    for (size_t i = 0; i < size / page - 1; i++)
        count += there[i] & 1;
    return count;
}

static int pages_settled(void)
{
    riddle();
    room_settle();
    return pages_there((size_t)128 << 10);
}

static int pages_ready(void)
{
    riddle();
    room_settle();
    room_ready((size_t)1 << 20);
    return pages_there((size_t)128 << 10);
}

static int pages_for_small(void)
{
    riddle();
    room_settle();
    room_ready(1);
    return pages_there((size_t)128 << 10);
}

static int pages_for_huge(void)
{
    riddle();
    room_settle();
    room_ready((size_t)1 << 30);
    return pages_there((size_t)512 << 10);
}

static int pages_unsettled(void)
{
    room_ready(1); // harmless
    return 0;
}

TEST("room: what a child allocates first lies in pages that are there")
{
    if (SANITIZED) test_skip("a sanitizer has a malloc of its own");
    void *page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(page != MAP_FAILED);
    bool populates = madvise(page, 1, 23) == 0; // MADV_POPULATE_WRITE
    EXPECT(munmap(page, 1) == 0);
    if (!populates) test_skip("this kernel makes no pages ready");
    EXPECT(in_child(pages_settled) < 4);
    EXPECT(in_child(pages_ready) == (int)(((size_t)128 << 10) / (size_t)getpagesize()) - 1);
    // A small document pays for fewer, and none for more than a large one's first.
    int small = in_child(pages_for_small), huge = in_child(pages_for_huge);
    EXPECT(small >= 20 && small <= 26);
    EXPECT(huge >= 60 && huge <= 66);
    EXPECT(in_child(pages_unsettled) == 0);
}
