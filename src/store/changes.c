#include "store/changes.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

// A stamp is the generation in which its mark was touched last; OPEN while the transaction that
// touched it has not ended. Generations count the transactions that touched anything.
#define OPEN     UINT64_MAX
#define OPEN_MAX ((size_t)4096) // marks of one transaction; past that, all

typedef struct Bell {
    ChangesRing *ring; // NULL = free
    void *self;
    ChangesMark mark;
    bool due;
} Bell;

struct Changes {
    pthread_mutex_t mutex; // over the bells
    Bell bells[CHANGES_BELLS];
    _Atomic uint64_t generation, floor; // older than the floor is old, whatever its mark says
    size_t open_count;
    ChangesMark open[OPEN_MAX];
    _Atomic uint64_t stamps[CHANGES_MARKS];
};

Changes *changes_open(void)
{
    Changes *changes = calloc(1, sizeof *changes); // owned: until changes_close
    if (changes == NULL) abort();
    (void)pthread_mutex_init(&changes->mutex, NULL);
    return changes;
}

void changes_close(Changes *changes)
{
    if (changes == NULL) return;
    (void)pthread_mutex_destroy(&changes->mutex);
    free(changes);
}

// FNV-1a (Fowler, Noll, Vo). Whoever makes two numbers share a mark gains nothing.
static uint64_t mix(uint64_t hash, Slice text)
{
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

ChangesMark changes_mark(Slice tenant, Slice about)
{
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), tenant);
    hash = mix(mix(hash, SLICE("\n")), about);
    return (ChangesMark)((hash ^ hash >> 32) % CHANGES_MARKS);
}

void changes_touch(Changes *changes, ChangesMark mark)
{
    if (atomic_load(&changes->stamps[mark]) == OPEN) return;
    if (changes->open_count == OPEN_MAX) {
        changes_touch_all(changes);
        return;
    }
    changes->open[changes->open_count++] = mark;
    atomic_store(&changes->stamps[mark], OPEN);
}

void changes_touch_all(Changes *changes)
{
    atomic_store(&changes->floor, OPEN);
}

// What the transaction that ends has touched, while its stamps still say so. With the mutex.
static void mark_bells(Changes *changes, bool all)
{
    for (size_t i = 0; i < CHANGES_BELLS; i++) {
        Bell *bell = &changes->bells[i];
        bell->due =
            bell->ring != NULL && (all || atomic_load(&changes->stamps[bell->mark]) == OPEN);
    }
}

// The generation first: who reads it and then selects, selects what was committed.
void changes_settle(Changes *changes)
{
    bool all = atomic_load(&changes->floor) == OPEN;
    if (changes->open_count == 0 && !all) return;
    (void)pthread_mutex_lock(&changes->mutex);
    mark_bells(changes, all);
    uint64_t generation = atomic_load(&changes->generation) + 1;
    atomic_store(&changes->generation, generation);
    for (size_t i = 0; i < changes->open_count; i++)
        atomic_store(&changes->stamps[changes->open[i]], generation);
    changes->open_count = 0;
    if (all) atomic_store(&changes->floor, generation);
    for (size_t i = 0; i < CHANGES_BELLS; i++)
        if (changes->bells[i].due) changes->bells[i].ring(changes->bells[i].self);
    (void)pthread_mutex_unlock(&changes->mutex);
}

void changes_when(Changes *changes, ChangesMark mark, ChangesRing *ring, void *self)
{
    size_t i = 0;
    (void)pthread_mutex_lock(&changes->mutex);
    while (i < CHANGES_BELLS && changes->bells[i].ring != NULL)
        i++;
    assert(i < CHANGES_BELLS);
    changes->bells[i] = (Bell){.ring = ring, .self = self, .mark = mark};
    (void)pthread_mutex_unlock(&changes->mutex);
}

void changes_when_no_more(Changes *changes, const void *self)
{
    (void)pthread_mutex_lock(&changes->mutex);
    for (size_t i = 0; i < CHANGES_BELLS; i++)
        if (changes->bells[i].self == self) changes->bells[i] = (Bell){};
    (void)pthread_mutex_unlock(&changes->mutex);
}

uint64_t changes_now(const Changes *changes)
{
    return atomic_load(&changes->generation);
}

bool changes_fresh(const Changes *changes, ChangesMark mark, uint64_t seen)
{
    return atomic_load(&changes->stamps[mark]) <= seen && atomic_load(&changes->floor) <= seen;
}
