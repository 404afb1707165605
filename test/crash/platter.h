// Platter: what a disk still holds of a folder when the power goes.
//
//   durable = what was synced: bytes by fsync or fdatasync of their file, names by fsync of their
//             folder. Nothing else: what file systems do beyond that is a kindness.
//   pending = every change since, in order, told by the shim
//
// At a cut each pending change is kept, lost, or torn at sectors of 512 bytes, in any order; a
// file's size may have come through without its bytes. Then the folder is made anew from that.
// A sync that failed makes nothing durable, and no later one does unless the page is written again
// (Linux: a page that could not be written counts as clean).
#pragma once
#include "base/world.h"
#include "shim.h"

typedef struct Platter Platter;

typedef enum PlatterLoss { // which syncs the disk only pretends to do
    PLATTER_HONEST,
    PLATTER_LIES,         // all of them
    PLATTER_LIES_FOLDERS, // those of folders
    PLATTER_LIES_FILES,   // those of lie_about: a file's name or its folder's
} PlatterLoss;

typedef struct PlatterOptions {
    ShimShared *shared;
    PlatterLoss loss;
    const char *lie_about; // "segments", "fapiao.db-wal"
    // Called with the whole content of every file that was put in place as <…>/checkpoint.
    void (*published)(void *self, const char *bytes, size_t size);
    void *self;
} PlatterOptions;

// The folder (shared->root) must be there and empty.
Platter *platter_open(const PlatterOptions *options);
void platter_close(Platter *platter);
void platter_trust(Platter *platter, PlatterLoss loss, const char *lie_about);
// Takes in what the shim has told since.
void platter_follow(Platter *platter);
// The power goes. The folder is made anew; says in *ret_lost how many changes were not kept whole.
// dice NULL: none is kept.
void platter_cut(Platter *platter, WorldFake *dice, uint64_t *ret_lost);
// Whether the folder is what the shim told: else a call went past it. Says where on stderr.
bool platter_matches(const Platter *platter);
