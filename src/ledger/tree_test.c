#include "ledger/tree.h"

#include <assert.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/test.h"
#include "ledger/tree_fixture.h"

static bool is(Cx *cx, Digest digest, const char *hex)
{
    return slice_equal(base64_hex(cx, digest_slice(&digest)), slice_of(hex));
}

// ---- the RFC's own recursive definitions, over leaf hashes: slow and plain ----

static size_t split(size_t count)
{
    size_t k = 1;
    while (k * 2 < count)
        k *= 2;
    return k;
}

static Digest slow_root(const Digest *leaves, size_t count)
{
    if (count == 0) return digest_of(DIGEST_SHA256, (Slice){"", 0});
    if (count == 1) return leaves[0];
    size_t k = split(count);
    Digest left = slow_root(leaves, k), right = slow_root(leaves + k, count - k);
    return digest_of_parts(DIGEST_SHA256,
                           (Slice[]){SLICE("\x01"), digest_slice(&left), digest_slice(&right)}, 3);
}

// RFC 6962 §2.1.1: PATH(m, D[n]).
static void slow_path(size_t m, const Digest *leaves, size_t count, TreeProof *proof)
{
    if (count <= 1) return;
    size_t k = split(count);
    if (m < k) {
        slow_path(m, leaves, k, proof);
        proof->hashes[proof->count++] = slow_root(leaves + k, count - k);
    } else {
        slow_path(m - k, leaves + k, count - k, proof);
        proof->hashes[proof->count++] = slow_root(leaves, k);
    }
}

// RFC 6962 §2.1.2: SUBPROOF(m, D[n], b).
static void slow_subproof(size_t m, const Digest *leaves, size_t count, bool whole,
                          TreeProof *proof)
{
    if (m == count) {
        if (!whole) proof->hashes[proof->count++] = slow_root(leaves, count);
        return;
    }
    size_t k = split(count);
    if (m <= k) {
        slow_subproof(m, leaves, k, whole, proof);
        proof->hashes[proof->count++] = slow_root(leaves + k, count - k);
    } else {
        slow_subproof(m - k, leaves + k, count - k, false, proof);
        proof->hashes[proof->count++] = slow_root(leaves, k);
    }
}

static bool same_proof(const TreeProof *a, const TreeProof *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->hashes, b->hashes, a->count * sizeof a->hashes[0]) == 0);
}

// The Certificate Transparency project's reference leaves and roots (RFC 6962).
static const Slice reference_leaves[8] = {SLICE(""),
                                          SLICE("\x00"),
                                          SLICE("\x10"),
                                          SLICE("\x20\x21"),
                                          SLICE("\x30\x31"),
                                          SLICE("\x40\x41\x42\x43"),
                                          SLICE("\x50\x51\x52\x53\x54\x55\x56\x57"),
                                          SLICE("\x60\x61\x62\x63\x64\x65\x66\x67"
                                                "\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f")};
static const char *const reference_roots[9] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

static void reference_tree(Cx *cx, TreeFixture *tree)
{
    tree_fixture_init(cx, tree, 8);
    for (size_t i = 0; i < 8; i++) {
        Digest leaf =
            digest_of_parts(DIGEST_SHA256, (Slice[]){SLICE("\0"), reference_leaves[i]}, 2);
        tree_fixture_add(tree, &leaf);
    }
}

TEST("tree: the roots of sizes 0 to 8 are those of the RFC's reference implementation")
{
    TreeFixture tree;
    reference_tree(cx, &tree);
    TreeReader reader = tree_fixture_reader(&tree);
    for (uint64_t size = 0; size <= 8; size++) {
        TreeEdge edge;
        EXPECT_OK(tree_load(cx, &reader, size, &edge));
        EXPECT(edge.size == size && is(cx, tree_root(&edge), reference_roots[size]));
    }
    EXPECT(is(cx, tree_root(&tree.edge), reference_roots[8]));
    EXPECT(is(cx, tree_empty(), reference_roots[0]));
}

TEST("tree: all 36 inclusion and 36 consistency proofs of sizes 1 to 8 are the RFC's")
{
    TreeFixture tree;
    reference_tree(cx, &tree);
    TreeReader reader = tree_fixture_reader(&tree);
    size_t inclusions = 0, consistencies = 0;
    for (size_t size = 1; size <= 8; size++) {
        Digest root = slow_root(tree.leaves, size);
        EXPECT(is(cx, root, reference_roots[size]));
        for (size_t index = 0; index < size; index++, inclusions++) {
            TreeProof proof = {}, slow = {};
            EXPECT_OK(tree_inclusion(cx, &reader, index, size, &proof));
            slow_path(index, tree.leaves, size, &slow);
            EXPECT(same_proof(&proof, &slow));
            EXPECT(tree_includes(index, size, &tree.leaves[index], &proof, &root));
        }
        for (size_t old = 1; old <= size; old++, consistencies++) {
            TreeProof proof = {}, slow = {};
            EXPECT_OK(tree_consistency(cx, &reader, old, size, &proof));
            slow_subproof(old, tree.leaves, size, true, &slow);
            EXPECT(same_proof(&proof, &slow));
            Digest old_root = slow_root(tree.leaves, old);
            EXPECT(tree_is_consistent(old, &old_root, size, &root, &proof));
        }
    }
    EXPECT(inclusions == 36 && consistencies == 36);
}

TEST("tree: at sixty sizes up to 5,000, drawn from seed 5000, all is as the recursive definitions "
     "say")
{
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, 5000);
    TreeReader reader = tree_fixture_reader(&tree);
    WorldFake fake;
    world_fake_init(&fake, 5000, 0);
    for (int round = 0; round < 60; round++) {
        uint16_t chance[3];
        fake.world.random(fake.world.self, chance, sizeof chance);
        size_t size = 1 + chance[0] % 5000, index = chance[1] % size, old = 1 + chance[2] % size;
        Digest root = slow_root(tree.leaves, size), old_root = slow_root(tree.leaves, old);
        TreeEdge edge;
        EXPECT_OK(tree_load(cx, &reader, size, &edge));
        Digest loaded = tree_root(&edge);
        EXPECT(digest_equal(&loaded, &root));
        TreeProof proof = {}, slow = {};
        EXPECT_OK(tree_inclusion(cx, &reader, index, size, &proof));
        slow_path(index, tree.leaves, size, &slow);
        EXPECT(same_proof(&proof, &slow));
        EXPECT(tree_includes(index, size, &tree.leaves[index], &proof, &root));
        EXPECT_OK(tree_consistency(cx, &reader, old, size, &proof));
        slow.count = 0;
        slow_subproof(old, tree.leaves, size, true, &slow);
        EXPECT(same_proof(&proof, &slow));
        EXPECT(tree_is_consistent(old, &old_root, size, &root, &proof));
    }
}

TEST("tree: growing from a loaded edge is growing from the first leaf")
{
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, 600);
    TreeReader reader = tree_fixture_reader(&tree);
    for (uint64_t size = 0; size < 600; size += 37) {
        TreeEdge edge;
        EXPECT_OK(tree_load(cx, &reader, size, &edge));
        uint64_t at = tree_stored_count(size);
        for (uint64_t i = size; i < 600; i++) {
            Digest stored[TREE_LEVELS];
            size_t count = 0;
            tree_grow(&edge, &tree.leaves[i], stored, &count);
            EXPECT(memcmp(stored, tree.stored + at, count * sizeof stored[0]) == 0);
            at += count;
        }
        EXPECT(at == tree.stored_count);
    }
}

TEST("tree: stored order: each leaf, then every subtree it completes, bottom-up")
{
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, 300);
    TreeReader reader = tree_fixture_reader(&tree);
    uint64_t at = 0;
    for (uint64_t leaf = 0; leaf < 300; leaf++) {
        int level = 0;
        do {
            EXPECT(tree_stored_index(level, leaf >> level) == at);
            Digest hash,
                slow = slow_root(tree.leaves + (leaf >> level << level), (size_t)1 << level);
            EXPECT_OK(tree_subtree(cx, &reader, level, leaf >> level, &hash));
            EXPECT(digest_equal(&hash, &slow) && digest_equal(&hash, &tree.stored[at]));
            at++;
        } while ((leaf >> level++ & 1) != 0);
        EXPECT(tree_stored_count(leaf + 1) == at);
    }
    EXPECT(tree_stored_count(0) == 0);
    // The last place of the largest tree.
    EXPECT(tree_stored_count(((uint64_t)1 << 63) - 1) == UINT64_MAX - 64);
    EXPECT(tree_stored_index(62, 0) == ((uint64_t)1 << 63) - 2);
}

TEST("tree: a proof with any bit flipped, a hash more, a hash less or another index is refused")
{
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, 300);
    TreeReader reader = tree_fixture_reader(&tree);
    Digest root = tree_root(&tree.edge), old_root = slow_root(tree.leaves, 77);
    TreeProof path, step;
    EXPECT_OK(tree_inclusion(cx, &reader, 290, 300, &path));
    EXPECT_OK(tree_consistency(cx, &reader, 77, 300, &step));
    for (size_t bit = 0; bit < path.count * 256; bit++) {
        path.hashes[bit / 256].bytes[bit % 256 / 8] ^= (uint8_t)(1 << bit % 8);
        EXPECT(!tree_includes(290, 300, &tree.leaves[290], &path, &root));
        path.hashes[bit / 256].bytes[bit % 256 / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < step.count * 256; bit++) {
        step.hashes[bit / 256].bytes[bit % 256 / 8] ^= (uint8_t)(1 << bit % 8);
        EXPECT(!tree_is_consistent(77, &old_root, 300, &root, &step));
        step.hashes[bit / 256].bytes[bit % 256 / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (uint64_t index = 0; index < 310; index++)
        EXPECT(tree_includes(index, 300, &tree.leaves[290], &path, &root) == (index == 290));
    for (uint64_t old = 0; old < 310; old++)
        EXPECT(tree_is_consistent(old, &old_root, 300, &root, &step) == (old == 77));
    path.hashes[path.count++] = root;
    step.hashes[step.count++] = root;
    EXPECT(!tree_includes(290, 300, &tree.leaves[290], &path, &root));
    EXPECT(!tree_is_consistent(77, &old_root, 300, &root, &step));
    path.count -= 2;
    step.count -= 2;
    EXPECT(!tree_includes(290, 300, &tree.leaves[290], &path, &root));
    EXPECT(!tree_is_consistent(77, &old_root, 300, &root, &step));
}

TEST("tree: the edges of sizes: nothing of nothing, all of all, and what can't be")
{
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, 9);
    TreeReader reader = tree_fixture_reader(&tree);
    Digest root = tree_root(&tree.edge), empty = tree_empty();
    TreeProof proof = {.count = 5};
    EXPECT(tree_inclusion(cx, &reader, 9, 9, &proof) == ERR_INPUT);
    EXPECT(tree_inclusion(cx, &reader, 0, 0, &proof) == ERR_INPUT);
    EXPECT(tree_consistency(cx, &reader, 10, 9, &proof) == ERR_INPUT);
    EXPECT(proof.count == 5);
    EXPECT_OK(tree_consistency(cx, &reader, 0, 9, &proof));
    EXPECT(proof.count == 0);
    EXPECT(tree_is_consistent(0, &empty, 9, &root, &proof));
    EXPECT(!tree_is_consistent(0, &root, 9, &root, &proof));
    EXPECT(tree_is_consistent(0, &empty, 0, &empty, &proof));
    EXPECT(!tree_is_consistent(0, &root, 0, &root, &proof));
    EXPECT(tree_is_consistent(9, &root, 9, &root, &proof));
    EXPECT(!tree_is_consistent(9, &root, 9, &empty, &proof));
    EXPECT(!tree_is_consistent(10, &root, 9, &root, &proof));
    EXPECT(!tree_is_consistent(4, &root, 9, &root, &proof));
    EXPECT(!tree_is_consistent(3, &root, 9, &root, &proof));
    EXPECT(!tree_includes(0, (uint64_t)1 << 63, &root, &proof, &root));
    // A reader that has not got it says so.
    TreeEdge edge = {.size = 1};
    EXPECT(tree_load(cx, &reader, 10, &edge) == ERR_CORRUPT);
    EXPECT(tree_load(cx, &reader, UINT64_MAX, &edge) == ERR_LIMIT);
    EXPECT(edge.size == 1);
}
