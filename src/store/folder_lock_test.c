#include "store/folder_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

TEST("folder_lock: one at a time, who has it is named, and it goes with its holder")
{
    const char *folder = test_folder(); // a fresh one each time
    int fd = -1, second = -1;
    EXPECT_OK(folder_lock_possible(cx, folder));
    EXPECT(folder_lock_possible(cx, "/nowhere/at/all") == ERR_STORE);
    EXPECT_OK(folder_lock_take(cx, folder, &fd));
    EXPECT(folder_lock_take(cx, folder, &second) == ERR_CONFLICT && second == -1);
    const Slice pid = cx_printf(cx, "(%d)", (int)getpid());
    EXPECT(slice_find(slice_of(cx->err_text), pid) != SLICE_NONE);
    (void)close(fd);
    EXPECT_OK(folder_lock_take(cx, folder, &fd));
    (void)close(fd);
}
