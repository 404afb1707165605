// One question to one witness: will you cosign our newest checkpoint? And, when it says no, what it
// has seen of our log, and what that means.
//
//   post with the proof from the size that it knew ─┬─ 200 ─▶ COSIGNED
//     409, a size that is not larger: from there ◀──┤
//     409, 422, else: GET its newest checkpoint ────┴─▶ CONSISTENT, AHEAD, FORKED, NO_ANSWER
//
// That a log has gone back or forked is believed only when its own signature shows it: a witness
// that claims without proof is one that errs.
#pragma once
#include "ledger/checkpoint.h"
#include "net/fetch.h"

#define WATCH_TEXT_SIZE 512 // bytes, with the NUL; commit_halt takes no more

typedef struct WatchAsk {
    Slice url;    // of the witness, without add-checkpoint
    NoteKey key;  // of the witness
    Slice origin; // ours
    const NoteKey *log_keys;
    size_t log_key_count; // the first one must have signed whatever is believed
    TreeReader reader;    // of our tree
    uint64_t size, known; // of our newest checkpoint; of the one that the witness cosigned last
    Digest root;
    Slice note; // our newest checkpoint
    uint64_t timeout_ms;
    const char *ca_file; // as in FetchRequest, and so is:
    const atomic_bool *stop;
} WatchAsk;

typedef enum WatchVerdict {
    WATCH_NO_ANSWER, // or none that can be used: text says why
    WATCH_COSIGNED,  // so our log follows from all that this witness has seen
    WATCH_AHEAD,     // our log has signed a larger size than it has: it has gone back
    WATCH_FORKED     // our log has signed another root for a size that it has
} WatchVerdict;

typedef struct WatchAnswer {
    WatchVerdict verdict;
    uint64_t known; // size that the witness knows now, as far as it is proved; else as asked
    Slice line;     // COSIGNED: its cosignature, with LF
    uint64_t seconds;
    Slice text;        // for people, Chinese and English; under WATCH_TEXT_SIZE
    Checkpoint theirs; // AHEAD, FORKED: what our log has signed
    Slice evidence;    // AHEAD, FORKED: that note, whole
} WatchAnswer;

// What went wrong with the witness is an answer; an Err is ours (the tree could not be read).
Err watch_ask(Cx *cx, const WatchAsk *ask, WatchAnswer *ret_answer);
