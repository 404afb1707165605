#include "crypto/keyfile.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/test.h"

static const char *path_in_test_folder(Cx *cx)
{
    const char *path = NULL;
    EXPECT_OK(cx_cstr(cx, cx_printf(cx, "%s/data.key", test_folder()), &path));
    return path;
}

static void put(const char *path, Slice text, mode_t mode)
{
    (void)unlink(path);
    AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
    EXPECT(fd >= 0 && write(fd, text.data, text.size) == (ssize_t)text.size);
    EXPECT(fchmod(fd, mode) == 0);
}

TEST("keyfile: reads the key that it made, and makes no second one over it")
{
    const char *path = path_in_test_folder(cx);
    AeadKey made, read, third = {};
    EXPECT(keyfile_read(cx, path, &read) == ERR_MISSING);
    EXPECT_OK(keyfile_create(cx, path, &made));
    EXPECT_OK(keyfile_read(cx, path, &read));
    EXPECT(memcmp(&made, &read, sizeof made) == 0);
    EXPECT(keyfile_create(cx, path, &third) == ERR_CONFLICT);
    struct stat info;
    EXPECT(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600 && info.st_size == 78);
}

TEST("keyfile: a file that others may read, or that is no key file, is refused")
{
#define HEX_32 "00112233445566778899aabbccddeeff"
    static const struct {
        Slice text;
        mode_t mode;
        Err err;
    } cases[] = {
        {SLICE("fapiao-key-1 " HEX_32 HEX_32 "\n"), 0600, ERR_OK},
        {SLICE("fapiao-key-1 " HEX_32 HEX_32 "\n"), 0400, ERR_OK},
        {SLICE("fapiao-key-1 " HEX_32 HEX_32 "\n"), 0640, ERR_DENIED},
        {SLICE("fapiao-key-1 " HEX_32 HEX_32 "\n"), 0604, ERR_DENIED},
        {SLICE("fapiao-key-1 " HEX_32 HEX_32 "\n\n"), 0600, ERR_CORRUPT},
        {SLICE("fapiao-key-1 " HEX_32 HEX_32), 0600, ERR_CORRUPT},
        {SLICE("fapiao-key-2 " HEX_32 HEX_32 "\n"), 0600, ERR_CORRUPT},
        {SLICE("fapiao-key-1 " HEX_32 "00112233445566778899aabbccddeefg\n"), 0600, ERR_CORRUPT},
        {SLICE(""), 0600, ERR_CORRUPT},
    };
    const char *path = path_in_test_folder(cx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AeadKey key;
        memset(&key, 7, sizeof key);
        put(path, cases[i].text, cases[i].mode);
        EXPECT(keyfile_read(cx, path, &key) == cases[i].err);
        EXPECT(key.bytes[0] == (cases[i].err == ERR_OK ? 0 : 7));
    }
}

TEST("keyfile: no key file where there is no folder, nor where a folder lies")
{
    AeadKey key;
    EXPECT(keyfile_create(cx, "/nonexistent/folder/key", &key) == ERR_STORE);
    EXPECT(keyfile_read(cx, "/nonexistent/folder/key", &key) == ERR_MISSING);
    EXPECT(keyfile_read(cx, test_folder(), &key) == ERR_CORRUPT);
}

TEST("keyfile: a new one takes the place of the old one, whose bytes are gone; a copy's stay")
{
    const char *path = path_in_test_folder(cx);
    const char *fresh = cx_printf(cx, "%s.new", path).data;
    const char *copy = cx_printf(cx, "%s.copy", path).data;
    for (int linked = 0; linked < 2; linked++) {
        (void)unlink(path);
        AeadKey old, new, read;
        EXPECT_OK(keyfile_create(cx, path, &old));
        EXPECT_OK(keyfile_create(cx, fresh, &new));
        if (linked == 1) EXPECT(link(path, copy) == 0);
        AUTO_CLOSE int before = open(path, O_RDONLY | O_CLOEXEC);
        EXPECT_OK(keyfile_move(cx, fresh, path));
        EXPECT_OK(keyfile_read(cx, path, &read));
        EXPECT(memcmp(&read, &new, sizeof read) == 0);
        EXPECT(keyfile_read(cx, fresh, &read) == ERR_MISSING);
        char bytes[78];
        EXPECT(pread(before, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes);
        EXPECT((memcmp(bytes, "fapiao-key-1 ", 13) == 0) == (linked == 1));
        if (linked == 1) EXPECT_OK(keyfile_read(cx, copy, &read));
    }
    EXPECT(keyfile_move(cx, fresh, path) == ERR_STORE);
}
