#include "store/keys.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "store/disk.h"

TEST("keys: made once, read again, refused under another key-encryption key")
{
    AeadKey kek = {"kek"}, other = {"other"};
    const char *path = cx_printf(cx, "%s/keys", test_folder()).data;
    Keys made, read;
    EXPECT(keys_read(cx, path, &kek, &read) == ERR_MISSING);
    EXPECT_OK(keys_create(cx, path, &kek, &made));
    EXPECT_OK(keys_read(cx, path, &kek, &read));
    EXPECT(memcmp(&made, &read, sizeof made) == 0);
    EXPECT(memcmp(&made.page, &made.data, sizeof made.page) != 0);
    EXPECT(keys_read(cx, path, &other, &read) == ERR_CORRUPT);
    EXPECT(keys_create(cx, path, &kek, &read) == ERR_CONFLICT);
    struct stat info;
    EXPECT(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
}

TEST("keys: a damaged keys file is said to be one, wherever the damage is")
{
    AeadKey kek = {"kek"};
    const char *path = cx_printf(cx, "%s/keys-a", test_folder()).data;
    Keys keys;
    EXPECT_OK(keys_create(cx, path, &kek, &keys));
    Slice whole;
    EXPECT_OK(disk_read(cx, path, 4096, &whole));
    for (size_t i = 0; i < whole.size; i++) {
        const char *bad = cx_printf(cx, "%s/bad-%zu", test_folder(), i).data;
        Slice copy;
        EXPECT_OK(cx_copy(cx, whole, &copy));
        ((char *)(uintptr_t)copy.data)[i] ^= 0x11;
        EXPECT_OK(disk_write_new(cx, bad, i % 2 == 0 ? copy : slice_sub(whole, 0, i)));
        // The very last LF may be missing: nothing stands behind it.
        if (i % 2 == 0 || i + 1 < whole.size)
            EXPECT(keys_read(cx, bad, &kek, &keys) == ERR_CORRUPT || i + 1 == whole.size);
        EXPECT(unlink(bad) == 0);
    }
}
