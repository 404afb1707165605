#include "desk/running/ledger/ledger_tiles.h"

#include "base/text.h"

// u16be length || entry, one behind the other.
static Err print_entries(Cx *cx, Log *log, Db *db, const Tile *tile, Slice *ret_bytes)
{
    size_t count = 0;
    LeafBytes *leaves = arena_alloc(&cx->arena, sizeof *leaves * TILE_WIDTH);
    TRY(log_event_leaves(cx, log, db, tile->n * TILE_WIDTH, (size_t)tile->width, leaves, &count));
    if (count != (size_t)tile->width)
        return err_set(cx, ERR_CORRUPT, "%zu of %d entries of tile %llu are there", count,
                       tile->width, (unsigned long long)tile->n);
    Text text = text_open(cx, (size_t)TILE_WIDTH * TILE_ENTRY_SIZE);
    for (size_t i = 0; i < count; i++) {
        text_byte(&text, LEAF_SIZE >> 8);
        text_byte(&text, (char)(LEAF_SIZE & 0xFF));
        text_add(&text, leaf_slice(&leaves[i]));
    }
    return text_done(cx, &text, ret_bytes);
}

Err ledger_tiles_get(Cx *cx, Log *log, Db *db, const Tile *tile, uint64_t size, Slice *ret_bytes)
{
    if (!tile_within(tile, size)) return err_set(cx, ERR_MISSING, "the log has no such tile yet");
    if (tile->level == TILE_ENTRIES) return print_entries(cx, log, db, tile, ret_bytes);
    TreeReader reader = log_reader(log);
    return tile_hashes(cx, &reader, tile, ret_bytes);
}

Err ledger_tiles_find(Cx *cx, Log *log, Db *db, Slice path, Slice *ret_bytes)
{
    Tile tile;
    LogHead head;
    if (!tile_of_path(path, &tile))
        return err_set(cx, ERR_MISSING, "'" SLICE_FMT "' is no tile", SLICE_ARG(path));
    TRY(log_head(cx, log, db, &head));
    return ledger_tiles_get(cx, log, db, &tile, head.size, ret_bytes);
}
