#include "base/heap.h"

#include <stdbool.h>
#include <stddef.h>

// jemalloc's own way of being asked; NULL where it isn't linked.
extern int mallctl(const char *name, void *old, size_t *old_size, void *new, size_t new_size)
    __attribute__((weak));

int heap_tend(void)
{
    bool yes = true;
    return mallctl == NULL ? 0 : mallctl("background_thread", NULL, NULL, &yes, sizeof yes);
}
