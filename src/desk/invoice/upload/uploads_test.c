#include "desk/invoice/upload/uploads.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/test.h"
#include "flow/flow_fixture.h"

static Uploads *opened(Cx *cx, Flow *flow, const char *folder)
{
    Uploads *uploads = NULL;
    EXPECT_OK(uploads_open(cx, flow_store(flow), folder, &uploads));
    return uploads;
}

TEST("uploads: chunks in their order, over a restart, sealed on the disk")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    Uploads *uploads = opened(cx, flow, folder);
    UploadsState wanted = {.length = 11, .file_name = SLICE("a.pdf"), .idempotency = SLICE("k")};
    UploadsState state;
    Slice id, bytes;
    EXPECT_OK(uploads_create(cx, uploads, &wanted, &id));
    EXPECT_OK(uploads_append(cx, uploads, id, 0, SLICE("hello "), &state));
    EXPECT(state.offset == 6);
    EXPECT(uploads_append(cx, uploads, id, 5, SLICE("x"), &state) == ERR_CONFLICT);
    EXPECT(uploads_append(cx, uploads, id, 6, SLICE("world!"), &state) == ERR_LIMIT);
    uploads_close(uploads);
    // A crash in the middle of a piece: what was not acknowledged is not there.
    const char *path = cx_printf(cx, "%s/uploads/" SLICE_FMT, folder, SLICE_ARG(id)).data;
    struct stat info;
    char on_disk[512];
    {
        AUTO_CLOSE int fd = open(path, O_RDWR | O_APPEND);
        EXPECT(fstat(fd, &info) == 0 && (info.st_mode & 0777) == 0600);
        ssize_t size = pread(fd, on_disk, sizeof on_disk, 0);
        EXPECT(slice_find((Slice){on_disk, (size_t)size}, SLICE("hello")) == SLICE_NONE);
        EXPECT(slice_find((Slice){on_disk, (size_t)size}, SLICE("a.pdf")) == SLICE_NONE);
        EXPECT(write(fd, "\x30\0\0\0half", 8) == 8);
    }
    uploads = opened(cx, flow, folder);
    EXPECT_OK(uploads_find(cx, uploads, id, &state));
    EXPECT(state.offset == 6 && state.length == 11);
    EXPECT(slice_equal(state.file_name, SLICE("a.pdf")));
    EXPECT(slice_equal(state.idempotency, SLICE("k")));
    EXPECT_OK(uploads_append(cx, uploads, id, 6, SLICE("world"), &state));
    EXPECT_OK(uploads_bytes(cx, uploads, id, &bytes));
    EXPECT(slice_equal(bytes, SLICE("hello world")));
    EXPECT_OK(uploads_finish(cx, uploads, id, SLICE("R-2026-000001")));
    EXPECT_OK(uploads_find(cx, uploads, id, &state));
    EXPECT(state.offset == 11 && slice_equal(state.reference, SLICE("R-2026-000001")));
    EXPECT_OK(uploads_remove(cx, uploads, id));
    EXPECT(uploads_find(cx, uploads, id, &state) == ERR_MISSING);
    uploads_close(uploads);
    flow_close(flow);
}

TEST("uploads: a changed byte is noticed")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    Uploads *uploads = opened(cx, flow, folder);
    UploadsState wanted = {.length = 4}, state;
    Slice id, bytes;
    EXPECT_OK(uploads_create(cx, uploads, &wanted, &id));
    EXPECT_OK(uploads_append(cx, uploads, id, 0, SLICE("four"), &state));
    const char *path = cx_printf(cx, "%s/uploads/" SLICE_FMT, folder, SLICE_ARG(id)).data;
    {
        AUTO_CLOSE int fd = open(path, O_RDWR);
        struct stat info;
        EXPECT(fstat(fd, &info) == 0 && pwrite(fd, "\xAA", 1, info.st_size - 3) == 1);
    }
    EXPECT(uploads_bytes(cx, uploads, id, &bytes) == ERR_CORRUPT);
    uploads_close(uploads);
    flow_close(flow);
}

TEST("uploads: an id is 32 hexadecimal digits and never a path; sizes have limits; old ones go")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    Uploads *uploads = opened(cx, flow, folder);
    UploadsState state, wanted = {.length = 1};
    EXPECT(uploads_find(cx, uploads, SLICE("../../fapiao.db"), &state) == ERR_MISSING);
    EXPECT(uploads_find(cx, uploads, SLICE("0123456789abcdef0123456789ABCDEF"), &state) ==
           ERR_MISSING);
    Slice id;
    UploadsState large = {.length = LIMIT_DOCUMENT_BYTES + 1};
    EXPECT(uploads_create(cx, uploads, &large, &id) == ERR_LIMIT);
    EXPECT(uploads_create(cx, uploads, &(UploadsState){}, &id) == ERR_INPUT);
    EXPECT_OK(uploads_create(cx, uploads, &wanted, &id));
    const char *path = cx_printf(cx, "%s/uploads/" SLICE_FMT, folder, SLICE_ARG(id)).data;
    const struct timespec old[2] = {{.tv_sec = 1'000'000}, {.tv_sec = 1'000'000}};
    EXPECT(utimensat(AT_FDCWD, path, old, 0) == 0);
    uploads_expire(cx, uploads);
    EXPECT(uploads_find(cx, uploads, id, &state) == ERR_MISSING);
    uploads_close(uploads);
    flow_close(flow);
}
