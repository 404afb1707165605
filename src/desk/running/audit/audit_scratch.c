#include "desk/running/audit/audit_scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOM_AT_FIRST ((size_t)65'536) // records

Err audit_scratch_open(Cx *cx, const char *folder, size_t record, AuditScratch *ret_scratch)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        // Not every file system has O_TMPFILE.
        char *path = (char *)(uintptr_t)cx_printf(cx, "%s/fapiao-scratch-XXXXXX", folder).data;
        fd = mkostemp(path, O_CLOEXEC);
        if (fd < 0)
            return err_set(cx, ERR_STORE, "no temporary file in '%s': %s", folder, strerror(errno));
        (void)unlink(path);
    }
    *ret_scratch = (AuditScratch){.record = record, .fd = fd};
    return ERR_OK;
}

void audit_scratch_close(AuditScratch *scratch)
{
    if (scratch->record == 0) return;
    if (scratch->bytes != NULL) (void)munmap(scratch->bytes, scratch->room * scratch->record);
    (void)close(scratch->fd);
    *scratch = (AuditScratch){};
}

// Blocks are given now: a full disk must not show as a signal later.
static Err grow(Cx *cx, AuditScratch *scratch, uint64_t index)
{
    size_t room = scratch->room == 0 ? ROOM_AT_FIRST : scratch->room;
    while (room <= index)
        room *= 2;
    int code = posix_fallocate(scratch->fd, 0, (off_t)(room * scratch->record));
    if (code != 0)
        return err_set(cx, ERR_STORE, "no room for a temporary file: %s", strerror(code));
    if (scratch->bytes != NULL) (void)munmap(scratch->bytes, scratch->room * scratch->record);
    scratch->bytes = NULL;
    void *mapped =
        mmap(NULL, room * scratch->record, PROT_READ | PROT_WRITE, MAP_SHARED, scratch->fd, 0);
    if (mapped == MAP_FAILED)
        return err_set(cx, ERR_STORE, "cannot map a temporary file: %s", strerror(errno));
    scratch->bytes = mapped;
    scratch->room = room;
    return ERR_OK;
}

Err audit_scratch_at(Cx *cx, AuditScratch *scratch, uint64_t index, void **ret_record)
{
    if (index >= scratch->room) TRY(grow(cx, scratch, index));
    if (index >= scratch->count) scratch->count = index + 1;
    *ret_record = scratch->bytes + index * scratch->record;
    return ERR_OK;
}

const void *audit_scratch_find(const AuditScratch *scratch, uint64_t index)
{
    return index < scratch->count ? scratch->bytes + index * scratch->record : NULL;
}

Err audit_scratch_bag_add(Cx *cx, AuditScratch *bag, const AuditBagRow *row)
{
    void *place = NULL;
    TRY(audit_scratch_at(cx, bag, bag->count, &place));
    memcpy(place, row, sizeof *row);
    return ERR_OK;
}

static int compare(const void *a, const void *b)
{
    const AuditBagRow *one = a, *two = b;
    int order = memcmp(one->key, two->key, sizeof one->key);
    return order != 0 ? order : one->value < two->value ? -1 : one->value == two->value ? 0 : 1;
}

void audit_scratch_bag_sort(AuditScratch *bag)
{
    if (bag->count > 1) qsort(bag->bytes, bag->count, sizeof(AuditBagRow), compare);
}

AuditBagRow *audit_scratch_bag_find(AuditScratch *bag, const uint8_t key[static 16])
{
    AuditBagRow *all = (AuditBagRow *)(void *)bag->bytes;
    size_t low = 0, high = bag->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(all[middle].key, key, sizeof all->key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < bag->count && memcmp(all[low].key, key, sizeof all->key) == 0;
    return found ? &all[low] : NULL;
}
