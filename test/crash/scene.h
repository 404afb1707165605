// Scene: what the tests that break things have in common: documents that follow from a seed, a
// reader that stands in for the real one, a process that hands documents in and tells what it was
// told, and the checks of a folder afterwards.
#pragma once
#include <stdio.h>

#include "flow/flow.h"

#define SCENE_CONTENT_BYTES 1024
#define SCENE_REFUSED       3 // exit code of scene_take: the folder would not open, and said why

__attribute__((noreturn, format(printf, 1, 2))) void scene_die(const char *format, ...);
void scene_must(const Cx *cx, Err err, const char *what);

// The same index gives the same bytes, in every process.
Slice scene_content(char *buffer, uint64_t seed, unsigned index);
// Every third document is no invoice.
FlowRead scene_read;
int64_t scene_number(Cx *cx, Db *db, const char *sql);
// Of one folder, in one snapshot: no document twice, sequences dense, every chain whole.
void scene_check_facts(Cx *cx, Store *store, Db *db);
void scene_check_told(Cx *cx, Store *store, Db *db, uint64_t seed, unsigned index,
                      const char *reference);
void scene_wait_decided(Cx *cx, Db *db);
// Signs what is not signed. Every checkpoint that was ever signed is the tree over the first events
// of today, and the newest covers them all.
void scene_check_sealed(Cx *cx, Flow *flow, Db *db);
// The projections, made anew, are the live ones.
void scene_check_rebuild(Cx *cx, Flow *flow, Db *db);

// A folder's whole life, as seen from outside it.
typedef struct SceneDocument {
    char reference[COMMIT_REFERENCE_SIZE]; // "" = none was told
    char state[16];                        // "" = no outcome was told
    uint64_t sequence;                     // of the event that was promised
    Digest leaf_hash;
} SceneDocument;
typedef struct SceneRoot {
    uint64_t size;
    Digest root;
} SceneRoot;
typedef struct Scene {
    char folder[256];
    uint64_t seed;
    unsigned in_flight, workers;
    unsigned wal_pages;       // the database's log is taken over at so many; 0 = as it is
    void (*again)(void);      // what failed is handed in once more, after this; NULL = it is not
    unsigned stop_told;       // references; then the process kills itself; 0 = never
    unsigned process;         // so that no two have the same randomness
    SceneDocument *documents; // by index: handed in at least once
    size_t document_count, document_room;
    SceneRoot *roots; // that were ever to be seen
    size_t root_count, root_room;
    uint64_t told, unknown, full; // lines read; `full`: those unknown for want of room
} Scene;

void scene_begin(Scene *scene, const char *folder, uint64_t seed);
void scene_done(Scene *scene);
// A checkpoint was put where anyone could read it. Dies when that size had another root.
void scene_published(void *self, const char *note, size_t size);

// In a child: opens the folder, hands in those without an outcome and `fresh` new ones, each under
// its key, tells into `pipe`, closes. Ends the process: 0, or SCENE_REFUSED.
__attribute__((noreturn)) void scene_take(const Scene *scene, unsigned fresh, int pipe);
// In the parent: reads what such a child tells until it ends. Dies when that can't be.
void scene_listen(Scene *scene, unsigned fresh, int pipe);
// In a child: opens the folder and checks all that was told. `whole`: every document that was
// handed in must be there. Dies, or comes back with the folder closed, or left open when `leave`.
void scene_check(const Scene *scene, bool whole, bool leave);
