#include "desk/running/ledger/ledger_tiles.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

TEST("ledger_tiles: entries hash to the hashes, and nothing is served past the checkpoint")
{
    static const Slice none[] = {
        SLICE("tile/0/000"),      SLICE("tile/0/000.p/7"), SLICE("tile/0/001.p/1"),
        SLICE("tile/1/000.p/1"),  SLICE("tile/0/000.p/0"), SLICE("tile/entries/000"),
        SLICE("tile/0/000.p/06"), SLICE("../keys"),        SLICE("")};
    Flow *flow = flow_fixture_open(cx, NULL);
    Db *db = NULL;
    for (int i = 0; i < 3; i++) // two events each
        (void)flow_fixture_keep(cx, flow, cx_printf(cx, "no invoice %d", i).data);
    EXPECT_OK(sealer_flush(cx, flow_sealer(flow)));
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    Slice hashes, entries, entry;
    EXPECT_OK(ledger_tiles_find(cx, flow_log(flow), db, SLICE("tile/0/000.p/6"), &hashes));
    EXPECT_OK(ledger_tiles_find(cx, flow_log(flow), db, SLICE("tile/entries/000.p/6"), &entries));
    EXPECT(hashes.size == 6 * DIGEST_SIZE && entries.size == 6 * TILE_ENTRY_SIZE);
    bool good = true;
    size_t count = 0;
    while (tile_entry(&entries, &entry, &good)) {
        LeafBytes leaf;
        EXPECT(entry.size == LEAF_SIZE);
        memcpy(leaf.bytes, entry.data, LEAF_SIZE);
        Digest hash = leaf_hash(&leaf);
        EXPECT(slice_equal(digest_slice(&hash),
                           slice_sub(hashes, count++ * DIGEST_SIZE, DIGEST_SIZE)));
    }
    EXPECT(good && count == 6);
    Slice narrower; // a prefix of what is there now
    EXPECT_OK(ledger_tiles_find(cx, flow_log(flow), db, SLICE("tile/0/000.p/5"), &narrower));
    EXPECT(slice_starts(hashes, narrower) && narrower.size == 5 * DIGEST_SIZE);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        EXPECT(ledger_tiles_find(cx, flow_log(flow), db, none[i], &hashes) == ERR_MISSING);
    store_give(flow_store(flow), db);
    flow_close(flow);
}
