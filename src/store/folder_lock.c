#include "store/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "store/disk.h"

// Advisory locks and WAL's shared memory do not work there.
Err folder_lock_possible(Cx *cx, const char *folder)
{
    static const uint32_t network[] = {0x6969,     0x517B,     0xFF534D42,
                                       0xFE534D42, 0x5346414F, 0x01021997};
    struct statfs info;
    if (statfs(folder, &info) != 0)
        return err_set(cx, ERR_STORE, "cannot look at '%s': %s", folder, strerror(errno));
    for (size_t i = 0; i < sizeof network / sizeof network[0]; i++)
        if ((uint32_t)info.f_type == network[i])
            return err_set(cx, ERR_INPUT, "'%s' is on a network file system; use a local disk",
                           folder);
    return ERR_OK;
}

Err folder_lock_take(Cx *cx, const char *folder, int *ret_fd)
{
    const char *path = disk_path(cx, folder, "lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        const char *why = strerror(errno);
        TRY(disk_reachable(cx, path, true));
        return err_set(cx, ERR_STORE, "cannot open '%s': %s", path, why);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        char pid[16] = {};
        (void)!pread(fd, pid, sizeof pid - 1, 0);
        (void)close(fd);
        pid[strcspn(pid, "\n")] = '\0';
        return err_set(cx, ERR_CONFLICT, "another process (%s) is writing in '%s'", pid, folder);
    }
    Slice pid = cx_printf(cx, "%d\n", (int)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data, pid.size, 0) != (ssize_t)pid.size) {
        (void)close(fd);
        return err_set(cx, ERR_STORE, "cannot write '%s'", path);
    }
    *ret_fd = fd;
    return ERR_OK;
}
