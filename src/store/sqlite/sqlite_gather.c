#include "store/sqlite/sqlite_gather.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// SQLite's own file takes less than 128 KiB in one write.
#define GATHER_BYTES ((size_t)64 * 1024)

// The system's file follows in the same piece of memory.
typedef struct Gather {
    sqlite3_file base;
    bool gathers, failed; // failed: a sync did, and no later one is believed
    char *bytes;          // GATHER_BYTES; NULL before the first write
    size_t size;          // that wait
    sqlite3_int64 at;
} Gather;

static sqlite3_vfs *below;
static sqlite3_vfs vfs;
static const char *vfs_name;

static Gather *self_of(sqlite3_file *file)
{
    return (Gather *)file;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return (sqlite3_file *)(self_of(file) + 1);
}

static int flush(sqlite3_file *file)
{
    Gather *self = self_of(file);
    if (self->size == 0) return SQLITE_OK;
    int size = (int)self->size;
    self->size = 0;
    return real_of(file)->pMethods->xWrite(real_of(file), self->bytes, size, self->at);
}

static int file_close(sqlite3_file *file)
{
    int flushed = flush(file);
    int closed = real_of(file)->pMethods->xClose(real_of(file));
    free(self_of(file)->bytes);
    self_of(file)->bytes = NULL;
    return flushed == SQLITE_OK ? closed : flushed;
}

static int file_read(sqlite3_file *file, void *to, int size, sqlite3_int64 at)
{
    int code = flush(file);
    return code == SQLITE_OK ? real_of(file)->pMethods->xRead(real_of(file), to, size, at) : code;
}

static int file_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
{
    Gather *self = self_of(file);
    size_t more = (size_t)size;
    bool follows = self->size > 0 && at == self->at + (sqlite3_int64)self->size &&
                   self->size + more <= GATHER_BYTES;
    if (!follows) {
        int code = flush(file);
        if (code != SQLITE_OK) return code;
        self->at = at;
    }
    if (self->gathers && self->bytes == NULL)
        self->bytes = malloc(GATHER_BYTES); // owned: by the file; without it nothing is gathered
    if (self->bytes == NULL || more > GATHER_BYTES)
        return real_of(file)->pMethods->xWrite(real_of(file), from, size, at);
    memcpy(self->bytes + self->size, from, more);
    self->size += more;
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = flush(file);
    return code == SQLITE_OK ? real_of(file)->pMethods->xTruncate(real_of(file), size) : code;
}

// After a sync that failed the system takes pages for written that are in memory alone: the next
// one would say yes. SQLite says nothing of a failure in the checkpoint behind a COMMIT, and would
// start the log anew after the next.
static int file_sync(sqlite3_file *file, int flags)
{
    Gather *self = self_of(file);
    int code = flush(file);
    if (code != SQLITE_OK) return code;
    if (!self->failed) self->failed = real_of(file)->pMethods->xSync(real_of(file), flags) != 0;
    return self->failed ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    int code = flush(file);
    return code == SQLITE_OK ? real_of(file)->pMethods->xFileSize(real_of(file), ret_size) : code;
}

static int file_lock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xLock(real_of(file), lock);
}

// Whoever may read the file next finds in it what was written.
static int file_unlock(sqlite3_file *file, int lock)
{
    int code = flush(file);
    int unlocked = real_of(file)->pMethods->xUnlock(real_of(file), lock);
    return code == SQLITE_OK ? unlocked : code;
}

static int file_check_lock(sqlite3_file *file, int *ret_locked)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_locked);
}

static int file_control(sqlite3_file *file, int what, void *argument)
{
    if (what == SQLITE_GATHER_FAILED) {
        *(bool *)argument = self_of(file)->failed;
        return SQLITE_OK;
    }
    return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}

static int file_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

// Without maps of the file (mmap_size=0) these are asked for nothing.
static int file_fetch(sqlite3_file *file, sqlite3_int64 at, int size, void **ret)
{
    (void)file, (void)at, (void)size;
    *ret = NULL;
    return SQLITE_OK;
}

static int file_unfetch(sqlite3_file *file, sqlite3_int64 at, void *page)
{
    (void)file, (void)at, (void)page;
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 3,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
    .xFetch = file_fetch,
    .xUnfetch = file_unfetch,
};

static int open_file(sqlite3_vfs *self_vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    (void)self_vfs;
    *self_of(file) = (Gather){.gathers = (flags & SQLITE_OPEN_WAL) != 0};
    int code = below->xOpen(below, name, real_of(file), flags, ret_flags);
    if (real_of(file)->pMethods != NULL) file->pMethods = &methods;
    return code;
}

static void make(void)
{
    if (sqlite3_initialize() != SQLITE_OK) return;
    below = sqlite3_vfs_find("unix");
    if (below == NULL) return;
    // All but opening is the system's own, which looks at its own pAppData alone.
    vfs = *below;
    vfs.pNext = NULL;
    vfs.zName = "gather";
    vfs.szOsFile = (int)sizeof(Gather) + below->szOsFile;
    vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) return;
    if (sqlite3mc_vfs_create("gather", 0) == SQLITE_OK) vfs_name = "multipleciphers-gather";
}

const char *sqlite_gather_vfs(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make);
    return vfs_name;
}
