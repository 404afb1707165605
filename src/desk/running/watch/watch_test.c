#include "desk/running/watch/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"
#include "desk/running/watch/watch_fixture.h"
#include "flow/flow_fixture.h"
#include "store/disk.h"

#define WITNESSES 3
#define SETTLE_MS 20'000

// A folder with its log, three witnesses of it, and all that watches.
typedef struct Scene {
    Flow *flow;
    Watch *watch;
    WatchFixture witnesses[WITNESSES];
    int number; // of the next invoice
    bool without;
} Scene;

static void open_scene(Cx *cx, Scene *scene, const char *folder)
{
    const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                 .workers = 1,
                                 .read = flow_fixture_read,
                                 .opening = watch_opening,
                                 .opening_self = &scene->without};
    EXPECT_OK(flow_open(cx, &options, &scene->flow));
    const WatchOptions watch = {.flow = scene->flow,
                                .try_ms = 5000,
                                .idle_ms = 3'600'000,
                                .pause_ms = 20,
                                .without = scene->without};
    EXPECT_OK(watch_open(cx, &watch, &scene->watch));
}

static void close_scene(Scene *scene)
{
    watch_stop(scene->watch);
    flow_close(scene->flow);
    watch_close(scene->watch);
    scene->watch = NULL;
    scene->flow = NULL;
}

static void keep(Cx *cx, Scene *scene)
{
    (void)flow_fixture_keep(
        cx, scene->flow,
        cx_printf(cx, "fapiao\nnumber 241120000000485%05d\n", scene->number++).data);
}

// Three witnesses in folders of their own, put on the list.
// Witnesses that are there, and that nobody has listed yet.
static void open_witnesses(Cx *cx, Scene *scene)
{
    Slice vkeys[LOG_KEYS];
    for (size_t i = 0; i < LOG_KEYS; i++)
        EXPECT_OK(note_key_vkey(cx, &log_keys(flow_log(scene->flow))[i], &vkeys[i]));
    for (int i = 0; i < WITNESSES; i++) {
        Slice name = cx_printf(cx, "w.example/%d", i);
        watch_fixture_open(cx, &scene->witnesses[i], test_folder(), name, vkeys, LOG_KEYS);
    }
}

static void add_witnesses(Cx *cx, Scene *scene)
{
    open_witnesses(cx, scene);
    for (int i = 0; i < WITNESSES; i++)
        EXPECT_OK(watch_list_add(cx, flow_committer(scene->flow), scene->witnesses[i].vkey,
                                 scene->witnesses[i].url, NULL));
    watch_reload(scene->watch);
}

static void close_witnesses(Scene *scene)
{
    for (int i = 0; i < WITNESSES; i++)
        watch_fixture_close(&scene->witnesses[i]);
}

// A folder with three witnesses that have cosigned its two first invoices.
static const char *begin(Cx *cx, Scene *scene)
{
    const char *folder = cx_printf(cx, "%s/d", test_folder()).data;
    *scene = (Scene){};
    open_scene(cx, scene, folder);
    EXPECT(watch_brief(scene->watch).witnesses == 0);
    add_witnesses(cx, scene);
    keep(cx, scene);
    keep(cx, scene);
    watch_settle(scene->watch, SETTLE_MS);
    EXPECT(watch_brief(scene->watch).cosigned == WITNESSES);
    return folder;
}

// The whole folder and its key, as a backup tool copies them. Only while it is closed.
static void copy_folder(Cx *cx, const char *from, const char *to)
{
    static const char *const names[] = {"fapiao.db", "keys", "ledger/hashes", "ledger/checkpoint",
                                        "ledger/here"};
    Slice bytes;
    EXPECT_OK(disk_folder(cx, to));
    EXPECT_OK(disk_folder(cx, disk_path(cx, to, "ledger")));
    EXPECT_OK(disk_folder(cx, disk_path(cx, to, "segments")));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        EXPECT_OK(disk_read(cx, disk_path(cx, from, names[i]), 64 * LIMIT_MIB, &bytes));
        EXPECT_OK(disk_replace(cx, disk_path(cx, to, names[i]), bytes));
    }
    EXPECT_OK(disk_read(cx, cx_printf(cx, "%s.key", from).data, 1000, &bytes));
    EXPECT_OK(disk_replace(cx, cx_printf(cx, "%s.key", to).data, bytes));
}

static bool halts(Cx *cx, Scene *scene, const char *why)
{
    Slice text = commit_halted(cx, flow_committer(scene->flow));
    if (why == NULL) return text.size == 0;
    return slice_find(text, slice_of(why)) != SLICE_NONE;
}

// What three answers lead to comes a moment after the last of them.
static bool comes_to(Cx *cx, Scene *scene, const char *why)
{
    for (int i = 0; i < 2000 && !halts(cx, scene, why); i++)
        (void)usleep(5000);
    return halts(cx, scene, why);
}

static size_t cosignatures(Cx *cx, Scene *scene, LogHead *head)
{
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(scene->flow), &db));
    Err err = log_head(cx, flow_log(scene->flow), db, head);
    store_give(flow_store(scene->flow), db);
    EXPECT_OK(err);
    return head->witnesses;
}

TEST("watch: every checkpoint is cosigned by those who are there, and one that is away harms none")
{
    Scene scene;
    LogHead head;
    (void)begin(cx, &scene);
    WatchBrief brief = watch_brief(scene.watch);
    EXPECT(brief.witnesses == 3 && brief.need == 2 && !brief.waiting && !brief.alarm);
    EXPECT(cosignatures(cx, &scene, &head) == 3 && head.size == 7);
    // One hangs up, one cannot be reached at all: the third one goes on.
    scene.witnesses[0].mood = WATCH_MOOD_AWAY;
    keep(cx, &scene);
    watch_settle(scene.watch, SETTLE_MS);
    brief = watch_brief(scene.watch);
    EXPECT(brief.cosigned == 2 && !brief.alarm && halts(cx, &scene, NULL));
    EXPECT(cosignatures(cx, &scene, &head) == 2 && head.size == 9);
    Db *db = NULL;
    WatchRow *rows = NULL;
    size_t count = 0;
    EXPECT_OK(store_take(cx, flow_store(scene.flow), &db));
    EXPECT_OK(watch_list(cx, db, &rows, &count));
    store_give(flow_store(scene.flow), db);
    EXPECT(count == 3 && rows[0].size == 7 && rows[0].error.size > 0);
    EXPECT(rows[1].size == 9 && rows[1].error.size == 0 && rows[1].ok_ms > 0);
    // It comes back and catches up, though nothing new was signed.
    scene.witnesses[0].mood = WATCH_MOOD_HONEST;
    for (int i = 0; i < 2000 && watch_brief(scene.watch).cosigned < 3; i++)
        (void)usleep(5000);
    EXPECT(cosignatures(cx, &scene, &head) == 3 && head.size == 9);
    close_scene(&scene);
    close_witnesses(&scene);
}

TEST("watch: one that is taken off the list is asked no more, and a lie is no alarm")
{
    Scene scene;
    (void)begin(cx, &scene);
    EXPECT_OK(watch_list_remove(cx, flow_committer(scene.flow), SLICE("w.example/2"), NULL));
    watch_reload(scene.watch);
    scene.witnesses[0].mood = WATCH_MOOD_CLAIMS;
    scene.witnesses[1].mood = WATCH_MOOD_REFUSES;
    int before = scene.witnesses[2].posts;
    keep(cx, &scene);
    watch_settle(scene.watch, SETTLE_MS);
    WatchBrief brief = watch_brief(scene.watch);
    EXPECT(brief.witnesses == 2 && brief.need == 2 && brief.cosigned == 0);
    EXPECT(scene.witnesses[2].posts == before && halts(cx, &scene, NULL));
    close_scene(&scene);
    close_witnesses(&scene);
}

TEST("watch: an old copy of the folder is never written in, and the right one goes on")
{
    Scene scene;
    const char *folder = begin(cx, &scene);
    const char *backup = cx_printf(cx, "%s.backup", folder).data;
    close_scene(&scene);
    copy_folder(cx, folder, backup);
    open_scene(cx, &scene, folder); // the same folder starts at once
    EXPECT(halts(cx, &scene, NULL));
    keep(cx, &scene);
    watch_settle(scene.watch, SETTLE_MS);
    EXPECT(watch_brief(scene.watch).cosigned == 3);
    close_scene(&scene);

    open_scene(cx, &scene, backup);
    EXPECT(comes_to(cx, &scene, "账本倒退"));
    EXPECT(halts(cx, &scene, "has gone back") && watch_brief(scene.watch).alarm);
    Arrival arrival = {.tenant = SLICE("local"),
                       .actor = SLICE("local"),
                       .source = SLICE("cli"),
                       .bytes = SLICE("fapiao\nnumber 24112000000048500099\n")};
    EXPECT(flow_receive(cx, scene.flow, &arrival, NULL, NULL, NULL) == ERR_DENIED);
    close_scene(&scene);
    // After a restart, with everyone away, it still knows.
    for (int i = 0; i < WITNESSES; i++)
        scene.witnesses[i].mood = WATCH_MOOD_AWAY;
    open_scene(cx, &scene, backup);
    EXPECT(halts(cx, &scene, "账本倒退"));
    watch_settle(scene.watch, SETTLE_MS);
    EXPECT(halts(cx, &scene, "账本倒退"));
    close_scene(&scene);
    for (int i = 0; i < WITNESSES; i++)
        scene.witnesses[i].mood = WATCH_MOOD_HONEST;
    // Put back by hand, without witnesses: a decision that is kept.
    scene.without = true;
    open_scene(cx, &scene, backup);
    EXPECT(halts(cx, &scene, NULL) && watch_brief(scene.watch).without);
    close_scene(&scene);
    scene.without = false;
    // The right one, moved back from elsewhere.
    const char *right = cx_printf(cx, "%s.right", folder).data;
    copy_folder(cx, folder, right);
    open_scene(cx, &scene, right);
    EXPECT(comes_to(cx, &scene, NULL) && !watch_brief(scene.watch).waiting);
    keep(cx, &scene);
    close_scene(&scene);
    open_scene(cx, &scene, right);
    EXPECT(halts(cx, &scene, NULL));
    close_scene(&scene);
    close_witnesses(&scene);
}

TEST("watch: a restored folder waits for as many witnesses as are needed")
{
    Scene scene;
    const char *folder = begin(cx, &scene);
    const char *copy = cx_printf(cx, "%s.copy", folder).data;
    close_scene(&scene);
    copy_folder(cx, folder, copy);
    scene.witnesses[0].mood = scene.witnesses[1].mood = WATCH_MOOD_AWAY;
    open_scene(cx, &scene, copy);
    watch_settle(scene.watch, SETTLE_MS);
    EXPECT(halts(cx, &scene, "正在等见证方") && watch_brief(scene.watch).waiting);
    scene.witnesses[1].mood = WATCH_MOOD_HONEST; // two of three
    EXPECT(comes_to(cx, &scene, NULL));
    keep(cx, &scene);
    close_scene(&scene);
    close_witnesses(&scene);
}

// Two folders from one: both go on, and the one that speaks second is stopped.
TEST("watch: a fork of one size is stopped, while the one that was witnessed goes on")
{
    Scene scene;
    LogHead head;
    const char *folder = begin(cx, &scene);
    const char *twin = cx_printf(cx, "%s.twin", folder).data;
    close_scene(&scene);
    copy_folder(cx, folder, twin);
    open_scene(cx, &scene, folder);
    keep(cx, &scene);
    watch_settle(scene.watch, SETTLE_MS);
    EXPECT(cosignatures(cx, &scene, &head) == 3 && head.size == 9);
    close_scene(&scene);

    // The twin wrote as well, when it was not watched.
    Flow *flow = flow_fixture_open(cx, twin);
    (void)flow_fixture_keep(cx, flow, "fapiao\nnumber 24112000000048599999\n");
    flow_close(flow);
    open_scene(cx, &scene, twin);
    EXPECT(comes_to(cx, &scene, "账本分叉"));
    EXPECT(halts(cx, &scene, "the log has forked") || halts(cx, &scene, "has forked"));
    close_scene(&scene);
    open_scene(cx, &scene, folder);
    keep(cx, &scene);
    watch_settle(scene.watch, SETTLE_MS);
    EXPECT(halts(cx, &scene, NULL) && watch_brief(scene.watch).cosigned == 3);
    close_scene(&scene);
    close_witnesses(&scene);
}

// I7: what others do or don't do never stops us: no witness at all is said, and harms nothing.
TEST("watch: I7 without a witness, and with all of them away, everything goes on")
{
    Scene scene = {};
    const char *folder = cx_printf(cx, "%s/d", test_folder()).data;
    open_scene(cx, &scene, folder);
    keep(cx, &scene);
    watch_settle(scene.watch, SETTLE_MS);
    WatchBrief brief = watch_brief(scene.watch);
    EXPECT(brief.witnesses == 0 && brief.need == 0 && halts(cx, &scene, NULL));
    add_witnesses(cx, &scene);
    for (int i = 0; i < WITNESSES; i++)
        scene.witnesses[i].mood = WATCH_MOOD_AWAY;
    keep(cx, &scene);
    watch_settle(scene.watch, SETTLE_MS);
    EXPECT(halts(cx, &scene, NULL) && watch_brief(scene.watch).cosigned == 0);
    close_scene(&scene);
    open_scene(cx, &scene, folder);
    keep(cx, &scene);
    EXPECT(halts(cx, &scene, NULL));
    close_scene(&scene);
    close_witnesses(&scene);
    brief = watch_brief(NULL);
    EXPECT(brief.witnesses == 0 && !brief.waiting);
}

TEST("watch: over TLS a witness is asked only when its certificate is among those that are trusted")
{
    Scene scene = {};
    const char *folder = cx_printf(cx, "%s/d", test_folder()).data;
    const char *pem = disk_path(cx, folder, "ledger/witnesses.pem");
    open_scene(cx, &scene, folder);
    open_witnesses(cx, &scene);
    const char *tls = cx_printf(cx, "%s", test_folder()).data;
    watch_fixture_tls(cx, &scene.witnesses[0], tls);
    EXPECT_OK(watch_list_add(cx, flow_committer(scene.flow), scene.witnesses[0].vkey,
                             scene.witnesses[0].url, NULL));
    watch_reload(scene.watch);
    keep(cx, &scene);
    watch_settle(scene.watch, SETTLE_MS);
    EXPECT(watch_brief(scene.watch).witnesses == 1 && watch_brief(scene.watch).cosigned == 0);
    EXPECT(scene.witnesses[0].posts == 0); // nothing was said to a stranger
    close_scene(&scene);
    Slice bytes;
    EXPECT_OK(disk_read(cx, disk_path(cx, tls, "cert.pem"), LIMIT_MIB, &bytes));
    EXPECT_OK(disk_replace(cx, pem, bytes));
    open_scene(cx, &scene, folder);
    watch_settle(scene.watch, SETTLE_MS);
    EXPECT(watch_brief(scene.watch).cosigned == 1);
    close_scene(&scene);
    close_witnesses(&scene);
}
