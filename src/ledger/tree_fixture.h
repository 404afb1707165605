// Tree_fixture: a whole tree in memory, made for tests.
#pragma once
#include "ledger/tree.h"

typedef struct TreeFixture {
    Digest *leaves, *stored; // of the arena
    uint64_t stored_count, room;
    TreeEdge edge;
} TreeFixture;

// Room for `leaves` of them.
void tree_fixture_init(Cx *cx, TreeFixture *tree, size_t leaves);
void tree_fixture_add(TreeFixture *tree, const Digest *leaf);
// Leaf i is the leaf hash of 0x01 0x01 SHA-256("fapiao-leaf-" || decimal i): the test vectors'.
void tree_fixture_fill(Cx *cx, TreeFixture *tree, size_t leaves);
// The 34 bytes of leaf i.
Slice tree_fixture_entry(Cx *cx, uint64_t i);
// ERR_CORRUPT past the end.
TreeReader tree_fixture_reader(TreeFixture *tree);
