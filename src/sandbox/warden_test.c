#include "sandbox/warden.h"

#include "base/cx.h"
#include "base/test.h"

TEST("warden: a program that is none, or not a reader, is an Err")
{
    Warden *warden = NULL;
    EXPECT_OK(warden_open(cx, "/nonexistent/reader", NULL, &warden));
    EXPECT(warden_start(cx, warden) == ERR_STORE);
    const int fds[JOB_FD_COUNT] = {0, 0, 0};
    JobHeader header = {.magic = JOB_MAGIC};
    uint64_t generation = 0;
    EXPECT(warden_send(cx, warden, &header, fds, &generation) == ERR_STORE);
    Slice line = {};
    EXPECT(warden_report(cx, warden, &line) == ERR_STORE);
    warden_close(warden);

    EXPECT_OK(warden_open(cx, "/bin/true", NULL, &warden));
    EXPECT(warden_start(cx, warden) == ERR_STORE);
    EXPECT(slice_find(err_text(cx), SLICE("'/bin/true'")) != SLICE_NONE);
    EXPECT(slice_find(err_text(cx), SLICE("没有回答 no answer")) != SLICE_NONE);
    EXPECT(warden_report(cx, warden, &line) == ERR_STORE);
    warden_close(warden);
    warden_close(NULL);
    WardenAsk ask;
    EXPECT(warden_ask_begin(cx, "/nonexistent/reader", &ask) == ERR_STORE);
    EXPECT_OK(warden_ask_begin(cx, "/bin/true", &ask));
    EXPECT(warden_ask_end(cx, &ask) == ERR_STORE);
}
