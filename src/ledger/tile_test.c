#include "ledger/tile.h"

#include <stdio.h>

#include "base/test.h"
#include "ledger/tree_fixture.h"

TEST("tile: paths are those of the specification, and parsed again")
{
    static const struct {
        Tile tile;
        const char *path;
    } cases[] = {
        {{0, 0, 256}, "tile/0/000"},
        {{0, 1, 1}, "tile/0/001.p/1"},
        {{0, 1'234'067, 256}, "tile/0/x001/x234/067"},
        {{1, 1'234'067, 17}, "tile/1/x001/x234/067.p/17"},
        {{7, 999, 255}, "tile/7/999.p/255"},
        {{TILE_ENTRIES, 1000, 256}, "tile/entries/x001/000"},
        {{TILE_ENTRIES, 273, 112}, "tile/entries/273.p/112"},
        {{3, UINT64_MAX, 255}, "tile/3/x018/x446/x744/x073/x709/x551/615.p/255"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[TILE_PATH_SIZE];
        tile_path(&cases[i].tile, path);
        EXPECT(strcmp(path, cases[i].path) == 0);
        Tile tile = {};
        EXPECT(tile_of_path(slice_of(path), &tile));
        EXPECT(tile.level == cases[i].tile.level && tile.n == cases[i].tile.n &&
               tile.width == cases[i].tile.width);
    }
}

TEST("tile: what tile_path does not print is no path")
{
    static const char *const bad[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/1234",
        "tile/0/x000/001",
        "tile/0/001/234",
        "tile/0/x001",
        "tile/0/x001/x234",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/1/2",
        "tile/0/000/",
        "/tile/0/000",
        "tile/8/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/entry/000",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x018/x446/x744/x073/x709/x551/x615/000",
        "tile/0/../checkpoint",
        "tile/0/ 00",
        "checkpoint",
    };
    Tile tile = {.n = 77};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(!tile_of_path(slice_of(bad[i]), &tile));
    EXPECT(tile.n == 77);
}

TEST("tile: a log of a size has its full tiles, its ragged ones and narrower ones")
{
    static const struct {
        Tile tile;
        uint64_t size;
        bool within;
    } cases[] = {
        {{0, 0, 1}, 0, false},
        {{0, 0, 1}, 1, true},
        {{0, 0, 256}, 255, false},
        {{0, 0, 255}, 255, true},
        {{0, 0, 17}, 255, true},
        {{0, 0, 256}, 256, true},
        {{0, 1, 1}, 256, false},
        {{1, 0, 1}, 255, false},
        {{1, 0, 1}, 256, true},
        {{2, 0, 1}, 70'000, true},
        {{2, 0, 2}, 70'000, false},
        {{TILE_ENTRIES, 273, 112}, 70'000, true},
        {{TILE_ENTRIES, 273, 113}, 70'000, false},
        {{0, UINT64_MAX, 1}, INT64_MAX, false},
        {{7, 0, 127}, INT64_MAX, true},
        {{7, 0, 128}, INT64_MAX, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(tile_within(&cases[i].tile, cases[i].size) == cases[i].within);
    EXPECT(tile_partial(0, 70'000) == 112 && tile_partial(1, 70'000) == 17);
    EXPECT(tile_partial(2, 70'000) == 1 && tile_partial(0, 512) == 0);
    EXPECT(tile_partial(TILE_ENTRIES, 70'000) == 112 && tile_partial(7, INT64_MAX) == 127);
}

TEST("tile: its hashes are those of the tree, and a full one is one hash above")
{
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, 600);
    TreeReader reader = tree_fixture_reader(&tree);
    Slice low, high;
    EXPECT_OK(tile_hashes(cx, &reader, &(Tile){0, 1, 256}, &low));
    EXPECT(slice_equal(low, (Slice){(const char *)(tree.leaves + 256), (size_t)256 * DIGEST_SIZE}));
    EXPECT_OK(tile_hashes(cx, &reader, &(Tile){1, 0, 2}, &high));
    TreeEdge edge = {};
    for (size_t i = 0; i < 256; i++) {
        Digest leaf, stored[TREE_LEVELS];
        size_t count = 0;
        memcpy(leaf.bytes, low.data + i * DIGEST_SIZE, DIGEST_SIZE);
        tree_grow(&edge, &leaf, stored, &count);
    }
    Digest root = tree_root(&edge);
    EXPECT(slice_equal(slice_sub(high, DIGEST_SIZE, DIGEST_SIZE), digest_slice(&root)));
    EXPECT(tile_hashes(cx, &reader, &(Tile){1, 0, 3}, &high) == ERR_CORRUPT);
    EXPECT(tile_hashes(cx, &reader, &(Tile){7, 1, 3}, &high) == ERR_CORRUPT);
    EXPECT(tile_hashes(cx, &reader, &(Tile){0, UINT64_MAX, 3}, &high) == ERR_CORRUPT);
}

TEST("tile: a bundle gives its entries, and says when it is cut off")
{
    Slice bundle = SLICE("\0\2ab\0\0\0\1c"), entry = {};
    bool good = false;
    EXPECT(tile_entry(&bundle, &entry, &good) && good && slice_equal(entry, SLICE("ab")));
    EXPECT(tile_entry(&bundle, &entry, &good) && good && entry.size == 0);
    EXPECT(tile_entry(&bundle, &entry, &good) && good && slice_equal(entry, SLICE("c")));
    EXPECT(!tile_entry(&bundle, &entry, &good) && good);
    Slice cut[] = {SLICE("\0"), SLICE("\0\2a"), SLICE("\1\0abc")};
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++)
        EXPECT(!tile_entry(&cut[i], &entry, &good) && !good);
}
