#include "ledger/tile.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define LEVEL_BITS 8

// How many hashes or entries of that level a log of `size` leaves has.
static uint64_t count_of(int level, uint64_t size)
{
    return level == TILE_ENTRIES ? size : size >> (LEVEL_BITS * level);
}

void tile_path(const Tile *tile, char ret_path[static TILE_PATH_SIZE])
{
    assert(tile->level >= TILE_ENTRIES && tile->level <= TILE_LEVEL_MAX);
    assert(tile->width >= 1 && tile->width <= TILE_WIDTH);
    uint64_t group = 1; // 1000 to the power of how many groups stand behind the first
    while (tile->n / group >= 1000)
        group *= 1000;
    int at = tile->level == TILE_ENTRIES
                 ? snprintf(ret_path, TILE_PATH_SIZE, "tile/entries")
                 : snprintf(ret_path, TILE_PATH_SIZE, "tile/%d", tile->level);
    for (; group > 0; group /= 1000)
        at += snprintf(ret_path + at, TILE_PATH_SIZE - (size_t)at, "/%s%03" PRIu64,
                       group > 1 ? "x" : "", tile->n / group % 1000);
    if (tile->width < TILE_WIDTH)
        at += snprintf(ret_path + at, TILE_PATH_SIZE - (size_t)at, ".p/%d", tile->width);
    assert(at < TILE_PATH_SIZE);
}

// The head of *rest up to a slash or the end.
static Slice take_part(Slice *rest)
{
    Slice part = {};
    bool done = false;
    (void)slice_cut(rest, '/', &done, &part);
    return part;
}

static bool take_number(Slice digits, uint64_t *number)
{
    uint64_t value = 0;
    return slice_u64(digits, &value) && !__builtin_mul_overflow(*number, (uint64_t)1000, number) &&
           !__builtin_add_overflow(*number, value, number);
}

// Reads more than it should; what is printed again must be the same.
static bool read_path(Slice path, Tile *tile)
{
    if (!slice_equal(take_part(&path), SLICE("tile"))) return false;
    Slice level = take_part(&path), part = {};
    *tile = (Tile){.level = TILE_ENTRIES, .width = TILE_WIDTH};
    if (!slice_equal(level, SLICE("entries"))) {
        if (level.size != 1 || level.data[0] < '0' || level.data[0] > '0' + TILE_LEVEL_MAX)
            return false;
        tile->level = level.data[0] - '0';
    }
    for (part = take_part(&path); slice_starts(part, SLICE("x")); part = take_part(&path))
        if (!take_number(slice_sub(part, 1, SIZE_MAX), &tile->n)) return false;
    if (slice_ends(part, SLICE(".p"))) {
        uint64_t width = 0;
        if (!slice_u64(path, &width) || width == 0 || width >= TILE_WIDTH) return false;
        tile->width = (int)width;
        part.size -= 2;
    }
    return take_number(part, &tile->n);
}

bool tile_of_path(Slice path, Tile *ret_tile)
{
    Tile tile;
    char again[TILE_PATH_SIZE];
    if (path.size >= TILE_PATH_SIZE || !read_path(path, &tile)) return false;
    tile_path(&tile, again);
    if (!slice_equal(path, slice_of(again))) return false;
    *ret_tile = tile;
    return true;
}

bool tile_within(const Tile *tile, uint64_t size)
{
    uint64_t count = count_of(tile->level, size);
    return tile->n <= count / TILE_WIDTH && (uint64_t)tile->width <= count - tile->n * TILE_WIDTH;
}

int tile_partial(int level, uint64_t size)
{
    return (int)(count_of(level, size) % TILE_WIDTH);
}

Err tile_hashes(Cx *cx, const TreeReader *reader, const Tile *tile, Slice *ret_bytes)
{
    assert(tile->level >= 0 && tile->level <= TILE_LEVEL_MAX);
    assert(tile->width >= 1 && tile->width <= TILE_WIDTH);
    uint64_t indexes[TILE_WIDTH];
    size_t count = (size_t)tile->width;
    if (!tile_within(tile, INT64_MAX)) // no tree has it, and no stored hash its number
        return err_set(cx, ERR_CORRUPT, "no tile %" PRIu64 " of level %d", tile->n, tile->level);
    for (size_t i = 0; i < count; i++)
        indexes[i] = tree_stored_index(LEVEL_BITS * tile->level, tile->n * TILE_WIDTH + i);
    Digest *hashes = arena_alloc(&cx->arena, count * sizeof *hashes);
    TRY(reader->read(cx, reader->self, indexes, count, hashes));
    *ret_bytes = (Slice){(const char *)hashes, count * sizeof *hashes};
    return ERR_OK;
}

bool tile_entry(Slice *bundle, Slice *ret_entry, bool *ret_good)
{
    *ret_good = true;
    if (bundle->size == 0) return false;
    const uint8_t *bytes = (const uint8_t *)bundle->data;
    size_t size = bundle->size < 2 ? SIZE_MAX : (size_t)bytes[0] << 8 | bytes[1];
    if (bundle->size < 2 || size > bundle->size - 2) {
        *ret_good = false;
        return false;
    }
    *ret_entry = slice_sub(*bundle, 2, size);
    *bundle = slice_sub(*bundle, 2 + size, SIZE_MAX);
    return true;
}
