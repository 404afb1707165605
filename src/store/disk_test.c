#include "store/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "store/disk_fixture.h"

TEST("disk: a new file is whole, private, and never replaces another")
{
    const char *path = disk_path(cx, test_folder(), "a");
    EXPECT_OK(disk_write_new(cx, path, SLICE("hello")));
    EXPECT(disk_write_new(cx, path, SLICE("other")) == ERR_CONFLICT);
    Slice bytes;
    EXPECT_OK(disk_read(cx, path, 5, &bytes));
    EXPECT(slice_equal(bytes, SLICE("hello")));
    EXPECT(disk_read(cx, path, 4, &bytes) == ERR_LIMIT);
    EXPECT(disk_read(cx, disk_path(cx, test_folder(), "none"), 9, &bytes) == ERR_MISSING);
}

TEST("disk: reads and writes at a position; past the end is damage")
{
    const char *path = disk_path(cx, test_folder(), "b");
    AUTO_CLOSE int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    EXPECT_OK(disk_write_at(cx, fd, SLICE("abc"), 2));
    Slice bytes;
    EXPECT_OK(disk_read_at(cx, fd, 3, 2, &bytes));
    EXPECT(slice_equal(bytes, SLICE("bc")));
    EXPECT(disk_read_at(cx, fd, 3, 3, &bytes) == ERR_CORRUPT);
    AUTO_CLOSE int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full >= 0) EXPECT(disk_write_at(cx, full, SLICE("x"), 0) == ERR_LIMIT);
}

TEST("disk: a file is written over itself, byte for byte, or is not there")
{
    const char *path = disk_path(cx, test_folder(), "over");
    EXPECT_OK(disk_rewrite(cx, path));
    char *bytes = arena_alloc(&cx->arena, 200'001);
    for (size_t i = 0; i < 200'001; i++)
        bytes[i] = (char)(i * 31 + i / 256);
    EXPECT_OK(disk_write_new(cx, path, (Slice){bytes, 200'001}));
    EXPECT_OK(disk_rewrite(cx, path));
    Slice again;
    EXPECT_OK(disk_read(cx, path, 200'001, &again));
    EXPECT(slice_equal(again, (Slice){bytes, 200'001}));
    EXPECT(disk_rewrite(cx, test_folder()) != ERR_OK);
}

TEST("disk: nothing is left of what was wiped but its size")
{
    const char *path = disk_path(cx, test_folder(), "wiped");
    EXPECT_OK(disk_wipe(cx, path));
    char *bytes = arena_alloc(&cx->arena, 200'001);
    memset(bytes, 'x', 200'001);
    EXPECT_OK(disk_write_new(cx, path, (Slice){bytes, 200'001}));
    EXPECT_OK(disk_wipe(cx, path));
    Slice again;
    EXPECT_OK(disk_read(cx, path, 200'001, &again));
    memset(bytes, 0, 200'001);
    EXPECT(slice_equal(again, (Slice){bytes, 200'001}));
}

TEST("disk: a folder is made once, and a file in its place is refused")
{
    const char *path = disk_path(cx, test_folder(), "folder");
    EXPECT_OK(disk_folder(cx, path));
    EXPECT_OK(disk_folder(cx, path));
    EXPECT_OK(disk_sync_folder(cx, path));
    const char *file = disk_path(cx, path, "file");
    EXPECT_OK(disk_write_new(cx, file, SLICE("")));
    EXPECT(disk_folder(cx, file) != ERR_OK);
}

// What disk_replace asks of the system, in its order: 'f' a file synced, 'r' renamed, 'd' a folder.
static struct {
    bool on;
    char trace[8];
    size_t count;
    char fails; // this one fails
} calls;

// Of a child that shall die: how many calls it has left.
static size_t calls_left;

void disk_test_die_at(size_t n)
{
    calls_left = n;
}

static void die_in_time(void)
{
    if (calls_left > 0 && --calls_left == 0) _exit(DISK_FIXTURE_DEAD);
}

static int called(char what)
{
    die_in_time();
    if (!calls.on) return 0;
    if (calls.count < sizeof calls.trace - 1) calls.trace[calls.count++] = what;
    if (calls.fails == what) errno = EIO;
    return calls.fails == what ? -1 : 0;
}

int fsync(int fd)
{
    struct stat info;
    if (fstat(fd, &info) == 0 && called(S_ISDIR(info.st_mode) ? 'd' : 'f') != 0) return -1;
    return (int)syscall(SYS_fsync, fd);
}

int link(const char *old, const char *new)
{
    die_in_time();
    return (int)syscall(SYS_linkat, AT_FDCWD, old, AT_FDCWD, new, 0);
}

int unlink(const char *path)
{
    die_in_time();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rename(const char *old, const char *new)
{
    if (called('r') != 0) return -1;
    return (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
}

TEST("disk: a file is replaced whole: synced before it gets its name, its folder after")
{
    const char *folder = test_folder(), *path = disk_path(cx, folder, "r");
    static const struct {
        char fails;
        const char *trace, *left;
    } cases[] = {{0, "frd", "new"}, {'f', "f", "old"}, {'r', "fr", "old"}, {'d', "frd", "new"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT_OK(disk_replace(cx, path, SLICE("old")));
        memset(&calls, 0, sizeof calls);
        calls.on = true;
        calls.fails = cases[i].fails;
        Err err = disk_replace(cx, path, SLICE("new"));
        calls.on = false;
        EXPECT((err == ERR_OK) == (cases[i].fails == 0));
        EXPECT(strcmp(calls.trace, cases[i].trace) == 0);
        Slice bytes;
        EXPECT_OK(disk_read(cx, path, 9, &bytes));
        EXPECT(slice_equal(bytes, slice_of(cases[i].left)));
        EXPECT(unlink(path) == 0 && rmdir(folder) == 0); // and nothing is left beside it
        EXPECT(mkdir(folder, 0700) == 0);
    }
}

TEST("disk: what was written beside and never placed is swept out, all else stays")
{
    static const char *const names[] = {"keys.0123456789abcdef", "keys.0123456789abcde",
                                        "keys.0123456789ABCDEF", "keys", ".0123456789abcdef"};
    const char *folder = test_folder();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        EXPECT_OK(disk_write_new(cx, disk_path(cx, folder, names[i]), SLICE("x")));
    EXPECT_OK(disk_sweep(cx, folder, "other"));
    Slice kept;
    EXPECT_OK(disk_read(cx, disk_path(cx, folder, names[0]), 9, &kept));
    EXPECT_OK(disk_sweep(cx, folder, NULL));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Slice bytes;
        Err err = disk_read(cx, disk_path(cx, folder, names[i]), 9, &bytes);
        EXPECT(err == (i == 0 ? ERR_MISSING : ERR_OK));
    }
    EXPECT_OK(disk_sweep(cx, disk_path(cx, folder, "nowhere"), NULL));
}
