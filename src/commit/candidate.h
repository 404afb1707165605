// Candidate: an invoice that has a number in common with a reading, and which of them it joins.
#pragma once
#include "commit/decide.h"

typedef struct Candidate {
    uint8_t invoice[COMMIT_ID_SIZE];
    JoinFields fields; // as all texts here in the arena
    JoinNames names;
    int64_t basis;
    bool conflict;    // flagged already
    bool same;        // the one that the reading joins is this one, too
    unsigned differs; // JoinField bits: where it contradicts the reading, or what that joins
} Candidate;

// All of them, the oldest first. One whose only name in common is one that weaker evidence gave it
// is none.
Err candidate_find(Cx *cx, Db *db, Slice tenant, const DecidingDraft *draft,
                   Candidate **ret_candidates, size_t *ret_count);
// The strongest, the oldest among equals: with `fitting`, of those that do not contradict, else of
// those that do. NULL where there is none.
const Candidate *candidate_best(const Candidate *all, size_t count, bool fitting);
// Which of the others are the same invoice as `joined`, and which contradict it though the reading
// itself does not: it may know less than they do. Those that are flagged did so before.
void candidate_weigh(const DecidingDraft *draft, const Candidate *joined, Candidate *all,
                     size_t count);
