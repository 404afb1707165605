#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define EVENTS_MAX ((size_t)1 << 30) // bytes; only what is used takes memory
#define FDS        1024

static ShimShared *shared;
static bool watching;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; // a change and its event are one
static uint64_t files[FDS]; // by descriptor: the inode number of a file of the folder, or 0

static const char *const call_names[SHIM_CALL_COUNT] = {
    "open",   "read",  "write", "sync", "truncate", "link", "unlink",
    "rename", "mkdir", "mmap",  "lock", "stat",     "close"};

const char *shim_call_name(ShimCall call)
{
    return call_names[call];
}

ShimShared *shim_open(const char *root)
{
    shared = mmap(NULL, sizeof *shared + EVENTS_MAX, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (shared == MAP_FAILED) abort();
    shared->root_size = (size_t)snprintf(shared->root, sizeof shared->root, "%s", root);
    shim_calm(shared);
    return shared;
}

void shim_watch(void)
{
    watching = true;
}

void shim_calm(ShimShared *calmed)
{
    calmed->stop_after = calmed->changes = calmed->names = calmed->failed = 0;
    calmed->stop_at_name = false;
    calmed->fault = (ShimFault){};
    memset(calmed->calls, 0, sizeof calmed->calls);
    calmed->room = -1;
}

// The path within the folder; NULL when it is not in there. All paths of the program are absolute.
static const char *within(const char *path)
{
    if (!watching || strncmp(path, shared->root, shared->root_size) != 0) return NULL;
    path += shared->root_size;
    if (*path != '/' && *path != '\0') return NULL;
    while (*path == '/')
        path++;
    return path;
}

static uint64_t file_of(int fd)
{
    return watching && fd >= 0 && fd < FDS ? files[fd] : 0;
}

// Under the mutex from here on.

static void put(const void *bytes, size_t size)
{
    if (shared->size + size + 8 > EVENTS_MAX) {
        (void)fputs("shim: no room for events\n", stderr);
        abort();
    }
    if (size > 0) memcpy(shared->events + shared->size, bytes, size);
    shared->size += size;
}

static void did(ShimDid what, uint64_t file, uint64_t at, const struct iovec *parts, int count)
{
    ShimEvent event = {.did = what, .file = file, .at = at};
    for (int i = 0; i < count; i++)
        event.size += (uint32_t)parts[i].iov_len;
    put(&event, sizeof event);
    for (int i = 0; i < count; i++)
        put(parts[i].iov_base, parts[i].iov_len);
    shared->size = (shared->size + 7) / 8 * 8;
    bool name = what <= SHIM_DID_UNLINK;
    shared->changes++;
    shared->names += name;
    bool stop = shared->stop_at_name ? name && shared->names == shared->stop_after
                                     : shared->changes == shared->stop_after;
    if (stop) {
        (void)kill(getpid(), SIGKILL);
        for (;;)
            (void)pause();
    }
}

static void did_name(ShimDid what, uint64_t file, const char *path, const char *to)
{
    struct iovec parts[] = {{(void *)(uintptr_t)path, strlen(path) + 1},
                            {(void *)(uintptr_t)to, to == NULL ? 0 : strlen(to) + 1}};
    did(what, file, 0, parts, 2);
}

// Whether this call is the one to fail: 0, an errno, or SHIM_SHORT.
static int fault(ShimCall call)
{
    uint64_t number = ++shared->calls[call];
    const ShimFault *plan = &shared->fault;
    if (plan->call != call || plan->nth == 0) return 0;
    if (number != plan->nth && !(plan->on && number > plan->nth)) return 0;
    shared->failed++;
    return plan->code;
}

// A whole call that can fail: true when it has, with errno set.
static bool fails(ShimCall call)
{
    (void)pthread_mutex_lock(&mutex);
    int code = fault(call);
    (void)pthread_mutex_unlock(&mutex);
    if (code > 0) errno = code;
    return code > 0;
}

static uint64_t size_of(int fd)
{
    struct stat info;
    return syscall(SYS_fstat, fd, &info) == 0 ? (uint64_t)info.st_size : 0;
}

static uint64_t inode_of(int fd)
{
    struct stat info;
    if (syscall(SYS_fstat, fd, &info) != 0) return 0;
    return S_ISREG(info.st_mode) || S_ISDIR(info.st_mode) ? info.st_ino : 0;
}

static bool is_there(const char *path)
{
    return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
}

// ---- the calls ----
// Each under a name of its own in C, and under libc's for the linker.

int shim_fd_open(const char *path, int flags, ...) __asm__("open64");
int shim_fd_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    const char *name = within(path);
    if (name == NULL) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fails(SHIM_OPEN)) return -1;
    (void)pthread_mutex_lock(&mutex);
    bool fresh = (flags & O_CREAT) != 0 && !is_there(path);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd >= FDS) abort();
    if (fd >= 0) files[fd] = inode_of(fd);
    if (fd >= 0 && fresh) did_name(SHIM_DID_CREATE, files[fd], name, NULL);
    (void)pthread_mutex_unlock(&mutex);
    return fd;
}

int shim_fd_close(int fd) __asm__("close");
int shim_fd_close(int fd)
{
    bool known = file_of(fd) != 0, failed = known && fails(SHIM_CLOSE);
    int why = errno;
    if (known) files[fd] = 0;
    int result = (int)syscall(SYS_close, fd);
    if (!failed) return result;
    errno = why;
    return -1; // and closed all the same, as Linux does
}

int shim_fd_control(int fd, int command, ...) __asm__("fcntl64");
int shim_fd_control(int fd, int command, ...)
{
    va_list args;
    va_start(args, command);
    long argument = va_arg(args, long);
    va_end(args);
    uint64_t file = file_of(fd);
    // Letting go never fails on a local disk.
    bool lock = (command == F_SETLK || command == F_SETLKW) && file != 0 &&
                ((const struct flock *)argument)->l_type != F_UNLCK; // NOLINT
    if (lock && fails(SHIM_LOCK)) return -1;
    int result = (int)syscall(SYS_fcntl, fd, command, argument);
    if (result >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC)) {
        if (result >= FDS) abort();
        files[result] = file;
    }
    return result;
}

int shim_fd_flock(int fd, int operation) __asm__("flock");
int shim_fd_flock(int fd, int operation)
{
    if (file_of(fd) != 0 && fails(SHIM_LOCK)) return -1;
    return (int)syscall(SYS_flock, fd, operation);
}

static size_t part_of(int fd, size_t size)
{
    if (file_of(fd) == 0) return size;
    (void)pthread_mutex_lock(&mutex);
    int code = fault(SHIM_READ);
    (void)pthread_mutex_unlock(&mutex);
    errno = code > 0 ? code : 0;
    return code > 0 ? SIZE_MAX : code == SHIM_SHORT && size > 1 ? size / 2 : size;
}

ssize_t shim_fd_read(int fd, void *bytes, size_t size) __asm__("read");
ssize_t shim_fd_read(int fd, void *bytes, size_t size)
{
    size_t part = part_of(fd, size);
    return part == SIZE_MAX ? -1 : syscall(SYS_read, fd, bytes, part);
}

ssize_t shim_fd_pread(int fd, void *bytes, size_t size, off_t at) __asm__("pread64");
ssize_t shim_fd_pread(int fd, void *bytes, size_t size, off_t at)
{
    size_t part = part_of(fd, size);
    return part == SIZE_MAX ? -1 : syscall(SYS_pread64, fd, bytes, part, at);
}

// How much of it goes onto the disk: a fault, and the room that is left. SIZE_MAX: errno says why.
static size_t fitting(int fd, size_t size, uint64_t at)
{
    int code = fault(SHIM_WRITE);
    if (code > 0) {
        errno = code;
        return SIZE_MAX;
    }
    if (code == SHIM_SHORT && size > 1) size /= 2;
    uint64_t have = size_of(fd);
    if (shared->room < 0 || at + size <= have) return size;
    uint64_t grows = at + size - have;
    uint64_t given = grows < (uint64_t)shared->room ? grows : (uint64_t)shared->room;
    shared->room -= (int64_t)given;
    size_t fits = grows - given < size ? size - (size_t)(grows - given) : 0;
    if (fits > 0) return fits;
    shared->failed++;
    errno = ENOSPC;
    return SIZE_MAX;
}

// Two parts are all that anyone writes at once here.
static ssize_t write_at(int fd, const struct iovec *parts, int count, uint64_t at)
{
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    (void)pthread_mutex_lock(&mutex);
    size_t fits = fitting(fd, size, at);
    ssize_t done = -1;
    if (fits != SIZE_MAX) {
        if (count > 2) abort();
        struct iovec cut[2] = {parts[0], count > 1 ? parts[1] : (struct iovec){}};
        if (cut[0].iov_len > fits) cut[0].iov_len = fits;
        cut[1].iov_len = fits - cut[0].iov_len;
        done = syscall(SYS_pwritev, fd, cut, 2, (long)at, 0L);
        if (done >= 0 && (size_t)done != fits) abort();
        if (done > 0) did(SHIM_DID_WRITE, file_of(fd), at, cut, 2);
    }
    (void)pthread_mutex_unlock(&mutex);
    return done;
}

ssize_t shim_fd_write(int fd, const void *bytes, size_t size) __asm__("write");
ssize_t shim_fd_write(int fd, const void *bytes, size_t size)
{
    if (file_of(fd) == 0) return syscall(SYS_write, fd, bytes, size);
    // Where it stands, or the end when it appends; one thread a file writes so.
    bool appends = (syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND) != 0;
    off_t at = appends ? (off_t)size_of(fd) : (off_t)syscall(SYS_lseek, fd, 0L, SEEK_CUR);
    const struct iovec part = {(void *)(uintptr_t)bytes, size};
    ssize_t done = write_at(fd, &part, 1, (uint64_t)at);
    if (done > 0) (void)syscall(SYS_lseek, fd, (long)(at + done), SEEK_SET);
    return done;
}

ssize_t shim_fd_pwrite(int fd, const void *bytes, size_t size, off_t at) __asm__("pwrite64");
ssize_t shim_fd_pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (file_of(fd) == 0) return syscall(SYS_pwrite64, fd, bytes, size, at);
    const struct iovec part = {(void *)(uintptr_t)bytes, size};
    return write_at(fd, &part, 1, (uint64_t)at);
}

ssize_t shim_fd_pwritev(int fd, const struct iovec *parts, int count,
                        off_t at) __asm__("pwritev64");
ssize_t shim_fd_pwritev(int fd, const struct iovec *parts, int count, off_t at)
{
    if (file_of(fd) == 0) return syscall(SYS_pwritev, fd, parts, count, at, 0L);
    return write_at(fd, parts, count, (uint64_t)at);
}

// No real fsync: what the disk holds is the platter's business, and so a cut costs milliseconds.
static int sync_file(int fd, long call)
{
    if (file_of(fd) == 0) return (int)syscall(call, fd);
    (void)pthread_mutex_lock(&mutex);
    int code = fault(SHIM_SYNC);
    did(code > 0 ? SHIM_DID_NOT_SYNC : SHIM_DID_SYNC, file_of(fd), 0, NULL, 0);
    (void)pthread_mutex_unlock(&mutex);
    if (code > 0) errno = code;
    return code > 0 ? -1 : 0;
}

int shim_fd_fsync(int fd) __asm__("fsync");
int shim_fd_fsync(int fd)
{
    return sync_file(fd, SYS_fsync);
}

int shim_fd_fdatasync(int fd) __asm__("fdatasync");
int shim_fd_fdatasync(int fd)
{
    return sync_file(fd, SYS_fdatasync);
}

int shim_fd_ftruncate(int fd, off_t size) __asm__("ftruncate64");
int shim_fd_ftruncate(int fd, off_t size)
{
    if (file_of(fd) == 0) return (int)syscall(SYS_ftruncate, fd, size);
    if (fails(SHIM_TRUNCATE)) return -1;
    (void)pthread_mutex_lock(&mutex);
    uint64_t had = size_of(fd);
    int result = (int)syscall(SYS_ftruncate, fd, size);
    if (result == 0 && shared->room >= 0 && (uint64_t)size < had)
        shared->room += (int64_t)(had - (uint64_t)size);
    if (result == 0) did(SHIM_DID_TRUNCATE, file_of(fd), (uint64_t)size, NULL, 0);
    (void)pthread_mutex_unlock(&mutex);
    return result;
}

// link and rename: both names within the folder, or nothing of ours.
static int two_names(ShimCall call, ShimDid what, const char *from, const char *to)
{
    const char *name = within(from), *to_name = within(to);
    bool ours = name != NULL && to_name != NULL;
    if (ours && fails(call)) return -1;
    (void)pthread_mutex_lock(&mutex);
    int result = (int)(call == SHIM_LINK ? syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)
                                         : syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
    if (ours && result == 0) did_name(what, 0, name, to_name);
    (void)pthread_mutex_unlock(&mutex);
    return result;
}

int shim_path_link(const char *from, const char *to) __asm__("link");
int shim_path_link(const char *from, const char *to)
{
    return two_names(SHIM_LINK, SHIM_DID_LINK, from, to);
}

int shim_path_rename(const char *from, const char *to) __asm__("rename");
int shim_path_rename(const char *from, const char *to)
{
    return two_names(SHIM_RENAME, SHIM_DID_RENAME, from, to);
}

int shim_path_unlink(const char *path) __asm__("unlink");
int shim_path_unlink(const char *path)
{
    const char *name = within(path);
    if (name == NULL) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (fails(SHIM_UNLINK)) return -1;
    (void)pthread_mutex_lock(&mutex);
    struct stat info = {};
    (void)syscall(SYS_newfstatat, AT_FDCWD, path, &info, 0);
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (result == 0 && shared->room >= 0 && info.st_nlink == 1) shared->room += info.st_size;
    if (result == 0) did_name(SHIM_DID_UNLINK, 0, name, NULL);
    (void)pthread_mutex_unlock(&mutex);
    return result;
}

int shim_path_mkdir(const char *path, mode_t mode) __asm__("mkdir");
int shim_path_mkdir(const char *path, mode_t mode)
{
    const char *name = within(path);
    if (name != NULL && fails(SHIM_MKDIR)) return -1;
    (void)pthread_mutex_lock(&mutex);
    int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    struct stat info = {};
    if (name != NULL && result == 0 && syscall(SYS_newfstatat, AT_FDCWD, path, &info, 0) == 0)
        did_name(SHIM_DID_MKDIR, info.st_ino, name, NULL);
    (void)pthread_mutex_unlock(&mutex);
    return result;
}

void *shim_fd_mmap(void *address, size_t size, int protection, int flags, int fd,
                   off_t at) __asm__("mmap64");
void *shim_fd_mmap(void *address, size_t size, int protection, int flags, int fd, off_t at)
{
    uint64_t file = fd < 0 ? 0 : file_of(fd);
    if (file != 0 && fails(SHIM_MMAP)) return MAP_FAILED;
    if (file != 0 && (protection & PROT_WRITE) != 0 && (flags & MAP_SHARED) != 0) {
        (void)pthread_mutex_lock(&mutex);
        did(SHIM_DID_MAP, file, 0, NULL, 0);
        (void)pthread_mutex_unlock(&mutex);
    }
    long result = syscall(SYS_mmap, address, size, protection, flags, fd, at);
    return (void *)result; // NOLINT(performance-no-int-to-ptr)
}

int shim_path_stat(const char *path, struct stat *info) __asm__("stat64");
int shim_path_stat(const char *path, struct stat *info)
{
    if (within(path) != NULL && fails(SHIM_STAT)) return -1;
    return (int)syscall(SYS_newfstatat, AT_FDCWD, path, info, 0);
}

int shim_path_lstat(const char *path, struct stat *info) __asm__("lstat64");
int shim_path_lstat(const char *path, struct stat *info)
{
    if (within(path) != NULL && fails(SHIM_STAT)) return -1;
    return (int)syscall(SYS_newfstatat, AT_FDCWD, path, info, AT_SYMLINK_NOFOLLOW);
}

int shim_fd_stat(int fd, struct stat *info) __asm__("fstat64");
int shim_fd_stat(int fd, struct stat *info)
{
    if (file_of(fd) != 0 && fails(SHIM_STAT)) return -1;
    return (int)syscall(SYS_fstat, fd, info);
}
