#include "desk/running/mirror/mirror.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/test.h"
#include "flow/flow_fixture.h"
#include "net/fetch_fixture.h"
#include "store/disk.h"

// A primary that says what the test wants; what a real one and its mirror do together is tested
// where the door is (http/nodes_test.c).

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
    FetchFixtureSaid said = {.status = 200, .body = hello_of(cx, SLICE("some keys"))};
    cx_init(&said.cx, world_real(), cx->arena.limit);
    FetchFixture *primary = fetch_fixture_open(fetch_fixture_say, &said, NULL);
    const Primary asked = {.url = fetch_fixture_url(cx, primary, ""), .token = SLICE("t")};
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
    FetchFixtureSaid said = {.status = 200, .body = hello_of(cx, SLICE("some keys"))};
    cx_init(&said.cx, world_real(), cx->arena.limit);
    FetchFixture *primary = fetch_fixture_open(fetch_fixture_say, &said, NULL);
    const Primary asked = {.url = fetch_fixture_url(cx, primary, ""), .token = SLICE("t")};
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
        FetchFixtureSaid said = {.status = cases[i].status, .body = slice_of(cases[i].body)};
        cx_init(&said.cx, world_real(), cx->arena.limit);
        FetchFixture *primary = fetch_fixture_open(fetch_fixture_say, &said, NULL);
        const Primary asked = {.url = fetch_fixture_url(cx, primary, "")};
        const char *folder = cx_printf(cx, "%s/none%zu", test_folder(), i).data;
        Slice origin;
        EXPECT(mirror_prepare(cx, folder, &asked, &origin) == cases[i].err);
        fetch_fixture_close(primary);
        EXPECT(mirror_prepare(cx, folder, &asked, &origin) == ERR_STORE); // nobody there
        cx_done(&said.cx);
    }
}

// A primary that greets and then answers each question for a checkpoint at once.
typedef struct Hasty {
    Cx cx;
    Slice hello, checkpoint; // "" = nothing new
    atomic_int asked;
} Hasty;

static Slice say_at_once(void *self, Slice request)
{
    Hasty *hasty = self;
    if (slice_starts(request, SLICE("GET /node/v1/hello ")))
        return fetch_fixture_reply(&hasty->cx, 200, "", hasty->hello);
    if (slice_starts(request, SLICE("GET /node/v1/side?"))) // nothing beside the events either
        return fetch_fixture_reply(&hasty->cx, 200, "", SLICE("fapiao-side-2\n"));
    if (!slice_starts(request, SLICE("GET /node/v1/checkpoint?")))
        return fetch_fixture_reply(&hasty->cx, 204, "", SLICE(""));
    atomic_fetch_add(&hasty->asked, 1);
    return fetch_fixture_reply(&hasty->cx, slice_empty(hasty->checkpoint) ? 204 : 200, "",
                               hasty->checkpoint);
}

static const char *hasty_open(Cx *cx, Hasty *hasty, const char *name)
{
    const char *folder = cx_printf(cx, "%s/%s", test_folder(), name).data;
    const char *copy = cx_printf(cx, "%s.copy", folder).data;
    Flow *flow = flow_fixture_open(cx, folder);
    cx_init(&hasty->cx, world_real(), cx->arena.limit);
    EXPECT_OK(node_hello_print(&hasty->cx, flow_store(flow), flow_log(flow), &hasty->hello));
    flow_close(flow);
    EXPECT(system(cx_printf(cx, "cp %s.key %s.key", folder, copy).data) == 0);
    return copy;
}

TEST("mirror: a primary that has nothing new, and says so at once, is not asked again at once")
{
    Hasty hasty = {.checkpoint = SLICE("")};
    const char *folder = hasty_open(cx, &hasty, "hasty");
    FetchFixture *primary = fetch_fixture_open(say_at_once, &hasty, NULL);
    MirrorOptions options = {
        .primary = {.url = fetch_fixture_url(cx, primary, ""), .token = SLICE("t")},
        .name = SLICE("east"),
        .pause_ms = 600'000};
    Slice origin;
    EXPECT_OK(mirror_prepare(cx, folder, &options.primary, &origin));
    const FlowOptions follow = {.store = {.folder = folder, .create = true, .write = true},
                                .no_reading = true,
                                .follow = true,
                                .origin = origin};
    EXPECT_OK(flow_open(cx, &follow, &options.flow));
    Mirror *mirror = NULL;
    EXPECT_OK(mirror_open(cx, &options, &mirror));
    for (int i = 0; i < 1500 && mirror_brief(mirror).ok_ms == 0; i++)
        (void)usleep(20'000);
    EXPECT(mirror_brief(mirror).error[0] == '\0');
    (void)usleep(200'000); // in which it would be asked a hundred times
    EXPECT(mirror_brief(mirror).ok_ms > 0);
    EXPECT(atomic_load(&hasty.asked) == 1);
    mirror_stop(mirror);
    mirror_close(mirror);
    flow_close(options.flow);
    fetch_fixture_close(primary);
    cx_done(&hasty.cx);
}
