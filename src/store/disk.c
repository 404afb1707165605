#include "store/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"

#define TAIL_SIZE     17     // ".%016llx"
#define REWRITE_BYTES 65'536 // at once

static Err disk_fail(Cx *cx, const char *what, const char *path)
{
    int code = errno;
    Err kind = code == ENOENT || code == ENOTDIR                   ? ERR_MISSING
               : code == ENOSPC || code == EDQUOT || code == EFBIG ? ERR_LIMIT
               : code == EEXIST                                    ? ERR_CONFLICT
               : code == EACCES || code == EPERM                   ? ERR_DENIED
                                                                   : ERR_STORE;
    // The two that whoever runs this can mend: said so that they know what to do.
    if (code == EROFS)
        return err_set(cx, kind,
                       "'%s' can't be written: its disk is read-only. Make it writable again "
                       "(mount -o remount,rw); the system's log says what made it so",
                       path);
    if (kind == ERR_DENIED)
        return err_set(cx, kind,
                       "'%s' is closed to this user: run as its owner, or let this user in "
                       "(cannot %s: %s)",
                       path, what, strerror(code));
    return err_set(cx, kind, "cannot %s '%s': %s", what, path, strerror(code));
}

// A file without a name: nothing is left of it, whatever happens. access() would say yes of a disk
// that its file system has given up on.
Err disk_writable(Cx *cx, const char *folder)
{
    AUTO_CLOSE int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0) return ERR_OK;
    if (errno == ENOENT || errno == ENOTDIR)
        return err_set(cx, ERR_MISSING, "'%s' is gone: is its disk mounted?", folder);
    bool told = errno == EROFS || errno == EACCES || errno == EPERM;
    return told ? disk_fail(cx, "write", folder) : ERR_OK;
}

// Not opened: closing a file takes away every lock that this process has on it (fcntl(2)).
Err disk_reachable(Cx *cx, const char *path, bool write)
{
    int mode = write ? R_OK | W_OK : R_OK;
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 ? ERR_OK : disk_fail(cx, "open", path);
}

Err disk_read_at(Cx *cx, int fd, uint64_t position, size_t size, Slice *ret_bytes)
{
    char *bytes = arena_try_alloc(&cx->arena, size);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "%zu bytes do not fit in memory", size);
    for (size_t done = 0; done < size;) {
        ssize_t n = pread(fd, bytes + done, size - done, (off_t)(position + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return err_set(cx, ERR_STORE, "cannot read: %s", strerror(errno));
        if (n == 0) return err_set(cx, ERR_CORRUPT, "the file ends before what it should hold");
        done += (size_t)n;
    }
    *ret_bytes = (Slice){bytes, size};
    return ERR_OK;
}

Err disk_read(Cx *cx, const char *path, size_t size_max, Slice *ret_bytes)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return disk_fail(cx, "open", path);
    struct stat info;
    if (fstat(fd, &info) != 0) return disk_fail(cx, "stat", path);
    if ((uint64_t)info.st_size > size_max)
        return err_set(cx, ERR_LIMIT, "'%s' is over %zu bytes", path, size_max);
    return disk_read_at(cx, fd, 0, (size_t)info.st_size, ret_bytes);
}

Err disk_write_at(Cx *cx, int fd, Slice bytes, uint64_t position)
{
    for (size_t done = 0; done < bytes.size;) {
        ssize_t n = pwrite(fd, bytes.data + done, bytes.size - done, (off_t)(position + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
            return err_set(cx, ERR_LIMIT, "no room on the disk: %s", strerror(errno));
        if (n <= 0) return err_set(cx, ERR_STORE, "cannot write: %s", strerror(errno));
        done += (size_t)n;
    }
    return ERR_OK;
}

Err disk_rewrite(Cx *cx, const char *path)
{
    AUTO_CLOSE int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return ERR_OK;
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) return disk_fail(cx, "open", path);
    if (info.st_size == 0) return ERR_OK;
    char bytes[REWRITE_BYTES];
    for (uint64_t at = 0;;) {
        ssize_t n = pread(fd, bytes, sizeof bytes, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return disk_fail(cx, "read", path);
        if (n == 0) break;
        TRY(disk_write_at(cx, fd, (Slice){bytes, (size_t)n}, at));
        at += (uint64_t)n;
    }
    return fsync(fd) == 0 ? ERR_OK : disk_fail(cx, "sync", path);
}

Err disk_wipe(Cx *cx, const char *path)
{
    static const char zeros[REWRITE_BYTES];
    AUTO_CLOSE int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return ERR_OK;
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) return disk_fail(cx, "open", path);
    uint64_t end = (uint64_t)info.st_size;
    for (uint64_t at = 0; at < end; at += sizeof zeros) {
        size_t part = end - at < sizeof zeros ? (size_t)(end - at) : sizeof zeros;
        TRY(disk_write_at(cx, fd, (Slice){zeros, part}, at));
    }
    return fsync(fd) == 0 ? ERR_OK : disk_fail(cx, "sync", path);
}

Err disk_sync_folder(Cx *cx, const char *path)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) return disk_fail(cx, "sync", path);
    return ERR_OK;
}

static const char *parent_of(Cx *cx, const char *path)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    while (size > 0 && path[size - 1] != '/')
        size--;
    if (size == 0) return ".";
    return cx_printf(cx, "%.*s", (int)size, path).data;
}

// `place` puts the finished file under its name.
static Err write_beside(Cx *cx, const char *path, Slice bytes,
                        int (*place)(const char *beside, const char *path))
{
    uint64_t tail = 0;
    cx_random(cx, &tail, sizeof tail);
    const char *beside = cx_printf(cx, "%s.%016llx", path, (unsigned long long)tail).data;
    AUTO_CLOSE int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return disk_fail(cx, "make", beside);
    Err err = disk_write_at(cx, fd, bytes, 0);
    if (err == ERR_OK && fsync(fd) != 0) err = disk_fail(cx, "sync", beside);
    if (err == ERR_OK && place(beside, path) != 0) err = disk_fail(cx, "make", path);
    (void)unlink(beside);
    TRY(err);
    return disk_sync_folder(cx, parent_of(cx, path));
}

Err disk_write_new(Cx *cx, const char *path, Slice bytes)
{
    // link, not rename: a file that is there already is never replaced.
    return write_beside(cx, path, bytes, link);
}

Err disk_replace(Cx *cx, const char *path, Slice bytes)
{
    return write_beside(cx, path, bytes, rename);
}

bool disk_is_torn(const char *file, const char *name)
{
    size_t size = strlen(file);
    if (size <= TAIL_SIZE) return false;
    const char *tail = file + size - TAIL_SIZE;
    return tail[0] == '.' && strspn(tail + 1, "0123456789abcdef") == TAIL_SIZE - 1 &&
           (name == NULL || slice_equal((Slice){file, size - TAIL_SIZE}, slice_of(name)));
}

Err disk_sweep(Cx *cx, const char *folder, const char *name)
{
    AUTO_CLOSEDIR DIR *dir = opendir(folder);
    if (dir == NULL) return errno == ENOENT ? ERR_OK : disk_fail(cx, "open", folder);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (!disk_is_torn(entry->d_name, name)) continue;
        const char *path = disk_path(cx, folder, entry->d_name);
        if (unlink(path) != 0) return disk_fail(cx, "remove", path);
    }
    return ERR_OK;
}

Err disk_folder(Cx *cx, const char *path)
{
    if (mkdir(path, 0700) != 0) {
        int code = errno;
        struct stat info;
        bool there = code == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
        errno = code;
        if (!there) return disk_fail(cx, "make folder", path);
    }
    // One that is there, too: who made it may have been killed before this.
    return disk_sync_folder(cx, parent_of(cx, path));
}

const char *disk_path(Cx *cx, const char *folder, const char *name)
{
    return cx_printf(cx, "%s/%s", folder, name).data;
}
