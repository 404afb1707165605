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

TEST("keys: both key-encryption keys open what is wrapped twice, and a third one does not")
{
    const AeadKey keks[] = {{"old"}, {"new"}, {"third"}};
    const char *path = cx_printf(cx, "%s/keys-b", test_folder()).data;
    Keys made, read;
    EXPECT_OK(keys_create(cx, path, &keks[0], &made));
    for (int next = 0; next < 2; next++) {
        made.has_next = next == 1;
        if (next == 1) made.page_next = (AeadKey){"next"};
        EXPECT_OK(keys_replace(cx, path, keks, 2, &made));
        for (size_t i = 0; i < 3; i++) {
            EXPECT(keys_read(cx, path, &keks[i], &read) == (i < 2 ? ERR_OK : ERR_CORRUPT));
            if (i == 2) continue;
            EXPECT(read.wrappings == 2 && read.has_next == (next == 1));
            EXPECT(memcmp(&made, &read, 5 * sizeof(AeadKey)) == 0);
        }
        EXPECT_OK(keys_replace(cx, path, &keks[1], 1, &made));
        EXPECT(keys_read(cx, path, &keks[0], &read) == ERR_CORRUPT);
        EXPECT_OK(keys_read(cx, path, &keks[1], &read));
        EXPECT(read.wrappings == 1 && memcmp(&made, &read, 5 * sizeof(AeadKey)) == 0);
    }
}

TEST("keys: three wrappings, half a second one, or anything behind is damage")
{
    AeadKey kek = {"kek"};
    const char *path = cx_printf(cx, "%s/keys-c", test_folder()).data;
    Keys keys;
    Slice one;
    EXPECT_OK(keys_create(cx, path, &kek, &keys));
    EXPECT_OK(disk_read(cx, path, 4096, &one));
    Slice body = slice_sub(one, 14, one.size);
    const Slice bad[] = {
        cx_printf(cx, SLICE_FMT SLICE_FMT SLICE_FMT, SLICE_ARG(one), SLICE_ARG(body),
                  SLICE_ARG(body)),
        cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(one),
                  SLICE_ARG(slice_sub(body, 0, body.size / 2))),
        cx_printf(cx, SLICE_FMT "x", SLICE_ARG(one)),
        cx_printf(cx, SLICE_FMT "page-next 00\n", SLICE_ARG(one)),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        EXPECT_OK(disk_replace(cx, path, bad[i]));
        EXPECT(keys_read(cx, path, &kek, &keys) == ERR_CORRUPT);
    }
}
