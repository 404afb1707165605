#include "base/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

static const char *in_chinese(int error)
{
    switch (error) {
    case ENOENT:
        return "没有这个文件";
    case ENOTDIR:
        return "路径中有一段不是文件夹";
    case EACCES:
    case EPERM:
        return "没有读取权限";
    case ELOOP:
        return "链接绕成了圈";
    case ENAMETOOLONG:
        return "名字太长";
    case ENXIO:
        return "是套接字，或是没有的设备";
    default:
        return "系统读不了";
    }
}

// The path comes last: a long one would hide the reason.
Err infile_fail(Cx *cx, int error, const char *doing, const char *path)
{
    const char *why = error == ENXIO ? "a socket, or a device that is not there" : strerror(error);
    return err_set(cx, ERR_MISSING, "%s %s: %s '%s'", in_chinese(error), why, doing, path);
}

Err infile_open(Cx *cx, const char *path, Infile *ret_file)
{
    // Without O_NONBLOCK a pipe without a writer would not even open.
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return infile_fail(cx, errno, "cannot open", path);
    struct stat info;
    if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
        (void)close(fd);
        return err_set(cx, ERR_MISSING, "是文件夹 a folder: '%s'", path);
    }
    bool regular = S_ISREG(info.st_mode);
    *ret_file = (Infile){
        .path = path, .fd = fd, .regular = regular, .size = regular ? (uint64_t)info.st_size : 0};
    return ERR_OK;
}

void infile_close(Infile *file)
{
    (void)close(file->fd);
}

// ERR_MISSING when nothing comes in time.
static Err await(Cx *cx, const Infile *file, int wait_ms)
{
    struct pollfd wanted = {.fd = file->fd, .events = POLLIN};
    int ready = 0;
    do {
        ready = poll(&wanted, 1, wait_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready > 0) return ERR_OK;
    return err_set(cx, ERR_MISSING, "%d 秒没有等到内容 nothing came for %d seconds: '%s'",
                   wait_ms / 1000, wait_ms / 1000, file->path);
}

Err infile_read(Cx *cx, Infile *file, char *bytes, size_t room, size_t *ret_count)
{
    bool awaited = false;
    for (;;) {
        ssize_t n = read(file->fd, bytes, room);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) {
            TRY(await(cx, file, LIMIT_INFILE_SILENCE_MS));
            awaited = true;
            continue;
        }
        if (n < 0) return infile_fail(cx, errno, "cannot read", file->path);
        // A named pipe ends as long as nobody writes it: one may still come.
        if (n == 0 && !file->regular && !file->begun && !awaited) {
            TRY(await(cx, file, LIMIT_INFILE_WRITER_MS));
            awaited = true;
            continue;
        }
        file->begun = true;
        *ret_count = (size_t)n;
        return ERR_OK;
    }
}
