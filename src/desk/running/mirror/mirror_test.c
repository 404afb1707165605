#include "desk/running/mirror/mirror.h"

#include "base/base64.h"
#include "base/test.h"
#include "net/fetch_fixture.h"
#include "store/disk.h"

// A primary that says what the test wants; what a real one and its mirror do together is tested
// where the door is (http/nodes_test.c).
typedef struct Said {
    Cx cx;
    int status;
    Slice body;
} Said;

static Slice say(void *self, Slice request)
{
    Said *said = self;
    (void)request;
    return fetch_fixture_reply(&said->cx, said->status, "", said->body);
}

static Slice hello_of(Cx *cx, Slice keys)
{
    static const char vkeys[] =
        "vkey log.fapiao.example/t/demo+081946d2+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n"
        "vkey log.fapiao.example/t/demo+081946d2+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n";
    return cx_printf(cx, "fapiao-node-1\norigin log.example/one\n%skeys " SLICE_FMT "\n", vkeys,
                     SLICE_ARG(base64_encode(cx, keys)));
}

TEST("mirror: a fresh folder takes the wrapped keys, one that has others is left alone")
{
    Said said = {.status = 200, .body = hello_of(cx, SLICE("some keys"))};
    cx_init(&said.cx, world_real(), cx->arena.limit);
    FetchFixture *primary = fetch_fixture_open(say, &said, NULL);
    const MirrorPrimary asked = {.url = fetch_fixture_url(cx, primary, ""), .token = SLICE("t")};
    const char *folder = cx_printf(cx, "%s/fresh", test_folder()).data;
    Slice origin, keys;
    EXPECT_OK(mirror_prepare(cx, folder, &asked, &origin));
    EXPECT(slice_equal(origin, SLICE("log.example/one")));
    EXPECT_OK(disk_read(cx, disk_path(cx, folder, "keys"), 100, &keys));
    EXPECT(slice_equal(keys, SLICE("some keys")));
    EXPECT_OK(mirror_prepare(cx, folder, &asked, &origin));
    said.body = hello_of(cx, SLICE("other keys"));
    EXPECT(mirror_prepare(cx, folder, &asked, &origin) == ERR_CONFLICT);
    EXPECT(slice_find(fetch_fixture_heard(cx, primary), SLICE("Authorization: Bearer t\r\n")) !=
           SLICE_NONE);
    fetch_fixture_close(primary);
    cx_done(&said.cx);
}

TEST("mirror: a folder that took in a checkpoint goes on without its primary, a new one does not")
{
    Said said = {.status = 200, .body = hello_of(cx, SLICE("some keys"))};
    cx_init(&said.cx, world_real(), cx->arena.limit);
    FetchFixture *primary = fetch_fixture_open(say, &said, NULL);
    const MirrorPrimary asked = {.url = fetch_fixture_url(cx, primary, ""), .token = SLICE("t")};
    const char *folder = cx_printf(cx, "%s/alone", test_folder()).data;
    const char *ledger = disk_path(cx, folder, "ledger");
    Slice origin;
    EXPECT_OK(mirror_prepare(cx, folder, &asked, &origin));
    fetch_fixture_close(primary);
    EXPECT(mirror_prepare(cx, folder, &asked, &origin) == ERR_STORE);
    EXPECT_OK(disk_folder(cx, ledger));
    EXPECT_OK(disk_write_new(cx, disk_path(cx, ledger, "checkpoint"), SLICE("one")));
    EXPECT_OK(mirror_prepare(cx, folder, &asked, &origin));
    EXPECT(slice_empty(origin));
    cx_done(&said.cx);
}

TEST("mirror: what is no greeting changes nothing")
{
    static const struct {
        int status;
        const char *body;
        Err err;
    } cases[] = {{401, "no\n", ERR_DENIED},
                 {500, "no\n", ERR_STORE},
                 {200, "", ERR_INPUT},
                 {200, "fapiao-node-1\norigin \n", ERR_INPUT},
                 {200, "fapiao-node-2\norigin a\n", ERR_INPUT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Said said = {.status = cases[i].status, .body = slice_of(cases[i].body)};
        cx_init(&said.cx, world_real(), cx->arena.limit);
        FetchFixture *primary = fetch_fixture_open(say, &said, NULL);
        const MirrorPrimary asked = {.url = fetch_fixture_url(cx, primary, "")};
        const char *folder = cx_printf(cx, "%s/none%zu", test_folder(), i).data;
        Slice origin;
        EXPECT(mirror_prepare(cx, folder, &asked, &origin) == cases[i].err);
        fetch_fixture_close(primary);
        EXPECT(mirror_prepare(cx, folder, &asked, &origin) == ERR_STORE); // nobody there
        cx_done(&said.cx);
    }
}
