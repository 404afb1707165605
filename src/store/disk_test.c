#include "store/disk.h"

#include <fcntl.h>

#include "base/cleanup.h"
#include "base/test.h"

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
