// Tree: the Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1) over leaf hashes. Pure computation.
//
//   leaf hash ─▶ tree_grow ─▶ the hashes that are complete now, in stored order ─▶ kept by someone
//   kept hashes ─▶ TreeReader ─▶ roots, inclusion and consistency proofs, tiles (ledger/tile.h)
//
// Stored order (golang.org/x/mod/sumdb/tlog, StoredHashIndex): each leaf hash, then every subtree
// that it completes, bottom-up: one append-only array of 32-byte records.
#pragma once
#include "crypto/digest.h"

#define TREE_LEVELS    63 // of a tree of at most 2^63 - 1 leaves
#define TREE_PROOF_MAX 64 // hashes of one inclusion proof; one of consistency has no more

Digest tree_empty(void);                                   // the root of no leaves: SHA-256("")
Digest tree_node(const Digest *left, const Digest *right); // SHA-256(0x01 || left || right)

// Where in stored order the hash of subtree `n` of `level` lies: the leaves n << level … .
uint64_t tree_stored_index(int level, uint64_t n);
// How many hashes are stored for a tree of `size` leaves.
uint64_t tree_stored_count(uint64_t size);

// The right edge of a tree: all that appending and the root need. Zeroed = the empty tree.
typedef struct TreeEdge {
    uint64_t size;
    Digest peaks[TREE_LEVELS]; // by level, where that bit of size is set
} TreeEdge;
// *ret_stored: the hashes that are complete now, in stored order; at most TREE_LEVELS of them.
void tree_grow(TreeEdge *edge, const Digest *leaf, Digest ret_stored[static TREE_LEVELS],
               size_t *ret_count);
Digest tree_root(const TreeEdge *edge);

// Reads stored hashes, by their index in stored order. ERR_CORRUPT when one is not there.
typedef struct TreeReader {
    void *self;
    Err (*read)(Cx *cx, void *self, const uint64_t *indexes, size_t count, Digest *ret_hashes);
} TreeReader;
Err tree_load(Cx *cx, const TreeReader *reader, uint64_t size, TreeEdge *ret_edge);
// The hash of leaves n << level … (n + 1) << level, which must all be within the tree.
Err tree_subtree(Cx *cx, const TreeReader *reader, int level, uint64_t n, Digest *ret_hash);

typedef struct TreeProof {
    Digest hashes[TREE_PROOF_MAX];
    size_t count;
} TreeProof;
// Leaf's sibling first. ERR_INPUT when index >= size.
Err tree_inclusion(Cx *cx, const TreeReader *reader, uint64_t index, uint64_t size,
                   TreeProof *ret_proof);
// ERR_INPUT when old > size. Empty when old is 0 or size.
Err tree_consistency(Cx *cx, const TreeReader *reader, uint64_t old, uint64_t size,
                     TreeProof *ret_proof);
// Whether the proof holds (RFC 9162 §2.1.3.2, §2.1.4.2): exactly as many hashes as it takes.
bool tree_includes(uint64_t index, uint64_t size, const Digest *leaf, const TreeProof *proof,
                   const Digest *root);
bool tree_is_consistent(uint64_t old, const Digest *old_root, uint64_t size, const Digest *root,
                        const TreeProof *proof);
