#include "base/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

Err infile_open(Cx *cx, const char *path, Infile *ret_file)
{
    // Without O_NONBLOCK a pipe without a writer would not even open.
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 && errno == ENXIO) return err_set(cx, ERR_MISSING, "'%s' is a socket", path);
    if (fd < 0) return err_set(cx, ERR_MISSING, "cannot open '%s': %s", path, strerror(errno));
    struct stat info;
    if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
        (void)close(fd);
        return err_set(cx, ERR_MISSING, "'%s' is a folder", path);
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
    return err_set(cx, ERR_MISSING, "nothing came from '%s' for %d seconds", file->path,
                   wait_ms / 1000);
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
        if (n < 0)
            return err_set(cx, ERR_MISSING, "cannot read '%s': %s", file->path, strerror(errno));
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
