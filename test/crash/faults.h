// Faults: every call by which a folder is opened, written, taken over and closed fails once, with
// each error that it could have; and the disk runs full after every few bytes.
//
// One trial is four processes over one folder:
//   1. two documents are handed in (an old folder; a new one is not there yet)
//   2. three more, while the n-th call of a kind fails: it ends with a plain error, or goes on
//   3. all without an outcome again, under their keys: that settles them
//   4. then the power is cut, and all must be there, once
// An error from a commit means unknown: what was refused may be there, and must then be the same.
// A signal, an exit by assert, a folder that does not open again: each is a failure.
#pragma once
#include "trial.h"

typedef struct FaultsOptions {
    uint64_t every;   // every N-th fault only; 1 = all
    uint64_t all;     // while a folder is made, too, each call with each error
    const char *only; // a kind of call: "write", "sync" …; NULL = all, and the full disk
} FaultsOptions;

// Dies, and says how to repeat it, when a check fails.
void faults_run(Trial *trial, const FaultsOptions *options);
