// Known: which document the same bytes were received with first. Asked for every document that
// comes in, and nearly always the answer is: with none.
//
// Kept in memory (docs/decisions/0013). A slot holds the head of a document's id and some bits of
// its SHA-256: it says where to look, never what is there. Whoever asks compares the row; a slot
// from a transaction that was taken back leads to no row.
//
// The committer's thread alone. Filled from the facts by the first receipt, so whoever else writes
// documents (publish/replica_take.c) must do so while receipts are refused.
#pragma once
#include "commit/commit.h"

#define KNOWN_HEAD_SIZE 6 // bytes, of a document's id

typedef struct KnownSlot {
    uint32_t hash; // 0 = free
    uint8_t head[KNOWN_HEAD_SIZE];
} KnownSlot;

typedef struct Known {
    KnownSlot *slots;   // NULL until it is filled
    size_t room, count; // slots: a power of two; taken
    uint64_t secret[2]; // nobody can choose bytes that crowd one place
} Known;

// Does nothing when it is filled. In the writer's transaction.
Err known_load(Cx *cx, Known *known, Db *db);
void known_done(Known *known);
// These bytes came with this document first. Twice is once.
void known_add(Known *known, const Digest *sha256, const uint8_t *document);
// The heads of ids of documents that may have these bytes, one after the other; *at is 0 at first.
// False when there is no other.
bool known_next(const Known *known, const Digest *sha256, size_t *at,
                uint8_t ret_head[static KNOWN_HEAD_SIZE]);
