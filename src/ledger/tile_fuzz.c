// A path that tile_of_path takes is the one that tile_path prints; the entries of a whole bundle,
// written again, are the bundle.
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "ledger/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Cx cx;
    cx_init(&cx, world_real(), 16 * LIMIT_MIB);
    Slice bytes = {(const char *)data, size};
    Tile tile;
    char path[TILE_PATH_SIZE];
    if (tile_of_path(bytes, &tile)) {
        tile_path(&tile, path);
        if (!slice_equal(slice_of(path), bytes)) abort();
    }
    Text again = text_open(&cx, 4 * LIMIT_MIB);
    Slice rest = bytes, entry = {};
    bool good = true;
    while (tile_entry(&rest, &entry, &good)) {
        text_byte(&again, (char)(entry.size >> 8));
        text_byte(&again, (char)(entry.size & 0xFF));
        text_add(&again, entry);
    }
    Slice read = text_so_far(&again);
    if (!slice_starts(bytes, read) || good != (read.size == bytes.size)) abort();
    cx_done(&cx);
    return 0;
}
