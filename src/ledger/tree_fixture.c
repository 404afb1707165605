#include "ledger/tree_fixture.h"

#include <assert.h>
#include <inttypes.h>

void tree_fixture_init(Cx *cx, TreeFixture *tree, size_t leaves)
{
    *tree = (TreeFixture){.room = leaves,
                          .leaves = arena_alloc(&cx->arena, leaves * sizeof *tree->leaves),
                          .stored = arena_alloc(&cx->arena, 2 * leaves * sizeof *tree->stored)};
}

void tree_fixture_add(TreeFixture *tree, const Digest *leaf)
{
    assert(tree->edge.size < tree->room);
    Digest stored[TREE_LEVELS];
    size_t count = 0;
    tree->leaves[tree->edge.size] = *leaf;
    tree_grow(&tree->edge, leaf, stored, &count);
    memcpy(tree->stored + tree->stored_count, stored, count * sizeof stored[0]);
    tree->stored_count += count;
}

Slice tree_fixture_entry(Cx *cx, uint64_t i)
{
    Digest digest = digest_of(DIGEST_SHA256, cx_printf(cx, "fapiao-leaf-%" PRIu64, i));
    char *bytes = arena_alloc(&cx->arena, 2 + DIGEST_SIZE);
    bytes[0] = bytes[1] = 1;
    memcpy(bytes + 2, digest.bytes, DIGEST_SIZE);
    return (Slice){bytes, 2 + DIGEST_SIZE};
}

void tree_fixture_fill(Cx *cx, TreeFixture *tree, size_t leaves)
{
    tree_fixture_init(cx, tree, leaves);
    for (size_t i = 0; i < leaves; i++) {
        Digest leaf =
            digest_of_parts(DIGEST_SHA256, (Slice[]){SLICE("\0"), tree_fixture_entry(cx, i)}, 2);
        tree_fixture_add(tree, &leaf);
    }
}

static Err read_stored(Cx *cx, void *self, const uint64_t *indexes, size_t count,
                       Digest *ret_hashes)
{
    const TreeFixture *tree = self;
    for (size_t i = 0; i < count; i++) {
        if (indexes[i] >= tree->stored_count)
            return err_set(cx, ERR_CORRUPT, "no hash at %" PRIu64, indexes[i]);
        ret_hashes[i] = tree->stored[indexes[i]];
    }
    return ERR_OK;
}

TreeReader tree_fixture_reader(TreeFixture *tree)
{
    return (TreeReader){.self = tree, .read = read_stored};
}
