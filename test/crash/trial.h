// Trial: processes that hand documents into a folder on a platter, and processes that check it.
// Every process is watched by the shim; every choice follows from the seed.
#pragma once
#include "platter.h"
#include "scene.h"

typedef struct Trial {
    const char *name; // of the program
    uint64_t seed;
    WorldFake dice;
    char parent[64], root[96], note[160]; // note: what is being tried, for a failure
    ShimShared *shared;
    Platter *platter;
    Scene scene;
    uint64_t lives, told, published, checks;
} Trial;

void trial_open(Trial *trial, const char *name, uint64_t seed);
void trial_close(Trial *trial);
unsigned trial_roll(Trial *trial, uint64_t below);

// A new folder, which is not there yet. `seed` of its documents.
void trial_begin(Trial *trial, uint64_t seed);
void trial_end(Trial *trial); // removes it

// A process that hands in; call shim_calm before, then say what is to happen to it. The status that
// it ended with.
int trial_take_in(Trial *trial, unsigned fresh);
// A process that checks.
int trial_check(Trial *trial, bool whole, bool leave);
// Dies, saying all that is known, unless the process ended well.
void trial_must(const Trial *trial, int status, const char *what);
__attribute__((noreturn)) void trial_die(const Trial *trial, int status, const char *what);
