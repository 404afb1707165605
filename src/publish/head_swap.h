// Head swap: moves log_head to a checkpoint that was signed, by compare-and-swap, and keeps its
// row, in one durable transaction.
#pragma once
#include "commit/commit.h"
#include "publish/log.h"

typedef struct HeadSwap {
    const Log *log;
    uint64_t old_size, size;
    uint64_t time_ms; // of the row: not before that of its newest event, or of the row before
    Digest old_root, root;
    Slice note;
    bool forked; // set: the head is not what it was said to be; nothing was written
} HeadSwap;

// Any other error than `forked` means unknown: the head may have been moved.
Err head_swap(Cx *cx, Committer *committer, HeadSwap *swap);
