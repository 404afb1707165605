// Tile: the files of the C2SP static layout (tlog-tiles): names, and what lies in them.
//
//   checkpoint · tile/<L>/<N>[.p/<W>] · tile/entries/<N>[.p/<W>]
//
// N in groups of three digits, all but the last with an x before: 1234067 is x001/x234/067.
#pragma once
#include "ledger/leaf.h"
#include "ledger/tree.h"

#define TILE_WIDTH      256 // hashes or entries of a full one
#define TILE_LEVEL_MAX  7   // 8 levels of 8 bits
#define TILE_ENTRIES    (-1)
#define TILE_ENTRY_SIZE (2 + LEAF_SIZE) // of our entries in a bundle: u16 big-endian, leaf
#define TILE_PATH_SIZE  64              // bytes, with the NUL

typedef struct Tile {
    int level; // 0..TILE_LEVEL_MAX, or TILE_ENTRIES
    uint64_t n;
    int width; // 1..TILE_WIDTH
} Tile;

void tile_path(const Tile *tile, char ret_path[static TILE_PATH_SIZE]);
// Only what tile_path prints: no leading zeros, no width of 0 or 256 after ".p/". false otherwise.
bool tile_of_path(Slice path, Tile *ret_tile);
// Whether a log of `size` leaves has it: a full one, or the partial one at exactly this size's edge
// or any narrower (its hashes are there as well).
bool tile_within(const Tile *tile, uint64_t size);
// How many hashes of `level` a log of `size` has behind its last full tile: 0..255.
int tile_partial(int level, uint64_t size);
// The tile's hashes, 32 bytes each, in the arena. Not for TILE_ENTRIES.
Err tile_hashes(Cx *cx, const TreeReader *reader, const Tile *tile, Slice *ret_bytes);
// Cuts the next entry off a bundle. false at the end, and with *ret_good = false when it is cut
// off.
bool tile_entry(Slice *bundle, Slice *ret_entry, bool *ret_good);
