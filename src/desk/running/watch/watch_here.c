#include "desk/running/watch/watch_here.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "store/disk.h"

// Of two files of one folder no two are ever the same at once; over time births tell them apart.
static Err line_of(Cx *cx, const char *path, Slice *ret_line)
{
    struct statx info;
    if (statx(AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &info) != 0)
        return err_set(cx, ERR_STORE, "cannot stat '%s': %s", path, strerror(errno));
    long long birth = (info.stx_mask & STATX_BTIME) == 0
                          ? 0
                          : info.stx_btime.tv_sec * 1'000'000'000LL + info.stx_btime.tv_nsec;
    *ret_line = cx_printf(cx, "%u:%u %llu %lld\n", info.stx_dev_major, info.stx_dev_minor,
                          (unsigned long long)info.stx_ino, birth);
    return ERR_OK;
}

static Err text_of(Cx *cx, const char *folder, const char *path, Slice *ret_text)
{
    Slice machine = SLICE(""), itself, database;
    if (disk_read(cx, "/etc/machine-id", LIMIT_FIELD_BYTES, &machine) != ERR_OK)
        machine = SLICE("");
    TRY(line_of(cx, path, &itself));
    TRY(line_of(cx, disk_path(cx, folder, "fapiao.db"), &database));
    *ret_text = cx_printf(cx, "fapiao-here-1\n" SLICE_FMT "\n" SLICE_FMT SLICE_FMT,
                          SLICE_ARG(slice_trim(machine)), SLICE_ARG(itself), SLICE_ARG(database));
    return ERR_OK;
}

static const char *path_of(Cx *cx, const char *folder)
{
    return disk_path(cx, disk_path(cx, folder, "ledger"), "here");
}

bool watch_here_same(Cx *cx, const char *folder)
{
    const char *path = path_of(cx, folder);
    Slice kept, now;
    return disk_read(cx, path, LIMIT_FIELD_BYTES, &kept) == ERR_OK &&
           text_of(cx, folder, path, &now) == ERR_OK && slice_equal(kept, now);
}

// It holds its own inode, so it is written in place: half of it is no match, and no harm.
Err watch_here_keep(Cx *cx, const char *folder)
{
    if (watch_here_same(cx, folder)) return ERR_OK;
    Slice text;
    const char *ledger = disk_path(cx, folder, "ledger"), *path = path_of(cx, folder);
    TRY(disk_folder(cx, ledger));
    (void)unlink(path);
    AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return err_set(cx, ERR_STORE, "cannot make '%s': %s", path, strerror(errno));
    TRY(text_of(cx, folder, path, &text));
    TRY(disk_write_at(cx, fd, text, 0));
    if (fsync(fd) != 0)
        return err_set(cx, ERR_STORE, "cannot sync '%s': %s", path, strerror(errno));
    return disk_sync_folder(cx, ledger);
}
