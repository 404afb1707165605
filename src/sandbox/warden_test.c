#include "sandbox/warden.h"

#include "base/cx.h"
#include "base/test.h"

TEST("warden: a program that is none, or not a reader, is an Err")
{
    Warden *warden = NULL;
    EXPECT_OK(warden_open(cx, "/nonexistent/reader", NULL, &warden));
    EXPECT(warden_start(cx, warden) == ERR_STORE);
    const int fds[JOB_FD_COUNT] = {0, 0, 0, -1};
    JobHeader header = {.magic = JOB_MAGIC};
    uint64_t generation = 0;
    EXPECT(warden_send(cx, warden, &header, fds, &generation) == ERR_STORE);
    Slice line = {};
    EXPECT(warden_report(cx, warden, &line) == ERR_STORE);
    warden_close(warden);

    EXPECT_OK(warden_open(cx, "/bin/true", NULL, &warden));
    EXPECT_OK(warden_start(cx, warden));
    EXPECT(warden_report(cx, warden, &line) == ERR_STORE);
    warden_close(warden);
    warden_close(NULL);
}
