#include "cli/cli_key.h"

#include <sys/stat.h>

#include "base/test.h"
#include "desk/running/watch/watch_here.h"
#include "flow/flow_fixture.h"
#include "http/http_fixture.h"
#include "store/disk.h"

static int call(const char *verb, const char *folder)
{
    char *argv[] = {"key", (char *)(uintptr_t)verb, "--data", (char *)(uintptr_t)folder, NULL};
    return cli_key(4, argv);
}

static Slice bytes_of(Cx *cx, const char *path)
{
    Slice bytes;
    EXPECT_OK(disk_read(cx, path, (size_t)64 << 20, &bytes));
    return bytes;
}

TEST("cli_key: the key file changes beside a running server, which goes on; its pages don't")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const char *key = cx_printf(cx, "%s.key", site.folder).data;
    Slice before = bytes_of(cx, key);
    EXPECT(call("rotate", site.folder) == 0);
    EXPECT(!slice_equal(before, bytes_of(cx, key)));
    Slice kept = flow_fixture_keep(cx, site.flow, "after the change");
    EXPECT(kept.size > 0);
    EXPECT(call("rotate-pages", site.folder) == 1); // the server has the folder
    const char *folder = cx_printf(cx, "%s", site.folder).data;
    http_fixture_close(&site);

    Slice database = bytes_of(cx, disk_path(cx, folder, "fapiao.db"));
    bool same = watch_here_same(cx, folder);
    EXPECT(call("rotate-pages", folder) == 0);
    EXPECT(!slice_equal(database, bytes_of(cx, disk_path(cx, folder, "fapiao.db"))));
    EXPECT(watch_here_same(cx, folder) == same);
    const FlowOptions options = {.store = {.folder = folder}};
    Flow *flow = NULL;
    EXPECT_OK(flow_open(cx, &options, &flow));
    flow_close(flow);
}

TEST("cli_key: no folder is a failure, no or another verb is wrong usage")
{
    EXPECT(call("rotate", "/nonexistent/folder") == 1);
    EXPECT(call("rotate-pages", "/nonexistent/folder") == 1);
    EXPECT(call("turn", "/nonexistent/folder") == 2);
    char *bare[] = {"key", "rotate", NULL};
    EXPECT(cli_key(2, bare) == 2);
}
