#include "store/syncer.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "store/disk.h"

TEST("syncer: says of each sync what came of it, once")
{
    AUTO_CLOSE int fd = open(disk_path(cx, test_folder(), "synced"), O_RDWR | O_CREAT, 0600);
    EXPECT(fd >= 0);
    Syncer syncer;
    syncer_init(&syncer);
    EXPECT(syncer_wait(&syncer) == 0 && !syncer.there);
    for (int i = 0; i < 20; i++) {
        EXPECT(write(fd, "x", 1) == 1 && syncer_ask(&syncer, fd));
        EXPECT(!syncer_ask(&syncer, fd)); // nobody has heard of the one before
        EXPECT(syncer_wait(&syncer) == 0);
    }
    EXPECT(syncer_ask(&syncer, -1) && syncer_wait(&syncer) == EBADF);
    EXPECT(syncer_wait(&syncer) == 0);
    EXPECT(syncer_ask(&syncer, fd));
    syncer_done(&syncer);
}

TEST("syncer: one that was never asked ends, too")
{
    Syncer syncer;
    syncer_init(&syncer);
    syncer_done(&syncer);
    EXPECT(!syncer.there);
}
