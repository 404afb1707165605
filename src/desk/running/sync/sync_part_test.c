#include "desk/running/sync/sync_part.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

static SyncSaid said_by(Cx *cx, const char *name, const SyncOptions *options)
{
    size_t count = 0;
    const SyncPart *parts = sync_part_all(&count);
    SyncSaid said = {};
    for (size_t i = 0; i < count; i++)
        if (strcmp(parts[i].name, name) == 0) EXPECT_OK(parts[i].run(cx, options, &said));
    EXPECT(said.zh.size > 0 && said.en.size > 0);
    return said;
}

TEST("sync_part: a document that waits too long is read again, and said so")
{
    const char *folder = cx_printf(cx, "%s/waiting", test_folder()).data;
    const FlowOptions unread = {.store = {.folder = folder, .create = true, .write = true},
                                .no_reading = true};
    WorldFake past; // it came an hour ago
    world_fake_init(&past, 1, world_real()->now_ms(world_real()->self) - 3'600'000);
    Cx then;
    cx_init(&then, &past.world, cx->arena.limit);
    Flow *flow = NULL;
    EXPECT_OK(flow_open(&then, &unread, &flow));
    const Arrival arrival = {.tenant = SLICE("local"),
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .file_name = SLICE("a"),
                             .bytes = SLICE("fapiao\nnumber 24112000000000000001\n")};
    EXPECT_OK(flow_receive(&then, flow, &arrival, NULL, NULL, NULL));
    flow_close(flow);
    EXPECT_OK(flow_open(cx, &unread, &flow));
    const SyncOptions options = {.flow = flow, .folder = folder, .no_audit = true};
    SyncSaid said = said_by(cx, "documents", &options);
    EXPECT(!said.good && said.count == 1);
    flow_close(flow);
    cx_done(&then);
}

TEST("sync_part: without witness and mirror it is plainly said that nobody else would notice")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    const SyncOptions options = {
        .flow = flow, .folder = store_folder(flow_store(flow)), .no_audit = true};
    SyncSaid said = said_by(cx, "nodes", &options);
    EXPECT(said.good && said.count == 0);
    EXPECT(slice_find(said.en, SLICE("nobody else would notice")) != SLICE_NONE);
    flow_close(flow);
}
