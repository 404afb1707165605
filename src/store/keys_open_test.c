#include "store/keys_open.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/test.h"
#include "store/disk.h"

TEST("keys_open: made once, opened again, and never anew for an old folder")
{
    unsetenv("FAPIAO_KEY_FILE");
    unsetenv("CREDENTIALS_DIRECTORY");
    const char *folder = disk_path(cx, test_folder(), "k");
    const char *key = cx_printf(cx, "%s.key", folder).data;
    const KeysPlace new = {.folder = folder, .create = true, .write = true};
    const KeysPlace old = {.folder = folder, .write = true}, reads = {.folder = folder};
    Keys one, two;
    EXPECT_OK(disk_folder(cx, folder));
    EXPECT(keys_open(cx, &old, &one) == ERR_MISSING); // no key file is made unasked
    EXPECT_OK(keys_open(cx, &new, &one));
    EXPECT_OK(keys_open(cx, &reads, &two));
    EXPECT(memcmp(&one.data, &two.data, sizeof one.data) == 0);
    EXPECT(unlink(key) == 0);
    EXPECT(keys_open(cx, &new, &two) == ERR_MISSING);
    EXPECT(slice_find(slice_of(cx->err_text), SLICE("put it back")) != SLICE_NONE);
    // A database without its keys can't be read by any.
    EXPECT(unlink(disk_path(cx, folder, "keys")) == 0);
    EXPECT_OK(keys_open(cx, &new, &one));
    EXPECT(unlink(disk_path(cx, folder, "keys")) == 0);
    EXPECT_OK(disk_write_new(cx, disk_path(cx, folder, "fapiao.db"), SLICE("")));
    EXPECT(keys_open(cx, &new, &two) == ERR_CORRUPT);
}
