#include "crypto/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/cleanup.h"

// "fapiao-key-1 " 64 hexadecimal digits LF
#define PREFIX_SIZE 13
#define LINE_SIZE   (PREFIX_SIZE + 2 * AEAD_KEY_SIZE + 1)
static const Slice prefix = SLICE("fapiao-key-1 ");

// *ret_gone = the file lost its name to another one meanwhile, and its bytes (keyfile_move).
static Err read_once(Cx *cx, const char *path, AeadKey *ret_key, bool *ret_gone)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return err_set(cx, ERR_MISSING, "there is no key file '%s'", path);
    if (fd < 0) return err_set(cx, ERR_DENIED, "cannot open '%s': %s", path, strerror(errno));

    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return err_set(cx, ERR_CORRUPT, "'%s' is no key file", path);
    if ((info.st_mode & 077) != 0)
        return err_set(cx, ERR_DENIED, "others than the owner may read '%s' (mode %03o)", path,
                       (unsigned int)(info.st_mode & 0777));

    char line[LINE_SIZE + 1];
    ssize_t size = 0;
    do {
        size = read(fd, line, sizeof line);
    } while (size < 0 && errno == EINTR);
    AeadKey key;
    // One byte more was asked for: a longer file is no key file.
    bool well = size == LINE_SIZE && slice_equal((Slice){line, PREFIX_SIZE}, prefix) &&
                line[LINE_SIZE - 1] == '\n' &&
                base64_unhex(cx, (Slice){line + PREFIX_SIZE, (size_t)2 * AEAD_KEY_SIZE}, key.bytes,
                             AEAD_KEY_SIZE) == ERR_OK;
    OPENSSL_cleanse(line, sizeof line);
    *ret_gone = fstat(fd, &info) == 0 && info.st_nlink == 0;
    if (!well) return err_set(cx, ERR_CORRUPT, "'%s' is no key file", path);
    *ret_key = key;
    OPENSSL_cleanse(&key, sizeof key);
    return ERR_OK;
}

Err keyfile_read(Cx *cx, const char *path, AeadKey *ret_key)
{
    bool gone = false;
    Err err = read_once(cx, path, ret_key, &gone);
    while (err == ERR_CORRUPT && gone) {
        gone = false;
        err = read_once(cx, path, ret_key, &gone);
    }
    return err;
}

// A new name is durable only when its folder is.
static Err sync_folder(Cx *cx, const char *path)
{
    const char *copy = NULL;
    TRY(cx_cstr(cx, slice_of(path), &copy));
    const char *folder = dirname((char *)(uintptr_t)copy);
    AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return err_set(cx, ERR_STORE, "cannot sync '%s': %s", folder, strerror(errno));
    return ERR_OK;
}

static bool write_line(int fd, const char *line)
{
    for (size_t done = 0; done < LINE_SIZE;) {
        ssize_t n = write(fd, line + done, LINE_SIZE - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return fsync(fd) == 0;
}

// What was linked in is durable and whole; what was not is gone.
static Err put_in_place(Cx *cx, const char *path, const char *line)
{
    uint64_t tail = 0;
    cx_random(cx, &tail, sizeof tail);
    const char *beside = cx_printf(cx, "%s.%016llx", path, (unsigned long long)tail).data;
    AUTO_CLOSE int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return err_set(cx, ERR_STORE, "cannot make '%s': %s", beside, strerror(errno));
    bool well = write_line(fd, line) && link(beside, path) == 0;
    int why = errno;
    (void)unlink(beside);
    if (!well && why == EEXIST) return err_set(cx, ERR_CONFLICT, "'%s' exists already", path);
    if (!well) return err_set(cx, ERR_STORE, "cannot write '%s': %s", path, strerror(why));
    return sync_folder(cx, path);
}

Err keyfile_create(Cx *cx, const char *path, AeadKey *ret_key)
{
    static const char digits[] = "0123456789abcdef";
    AeadKey key;
    cx_random(cx, key.bytes, sizeof key.bytes);
    char line[LINE_SIZE];
    memcpy(line, prefix.data, prefix.size);
    for (size_t i = 0; i < AEAD_KEY_SIZE; i++) {
        line[PREFIX_SIZE + 2 * i] = digits[key.bytes[i] >> 4];
        line[PREFIX_SIZE + 2 * i + 1] = digits[key.bytes[i] & 15];
    }
    line[LINE_SIZE - 1] = '\n';
    // Half a key would block the next try, or be taken for the whole one before it is durable.
    Err err = put_in_place(cx, path, line);
    OPENSSL_cleanse(line, sizeof line);
    if (err == ERR_OK) *ret_key = key;
    OPENSSL_cleanse(&key, sizeof key);
    return err;
}

// Its name is gone. What a disk keeps of its own accord (snapshots, spare blocks) is out of reach.
static void wipe(int fd)
{
    static const char zeros[LINE_SIZE];
    struct stat info;
    if (fstat(fd, &info) != 0 || info.st_nlink > 0 || info.st_size > (off_t)sizeof zeros) return;
    if (pwrite(fd, zeros, (size_t)info.st_size, 0) == (ssize_t)info.st_size) (void)fsync(fd);
}

Err keyfile_move(Cx *cx, const char *from, const char *to)
{
    AUTO_CLOSE int old = open(to, O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (rename(from, to) != 0)
        return err_set(cx, ERR_STORE, "cannot put '%s' in the place of '%s': %s", from, to,
                       strerror(errno));
    TRY(sync_folder(cx, to));
    if (old >= 0) wipe(old);
    return ERR_OK;
}
