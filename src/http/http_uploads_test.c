#include "http/http_uploads.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/test.h"
#include "http/http_fixture.h"

#define TUS "Tus-Resumable: 1.0.0\r\n"

static HttpReply patch(Cx *cx, const HttpSite *site, const char *path, size_t offset, Slice bytes)
{
    Slice headers = cx_printf(cx,
                              TUS "Content-Type: application/offset+octet-stream\r\n"
                                  "Upload-Offset: %zu\r\n",
                              offset);
    return http_fixture_ask(cx, site->port, cx_printf(cx, "PATCH %s", path).data, headers.data,
                            bytes);
}

static const char *begun(Cx *cx, const HttpSite *site, size_t length)
{
    // filename "发票.ofd"
    Slice headers = cx_printf(
        cx, TUS "Upload-Length: %zu\r\nUpload-Metadata: filename 5Y+R56WoLm9mZA==,x\r\n", length);
    HttpReply reply =
        http_fixture_ask(cx, site->port, "POST /api/v1/uploads", headers.data, SLICE(""));
    EXPECT(reply.status == 201);
    Slice location = http_fixture_header(&reply, SLICE("Location"));
    return cx_printf(cx, SLICE_FMT, SLICE_ARG(location)).data;
}

TEST("http_uploads: nine megabytes in chunks, over a restart, become one document")
{
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    HttpSite site = http_fixture_open(cx, folder);
    size_t size = 9 * LIMIT_MIB + 7;
    char *bytes = arena_alloc(&cx->arena, size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(i * 31 >> 5);
    const char *path = begun(cx, &site, size);
    HttpReply reply = patch(cx, &site, path, 0, (Slice){bytes, LIMIT_TUS_CHUNK_BYTES});
    EXPECT(reply.status == 204);
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Upload-Offset")), SLICE("4194304")));
    EXPECT(patch(cx, &site, path, 5, SLICE("x")).status == 409);
    EXPECT(patch(cx, &site, path, LIMIT_TUS_CHUNK_BYTES, (Slice){bytes, LIMIT_TUS_CHUNK_BYTES + 1})
               .status == 413);
    http_fixture_close(&site);
    site = http_fixture_open(cx, folder);
    reply = http_fixture_ask(cx, site.port, cx_printf(cx, "HEAD %s", path).data, TUS, SLICE(""));
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Upload-Offset")), SLICE("4194304")));
    EXPECT(http_fixture_header(&reply, SLICE("Fapiao-Reference")).size == 0);
    size_t at = LIMIT_TUS_CHUNK_BYTES;
    for (; at < size; at += LIMIT_TUS_CHUNK_BYTES)
        reply =
            patch(cx, &site, path, at, slice_sub((Slice){bytes, size}, at, LIMIT_TUS_CHUNK_BYTES));
    EXPECT(reply.status == 204);
    Slice reference = http_fixture_header(&reply, SLICE("Fapiao-Reference"));
    EXPECT(slice_starts(reference, SLICE("R-")));
    // Asked again, it answers the same.
    reply = http_fixture_ask(cx, site.port, cx_printf(cx, "HEAD %s", path).data, TUS, SLICE(""));
    EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Fapiao-Reference")), reference));
    Slice original =
        cx_printf(cx, "/api/v1/documents/" SLICE_FMT "/original", SLICE_ARG(reference));
    reply = http_fixture_get(cx, &site, original.data);
    EXPECT(reply.status == 200 && slice_equal(reply.body, (Slice){bytes, size}));
    Slice document = cx_printf(cx, "/api/v1/documents/" SLICE_FMT, SLICE_ARG(reference));
    reply = http_fixture_get(cx, &site, document.data);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "file_name"), SLICE("发票.ofd")));
    http_fixture_close(&site);
}

TEST("http_uploads: the protocol's refusals")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const char *path = begun(cx, &site, 4);
    static const struct {
        const char *line, *headers;
        int status;
    } cases[] = {
        {"POST /api/v1/uploads", "Upload-Length: 1\r\n", 412},
        {"POST /api/v1/uploads", TUS, 400},
        {"POST /api/v1/uploads", TUS "Upload-Length: 67108865\r\n", 413},
        {"POST /api/v1/uploads", TUS "Upload-Length: 0\r\n", 422},
        {"POST /api/v1/uploads", TUS "Upload-Length: 1\r\nUpload-Metadata: filename !!\r\n", 400},
        {"HEAD /api/v1/uploads/00000000000000000000000000000000", TUS, 404},
        {"DELETE /api/v1/uploads/..", TUS, 404},
        {"OPTIONS /api/v1/uploads", "", 204},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HttpReply reply =
            http_fixture_ask(cx, site.port, cases[i].line, cases[i].headers, SLICE(""));
        EXPECT(reply.status == cases[i].status);
        EXPECT(slice_equal(http_fixture_header(&reply, SLICE("Tus-Resumable")), SLICE("1.0.0")));
    }
    const char *line = cx_printf(cx, "PATCH %s", path).data;
    EXPECT(http_fixture_ask(cx, site.port, line, TUS "Upload-Offset: 0\r\n", SLICE("x")).status ==
           415);
    EXPECT(patch(cx, &site, path, 0, SLICE("12345")).status == 413);
    EXPECT(patch(cx, &site, path, 0, SLICE("12")).status == 204);
    line = cx_printf(cx, "DELETE %s", path).data;
    EXPECT(http_fixture_ask(cx, site.port, line, TUS, SLICE("")).status == 204);
    EXPECT(patch(cx, &site, path, 2, SLICE("34")).status == 404);
    http_fixture_close(&site);
}

TEST("http_uploads: while all places are taken the server is busy, not broken")
{
    HttpSite site = http_fixture_open(cx, NULL);
    for (size_t i = 0; i < LIMIT_UPLOADS; i++)
        (void)begun(cx, &site, 4);
    HttpReply reply = http_fixture_ask(cx, site.port, "POST /api/v1/uploads",
                                       TUS "Upload-Length: 4\r\n", SLICE(""));
    EXPECT(reply.status == 503 && slice_find(reply.body, SLICE("\"busy\"")) != SLICE_NONE);
    http_fixture_close(&site);
}

TEST("http_uploads: what is wrong with a request is said of that, in Chinese, too")
{
    HttpSite site = http_fixture_open(cx, cx_printf(cx, "%s/wrong", test_folder()).data);
    const char *path = cx_printf(cx, "PATCH %s", begun(cx, &site, 5)).data;
    const char *const begin = "POST /api/v1/uploads";
    const struct {
        const char *line, *headers, *body, *key, *zh;
    } cases[] = {
        {begin, "", "", "errors.0.zh", "缺少这一项"},
        {begin, "Upload-Length: -5\r\n", "", "errors.0.zh", "应当是数字"},
        {begin, "Upload-Length: 5\r\nUpload-Metadata: filename !!\r\n", "", "errors.0.zh",
         "不是 Base64"},
        {begin, "Upload-Length: 5\r\n", "abc", "detail", "文件内容请用 PATCH 发送"},
        {path, "Upload-Offset: -1\r\n", "abc", "errors.0.zh", "应当是数字"},
        {path, "Upload-Offset: 0\r\n", "abcdef", "detail",
         "发来的比事先说明的长度（Upload-Length）多"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice headers = cx_printf(cx, TUS "Content-Type: application/offset+octet-stream\r\n%s",
                                  cases[i].headers);
        HttpReply reply =
            http_fixture_ask(cx, site.port, cases[i].line, headers.data, slice_of(cases[i].body));
        EXPECT(reply.status >= 400 && reply.status < 500);
        EXPECT(slice_equal(http_fixture_json(cx, reply.body, cases[i].key), slice_of(cases[i].zh)));
    }
    http_fixture_close(&site);
}

TEST("http_uploads: a disk that is gone is told as such, and when it is back all goes on")
{
    HttpSite site = http_fixture_open(cx, cx_printf(cx, "%s/gone", test_folder()).data);
    const char *path = begun(cx, &site, 10);
    const char *away = cx_printf(cx, "%s.away", site.folder).data;
    EXPECT(patch(cx, &site, path, 0, SLICE("12345")).status == 204);
    EXPECT(rename(site.folder, away) == 0);
    HttpReply reply = http_fixture_ask(cx, site.port, "POST /api/v1/uploads",
                                       TUS "Upload-Length: 10\r\n", SLICE(""));
    EXPECT(rename(away, site.folder) == 0);
    EXPECT(reply.status == 503);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("disk_unwritable")));
    // Where it lies is nobody's business.
    EXPECT(slice_find(reply.body, slice_of(site.folder)) == SLICE_NONE);
    EXPECT(patch(cx, &site, path, 5, SLICE("67890")).status == 204);
    http_fixture_close(&site);
}
