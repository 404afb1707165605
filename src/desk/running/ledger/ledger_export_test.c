#include "desk/running/ledger/ledger_export.h"

#include <unistd.h>

#include "base/test.h"
#include "flow/flow_fixture.h"
#include "store/disk.h"

static Err export(Cx *cx, Flow *flow, const char *out, LedgerExported *ret_exported)
{
    const LedgerExport options = {.out = out};
    Db *db = NULL;
    EXPECT_OK(sealer_flush(cx, flow_sealer(flow)));
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    Err err = ledger_export_run(cx, flow_log(flow), db, &options, ret_exported);
    store_give(flow_store(flow), db);
    return err;
}

static void keep(Cx *cx, Flow *flow, int from, int to)
{
    for (int i = from; i < to; i++)
        (void)flow_fixture_keep(cx, flow, cx_printf(cx, "no invoice %d", i).data);
}

TEST("ledger_export: what lies there gives the root of the checkpoint; going on adds what is new")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    const char *out = cx_printf(cx, "%s/out", test_folder()).data;
    keep(cx, flow, 0, 3);
    LedgerExported exported;
    EXPECT_OK(export(cx, flow, out, &exported));
    EXPECT(exported.size == 6 && exported.written == 2); // entries and level 0
    EXPECT_OK(export(cx, flow, out, &exported));
    EXPECT(exported.written == 0);

    keep(cx, flow, 3, 130);
    EXPECT_OK(export(cx, flow, out, &exported));
    EXPECT(exported.size == 260);
    EXPECT(exported.written == 5); // full and partial of both, and one hash of level 1
    Slice full, rest, above, note;
    EXPECT_OK(disk_read(cx, disk_path(cx, out, "tile/0/000"), 8192, &full));
    EXPECT_OK(disk_read(cx, disk_path(cx, out, "tile/0/001.p/4"), 8192, &rest));
    EXPECT_OK(disk_read(cx, disk_path(cx, out, "tile/1/000.p/1"), 8192, &above));
    EXPECT(full.size == 8192 && rest.size == 4 * DIGEST_SIZE && above.size == DIGEST_SIZE);
    EXPECT(access(disk_path(cx, out, "tile/entries/001.p/4"), F_OK) == 0);
    TreeEdge edge = {};
    Digest stored[TREE_LEVELS];
    size_t count = 0;
    for (size_t i = 0; i < 260; i++) {
        Digest leaf;
        memcpy(leaf.bytes, i < 256 ? full.data + i * 32 : rest.data + (i - 256) * 32, DIGEST_SIZE);
        tree_grow(&edge, &leaf, stored, &count);
        if (i == 255) EXPECT(slice_equal(digest_slice(&stored[count - 1]), above));
    }
    EXPECT_OK(disk_read(cx, disk_path(cx, out, "checkpoint"), 65536, &note));
    Note *parsed = arena_alloc(&cx->arena, sizeof *parsed);
    Checkpoint checkpoint;
    EXPECT_OK(note_parse(cx, note, parsed));
    EXPECT_OK(checkpoint_parse(cx, parsed->text, &checkpoint));
    Digest root = tree_root(&edge);
    EXPECT(checkpoint.size == 260 && digest_equal(&checkpoint.root, &root));
    flow_close(flow);
}

TEST("ledger_export: a data folder is no place for it")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    const char *folder = cx_printf(cx, "%s/data", test_folder()).data;
    keep(cx, flow, 0, 1);
    LedgerExported exported;
    EXPECT_OK(disk_folder(cx, folder));
    EXPECT_OK(disk_write_new(cx, disk_path(cx, folder, "fapiao.db"), SLICE("")));
    EXPECT(export(cx, flow, folder, &exported) == ERR_CONFLICT);
    EXPECT(access(disk_path(cx, folder, "tile"), F_OK) != 0);
    flow_close(flow);
}

TEST("ledger_export: another log's folder, a fork, and a file that is none of ours are left alone")
{
    Flow *one = flow_fixture_open(cx, NULL), *two = flow_fixture_open(cx, NULL);
    const char *out = cx_printf(cx, "%s/mine", test_folder()).data;
    keep(cx, one, 0, 2);
    keep(cx, two, 0, 1);
    LedgerExported exported;
    EXPECT_OK(export(cx, one, out, &exported));
    EXPECT(export(cx, two, out, &exported) == ERR_CONFLICT);
    EXPECT(slice_find(err_text(cx), SLICE("another log")) != SLICE_NONE);

    Slice note;
    const char *path = disk_path(cx, out, "checkpoint");
    EXPECT_OK(disk_read(cx, path, 65536, &note));
    char *forged = arena_alloc(&cx->arena, note.size);
    memcpy(forged, note.data, note.size);
    size_t line = slice_find(note, SLICE("\n4\n"));
    EXPECT(line != SLICE_NONE);
    forged[line + 3] = forged[line + 3] == 'A' ? 'B' : 'A'; // the root's first character
    EXPECT_OK(disk_replace(cx, path, (Slice){forged, note.size}));
    EXPECT(export(cx, one, out, &exported) == ERR_CONFLICT);
    EXPECT(slice_find(err_text(cx), SLICE("a fork")) != SLICE_NONE);
    forged[line + 1] = '9'; // more than there is
    EXPECT_OK(disk_replace(cx, path, (Slice){forged, note.size}));
    EXPECT(export(cx, one, out, &exported) == ERR_CONFLICT);

    EXPECT_OK(disk_replace(cx, path, note));
    EXPECT_OK(disk_replace(cx, disk_path(cx, out, "tile/0/000.p/4"), SLICE("short")));
    EXPECT(export(cx, one, out, &exported) == ERR_CONFLICT);
    // Of the right size, too: one bit of a tile, and a file that goes on behind it.
    const char *fresh = cx_printf(cx, "%s/fresh", test_folder()).data;
    EXPECT_OK(export(cx, one, fresh, &exported));
    Slice tile, copy;
    path = disk_path(cx, fresh, "tile/entries/000.p/4");
    EXPECT_OK(disk_read(cx, path, 8192, &tile));
    EXPECT_OK(cx_copy(cx, tile, &copy));
    ((char *)(uintptr_t)copy.data)[200] ^= 1;
    EXPECT_OK(disk_replace(cx, path, copy));
    EXPECT(export(cx, one, fresh, &exported) == ERR_CONFLICT);
    EXPECT(slice_find(err_text(cx), SLICE("other bytes")) != SLICE_NONE);
    char *longer = arena_alloc(&cx->arena, tile.size + 1);
    memcpy(longer, tile.data, tile.size);
    longer[tile.size] = 'x';
    EXPECT_OK(disk_replace(cx, path, (Slice){longer, tile.size + 1}));
    EXPECT(export(cx, one, fresh, &exported) == ERR_CONFLICT);
    EXPECT_OK(disk_replace(cx, path, tile));
    EXPECT_OK(export(cx, one, fresh, &exported));
    flow_close(one);
    flow_close(two);
}
