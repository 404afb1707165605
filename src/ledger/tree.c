#include "ledger/tree.h"

#include <assert.h>

#define SIZE_LIMIT ((uint64_t)1 << 63) // a tree is smaller

Digest tree_empty(void)
{
    return digest_of(DIGEST_SHA256, (Slice){"", 0});
}

Digest tree_node(const Digest *left, const Digest *right)
{
    // One piece: half the calls of three.
    char bytes[1 + 2 * DIGEST_SIZE];
    bytes[0] = 1;
    memcpy(bytes + 1, left->bytes, DIGEST_SIZE);
    memcpy(bytes + 1 + DIGEST_SIZE, right->bytes, DIGEST_SIZE);
    return digest_of(DIGEST_SHA256, (Slice){bytes, sizeof bytes});
}

// A subtree is stored right behind its last leaf and the smaller subtrees that leaf completes;
// leaf n has n leaves and n/2 + n/4 + … subtrees before it.
uint64_t tree_stored_index(int level, uint64_t n)
{
    uint64_t last = ((n + 1) << level) - 1, index = (uint64_t)level;
    for (; last > 0; last >>= 1)
        index += last;
    return index;
}

uint64_t tree_stored_count(uint64_t size)
{
    return 2 * size - (uint64_t)__builtin_popcountll(size);
}

void tree_grow(TreeEdge *edge, const Digest *leaf, Digest ret_stored[static TREE_LEVELS],
               size_t *ret_count)
{
    assert(edge->size < SIZE_LIMIT - 1);
    size_t level = 0;
    ret_stored[0] = *leaf;
    for (; (edge->size >> level & 1) != 0; level++)
        ret_stored[level + 1] = tree_node(&edge->peaks[level], &ret_stored[level]);
    edge->peaks[level] = ret_stored[level];
    edge->size++;
    *ret_count = level + 1;
}

Digest tree_root(const TreeEdge *edge)
{
    if (edge->size == 0) return tree_empty();
    int level = __builtin_ctzll(edge->size);
    Digest root = edge->peaks[level];
    for (level++; level < TREE_LEVELS; level++)
        if ((edge->size >> level & 1) != 0) root = tree_node(&edge->peaks[level], &root);
    return root;
}

Err tree_load(Cx *cx, const TreeReader *reader, uint64_t size, TreeEdge *ret_edge)
{
    if (size >= SIZE_LIMIT)
        return err_set(cx, ERR_LIMIT, "no tree has %llu leaves", (unsigned long long)size);
    uint64_t indexes[TREE_LEVELS];
    Digest hashes[TREE_LEVELS];
    size_t count = 0;
    for (int level = 0; level < TREE_LEVELS; level++)
        if ((size >> level & 1) != 0)
            indexes[count++] = tree_stored_index(level, (size >> level) - 1);
    if (count > 0) TRY(reader->read(cx, reader->self, indexes, count, hashes));
    TreeEdge edge = {.size = size};
    count = 0;
    for (int level = 0; level < TREE_LEVELS; level++)
        if ((size >> level & 1) != 0) edge.peaks[level] = hashes[count++];
    *ret_edge = edge;
    return ERR_OK;
}

Err tree_subtree(Cx *cx, const TreeReader *reader, int level, uint64_t n, Digest *ret_hash)
{
    assert(level >= 0 && level < TREE_LEVELS);
    uint64_t index = tree_stored_index(level, n);
    return reader->read(cx, reader->self, &index, 1, ret_hash);
}

// What a proof is made of: complete subtrees, but for at most one hash that stands for the ragged
// right edge: once the path has met that edge, it runs along it and all siblings are to its left.
typedef struct Recipe {
    uint64_t indexes[TREE_PROOF_MAX + TREE_LEVELS]; // in stored order
    size_t count;
    size_t ragged_at, ragged_count; // these make one hash, lowest level first; none when count is 0
} Recipe;

static void recipe_add(Recipe *recipe, int level, uint64_t n)
{
    recipe->indexes[recipe->count++] = tree_stored_index(level, n);
}

// The siblings on the way from subtree `n` of `level` up to the root.
static void recipe_path(Recipe *recipe, int level, uint64_t n, uint64_t size)
{
    for (uint64_t last = (size - 1) >> level; last > 0; level++, n >>= 1, last >>= 1) {
        uint64_t sibling = n ^ 1;
        if (sibling > last) continue; // the last one of its level goes up alone
        if (sibling < last || (size & (((uint64_t)1 << level) - 1)) == 0) {
            recipe_add(recipe, level, sibling);
            continue;
        }
        recipe->ragged_at = recipe->count;
        for (int low = 0; low < level; low++)
            if ((size >> low & 1) != 0) recipe_add(recipe, low, (size >> low) - 1);
        recipe->ragged_count = recipe->count - recipe->ragged_at;
    }
}

static Err cook(Cx *cx, const TreeReader *reader, const Recipe *recipe, TreeProof *ret_proof)
{
    Digest hashes[TREE_PROOF_MAX + TREE_LEVELS];
    if (recipe->count > 0)
        TRY(reader->read(cx, reader->self, recipe->indexes, recipe->count, hashes));
    ret_proof->count = 0;
    for (size_t i = 0; i < recipe->count; i++) {
        Digest hash = hashes[i];
        if (recipe->ragged_count > 0 && i == recipe->ragged_at)
            for (size_t more = 1; more < recipe->ragged_count; more++)
                hash = tree_node(&hashes[++i], &hash);
        ret_proof->hashes[ret_proof->count++] = hash;
    }
    return ERR_OK;
}

Err tree_inclusion(Cx *cx, const TreeReader *reader, uint64_t index, uint64_t size,
                   TreeProof *ret_proof)
{
    if (index >= size || size >= SIZE_LIMIT)
        return err_set(cx, ERR_INPUT, "no leaf %llu in a tree of %llu", (unsigned long long)index,
                       (unsigned long long)size);
    Recipe recipe = {};
    recipe_path(&recipe, 0, index, size);
    return cook(cx, reader, &recipe, ret_proof);
}

Err tree_consistency(Cx *cx, const TreeReader *reader, uint64_t old, uint64_t size,
                     TreeProof *ret_proof)
{
    if (old > size || size >= SIZE_LIMIT)
        return err_set(cx, ERR_INPUT, "a tree of %llu was never one of %llu",
                       (unsigned long long)size, (unsigned long long)old);
    Recipe recipe = {};
    if (old > 0 && old < size) {
        // From the last complete subtree of the old tree; when it is the whole of it, its hash is
        // the old root, which a verifier has.
        int level = __builtin_ctzll(old);
        uint64_t n = (old >> level) - 1;
        if (n > 0) recipe_add(&recipe, level, n);
        recipe_path(&recipe, level, n, size);
    }
    return cook(cx, reader, &recipe, ret_proof);
}

// RFC 9162 §2.1.3.2. fn, sn and the steps are named as there.
bool tree_includes(uint64_t index, uint64_t size, const Digest *leaf, const TreeProof *proof,
                   const Digest *root)
{
    if (index >= size || size >= SIZE_LIMIT) return false;
    uint64_t fn = index, sn = size - 1;
    Digest r = *leaf;
    for (size_t i = 0; i < proof->count; i++) {
        const Digest *p = &proof->hashes[i];
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            r = tree_node(p, &r);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            r = tree_node(&r, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && digest_equal(&r, root);
}

// RFC 9162 §2.1.4.2.
bool tree_is_consistent(uint64_t old, const Digest *old_root, uint64_t size, const Digest *root,
                        const TreeProof *proof)
{
    if (old > size || size >= SIZE_LIMIT) return false;
    Digest empty = tree_empty();
    if (old == 0 && !digest_equal(old_root, &empty)) return false;
    if (old == size) return proof->count == 0 && digest_equal(old_root, root);
    if (old == 0) return proof->count == 0;
    uint64_t fn = old - 1, sn = size - 1;
    for (; (fn & 1) != 0; fn >>= 1)
        sn >>= 1;
    size_t at = 0;
    if (fn != 0 && proof->count == 0) return false;
    Digest fr = fn == 0 ? *old_root : proof->hashes[at++], sr = fr;
    for (; at < proof->count; at++) {
        const Digest *c = &proof->hashes[at];
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            fr = tree_node(c, &fr);
            sr = tree_node(c, &sr);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            sr = tree_node(&sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && digest_equal(&fr, old_root) && digest_equal(&sr, root);
}
