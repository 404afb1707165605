#include "desk/invoice/upload/uploads.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/test.h"
#include "flow/flow_fixture.h"

#define OURS SLICE("local")

// The one file that there is.
static const char *path_in(Cx *cx, const char *folder)
{
    const char *path = "";
    AUTO_CLOSEDIR DIR *dir = opendir(cx_printf(cx, "%s/uploads", folder).data);
    for (const struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            path = cx_printf(cx, "%s/uploads/%s", folder, entry->d_name).data;
    return path;
}

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
    EXPECT_OK(uploads_create(cx, uploads, OURS, &wanted, &id));
    EXPECT_OK(uploads_append(cx, uploads, OURS, id, 0, SLICE("hello "), &state));
    EXPECT(state.offset == 6);
    EXPECT(uploads_append(cx, uploads, OURS, id, 5, SLICE("x"), &state) == ERR_CONFLICT);
    EXPECT(uploads_append(cx, uploads, OURS, id, 6, SLICE("world!"), &state) == ERR_LIMIT);
    uploads_close(uploads);
    // A crash in the middle of a piece: what was not acknowledged is not there.
    const char *path = path_in(cx, folder);
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
    EXPECT_OK(uploads_find(cx, uploads, OURS, id, &state));
    EXPECT(state.offset == 6 && state.length == 11);
    EXPECT(slice_equal(state.file_name, SLICE("a.pdf")));
    EXPECT(slice_equal(state.idempotency, SLICE("k")));
    EXPECT_OK(uploads_append(cx, uploads, OURS, id, 6, SLICE("world"), &state));
    EXPECT_OK(uploads_bytes(cx, uploads, OURS, id, &bytes));
    EXPECT(slice_equal(bytes, SLICE("hello world")));
    EXPECT_OK(uploads_finish(cx, uploads, OURS, id, SLICE("R-2026-000001")));
    EXPECT_OK(uploads_find(cx, uploads, OURS, id, &state));
    EXPECT(state.offset == 11 && slice_equal(state.reference, SLICE("R-2026-000001")));
    EXPECT_OK(uploads_remove(cx, uploads, OURS, id));
    EXPECT(uploads_find(cx, uploads, OURS, id, &state) == ERR_MISSING);
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
    EXPECT_OK(uploads_create(cx, uploads, OURS, &wanted, &id));
    EXPECT_OK(uploads_append(cx, uploads, OURS, id, 0, SLICE("four"), &state));
    const char *path = path_in(cx, folder);
    {
        AUTO_CLOSE int fd = open(path, O_RDWR);
        struct stat info;
        EXPECT(fstat(fd, &info) == 0 && pwrite(fd, "\xAA", 1, info.st_size - 3) == 1);
    }
    EXPECT(uploads_bytes(cx, uploads, OURS, id, &bytes) == ERR_CORRUPT);
    uploads_close(uploads);
    flow_close(flow);
}

TEST("uploads: for another organisation there is no such upload, nor a file that bears its id")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    Uploads *uploads = opened(cx, flow, folder);
    UploadsState wanted = {.length = 4}, state;
    Slice id, bytes, theirs = SLICE("east");
    EXPECT_OK(uploads_create(cx, uploads, OURS, &wanted, &id));
    EXPECT(slice_find(slice_of(path_in(cx, folder)), id) == SLICE_NONE);
    EXPECT(uploads_find(cx, uploads, theirs, id, &state) == ERR_MISSING);
    EXPECT(uploads_append(cx, uploads, theirs, id, 0, SLICE("four"), &state) == ERR_MISSING);
    EXPECT(uploads_bytes(cx, uploads, theirs, id, &bytes) == ERR_MISSING);
    EXPECT(uploads_finish(cx, uploads, theirs, id, SLICE("R-2026-000001")) == ERR_MISSING);
    EXPECT(uploads_remove(cx, uploads, theirs, id) == ERR_MISSING);
    EXPECT_OK(uploads_append(cx, uploads, OURS, id, 0, SLICE("four"), &state));
    EXPECT_OK(uploads_finish(cx, uploads, OURS, id, SLICE("R-2026-000001")));
    EXPECT(uploads_find(cx, uploads, theirs, id, &state) == ERR_MISSING);
    EXPECT_OK(uploads_find(cx, uploads, OURS, id, &state));
    uploads_close(uploads);
    flow_close(flow);
}

TEST("uploads: an id is 32 hexadecimal digits and never a path; sizes have limits; old ones go")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    Uploads *uploads = opened(cx, flow, folder);
    UploadsState state, wanted = {.length = 1};
    EXPECT(uploads_find(cx, uploads, OURS, SLICE("../../fapiao.db"), &state) == ERR_MISSING);
    EXPECT(uploads_find(cx, uploads, OURS, SLICE("0123456789abcdef0123456789ABCDEF"), &state) ==
           ERR_MISSING);
    Slice id;
    UploadsState large = {.length = LIMIT_DOCUMENT_BYTES + 1};
    EXPECT(uploads_create(cx, uploads, OURS, &large, &id) == ERR_LIMIT);
    EXPECT(uploads_create(cx, uploads, OURS, &(UploadsState){}, &id) == ERR_INPUT);
    EXPECT_OK(uploads_create(cx, uploads, OURS, &wanted, &id));
    const char *path = path_in(cx, folder);
    const struct timespec old[2] = {{.tv_sec = 1'000'000}, {.tv_sec = 1'000'000}};
    EXPECT(utimensat(AT_FDCWD, path, old, 0) == 0);
    uploads_expire(cx, uploads);
    EXPECT(uploads_find(cx, uploads, OURS, id, &state) == ERR_MISSING);
    uploads_close(uploads);
    flow_close(flow);
}

TEST("uploads: when all places are taken, what has not grown for an hour makes way")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    Flow *flow = flow_fixture_open(cx, folder);
    Uploads *uploads = opened(cx, flow, folder);
    const UploadsState wanted = {.length = 1};
    UploadsState state;
    Slice idle, id;
    const time_t now = (time_t)(cx_now_ms(cx) / 1000), hour = (time_t)(UPLOADS_IDLE_MS / 1000);
    EXPECT_OK(uploads_create(cx, uploads, OURS, &wanted, &idle));
    const char *path = path_in(cx, folder);
    for (size_t i = 1; i < LIMIT_UPLOADS; i++)
        EXPECT_OK(uploads_create(cx, uploads, OURS, &wanted, &id));
    const struct timespec busy[2] = {{.tv_sec = now - hour + 60}, {.tv_sec = now - hour + 60}};
    EXPECT(utimensat(AT_FDCWD, path, busy, 0) == 0);
    EXPECT(uploads_create(cx, uploads, OURS, &wanted, &id) == ERR_CONFLICT);
    EXPECT_OK(uploads_find(cx, uploads, OURS, idle, &state));
    const struct timespec old[2] = {{.tv_sec = now - hour - 60}, {.tv_sec = now - hour - 60}};
    EXPECT(utimensat(AT_FDCWD, path, old, 0) == 0);
    EXPECT_OK(uploads_create(cx, uploads, OURS, &wanted, &id));
    EXPECT(uploads_find(cx, uploads, OURS, idle, &state) == ERR_MISSING);
    EXPECT(uploads_create(cx, uploads, OURS, &wanted, &id) == ERR_CONFLICT);
    uploads_close(uploads);
    flow_close(flow);
}
