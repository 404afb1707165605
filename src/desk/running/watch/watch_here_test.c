#include "desk/running/watch/watch_here.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"
#include "store/disk.h"

static const char *fresh(Cx *cx)
{
    const char *folder = test_folder();
    EXPECT_OK(disk_write_new(cx, disk_path(cx, folder, "fapiao.db"), SLICE("db")));
    return folder;
}

// As a backup tool does: the same names and bytes in new files.
static void copy_to(Cx *cx, const char *from, const char *to, const char *name)
{
    Slice bytes;
    EXPECT_OK(disk_read(cx, disk_path(cx, from, name), LIMIT_MIB, &bytes));
    (void)unlink(disk_path(cx, to, name));
    EXPECT_OK(disk_write_new(cx, disk_path(cx, to, name), bytes));
}

TEST("watch here: a folder knows itself again, also under another name")
{
    const char *folder = fresh(cx);
    EXPECT(!watch_here_same(cx, folder));
    EXPECT_OK(watch_here_keep(cx, folder));
    EXPECT(watch_here_same(cx, folder));
    EXPECT_OK(watch_here_keep(cx, folder));
    EXPECT(watch_here_same(cx, folder));
    const char *moved = cx_printf(cx, "%s.moved", folder).data;
    EXPECT(rename(folder, moved) == 0);
    EXPECT(watch_here_same(cx, moved) && !watch_here_same(cx, folder));
    EXPECT(rename(moved, folder) == 0);
}

TEST("watch here: a copy and a restored database are others, until they are kept")
{
    const char *folder = cx_printf(cx, "%s", fresh(cx)).data, *copy = test_folder();
    EXPECT_OK(watch_here_keep(cx, folder));
    EXPECT_OK(disk_folder(cx, disk_path(cx, copy, "ledger")));
    copy_to(cx, folder, copy, "fapiao.db");
    copy_to(cx, folder, copy, "ledger/here");
    EXPECT(!watch_here_same(cx, copy));
    EXPECT_OK(watch_here_keep(cx, copy));
    EXPECT(watch_here_same(cx, copy) && watch_here_same(cx, folder));
    copy_to(cx, copy, folder, "fapiao.db"); // the database alone
    EXPECT(!watch_here_same(cx, folder));
    EXPECT_OK(disk_replace(cx, disk_path(cx, folder, "ledger/here"), SLICE("")));
    EXPECT(!watch_here_same(cx, folder));
}
