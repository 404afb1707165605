// ledger_grow OUT LEAVES: a log made by the library alone, for checkers that share no code with it.
//
//   OUT/vkeys                 the log's, a witness's, the log's SM2 key, one a line
//   OUT/checkpoint, OUT/tile/…   C2SP's static layout, with the partial tiles of every checkpoint
//   OUT/checkpoints/<size>    each signed head, the newest as well
//   OUT/consistency/<old>-<new>  from each head to the next, a hash a line in base64
//   OUT/proofs/<n>.tlog-proof of every leaf: the odd ones under the newest head, the others under
//                             the first that covers them
//   OUT/promises/<n>.tlog-proof  of the last few leaves, as one group
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/limits.h"
#include "base/text.h"
#include "ledger/proof_fixture.h"
#include "ledger/tile.h"

#define ARENA         (LIMIT_MIB * 1024)
#define HEADS_MAX     16
#define PROMISE_GROUP 7

typedef struct Head {
    uint64_t size;
    Slice note;
} Head;

static void must(bool well, const char *what)
{
    if (well) return;
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static void well(Err err)
{
    must(err == ERR_OK, "the ledger");
}

// Makes the folders on the way.
static void put(Cx *cx, const char *out, const char *name, Slice bytes)
{
    Slice path = cx_printf(cx, "%s/%s", out, name);
    for (char *at = strchr((char *)(uintptr_t)path.data + 1, '/'); at != NULL;
         at = strchr(at + 1, '/')) {
        *at = '\0';
        must(mkdir(path.data, 0777) == 0 || errno == EEXIST, path.data);
        *at = '/';
    }
    AUTO_FCLOSE FILE *file = fopen(path.data, "wb");
    must(file != NULL && fwrite(bytes.data, 1, bytes.size, file) == bytes.size, path.data);
}

static void put_tile(Cx *cx, ProofFixture *log, const char *out, const Tile *tile)
{
    char path[TILE_PATH_SIZE];
    tile_path(tile, path);
    if (tile->level != TILE_ENTRIES) {
        TreeReader reader = tree_fixture_reader(&log->tree);
        Slice bytes = {};
        well(tile_hashes(cx, &reader, tile, &bytes));
        put(cx, out, path, bytes);
        return;
    }
    Text bundle = text_open(cx, (size_t)TILE_WIDTH * TILE_ENTRY_SIZE);
    for (uint64_t i = 0; i < (uint64_t)tile->width; i++) {
        text_byte(&bundle, 0);
        text_byte(&bundle, (char)LEAF_SIZE);
        text_add(&bundle, leaf_slice(&log->openings[tile->n * TILE_WIDTH + i].leaf));
    }
    put(cx, out, path, text_so_far(&bundle));
}

static void put_tiles(Cx *cx, ProofFixture *log, const char *out, uint64_t size)
{
    for (int level = TILE_ENTRIES; level <= TILE_LEVEL_MAX; level++) {
        uint64_t count = level == TILE_ENTRIES ? size : size >> (8 * level);
        for (uint64_t n = 0; n * TILE_WIDTH < count; n++) {
            uint64_t left = count - n * TILE_WIDTH;
            put_tile(cx, log, out, &(Tile){level, n, left < TILE_WIDTH ? (int)left : TILE_WIDTH});
        }
    }
}

static void put_step(Cx *cx, ProofFixture *log, const char *out, uint64_t old, uint64_t size)
{
    TreeReader reader = tree_fixture_reader(&log->tree);
    TreeProof proof;
    well(tree_consistency(cx, &reader, old, size, &proof));
    Text text = text_open(cx, 8192);
    for (size_t i = 0; i < proof.count; i++) {
        text_add(&text, base64_encode(cx, digest_slice(&proof.hashes[i])));
        text_byte(&text, '\n');
    }
    put(cx, out, cx_printf(cx, "consistency/%" PRIu64 "-%" PRIu64, old, size).data,
        text_so_far(&text));
}

static void put_proof(Cx *cx, ProofFixture *log, const char *out, uint64_t index, const Head *head)
{
    Proof proof = {.index = index, .note = head->note};
    TreeReader reader = tree_fixture_reader(&log->tree);
    Slice bytes = {};
    well(tree_inclusion(cx, &reader, index, head->size, &proof.path));
    well(proof_opening_print(cx, &log->openings[index], &proof.extra));
    well(proof_print(cx, &proof, &bytes));
    put(cx, out, cx_printf(cx, "proofs/%" PRIu64 ".tlog-proof", index).data, bytes);
}

static size_t choose_heads(uint64_t leaves, Head *heads)
{
    const uint64_t wanted[] = {1, 2, 3, 255, 256, 257, leaves / 2, leaves - 1, leaves};
    size_t count = 0;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (wanted[i] <= leaves && wanted[i] > (count == 0 ? 0 : heads[count - 1].size))
            heads[count++].size = wanted[i];
    return count;
}

static void put_all(Cx *cx, ProofFixture *log, const char *out, uint64_t leaves)
{
    Head heads[HEADS_MAX] = {};
    size_t count = choose_heads(leaves, heads);
    for (size_t i = 0; i < count; i++) {
        heads[i].note = proof_fixture_checkpoint(
            cx, log, heads[i].size, (ProofFixtureSigned){.witness = true, .sm2 = true});
        put_tiles(cx, log, out, heads[i].size);
        put(cx, out, cx_printf(cx, "checkpoints/%" PRIu64, heads[i].size).data, heads[i].note);
        if (i > 0) put_step(cx, log, out, heads[i - 1].size, heads[i].size);
    }
    put(cx, out, "checkpoint", heads[count - 1].note);
    for (uint64_t index = 0; index < leaves; index++) {
        size_t at = count - 1;
        if (index % 2 == 0)
            for (at = 0; heads[at].size <= index;)
                at++;
        put_proof(cx, log, out, index, &heads[at]);
    }
}

int main(int argc, char **argv)
{
    uint64_t leaves = 0;
    if (argc != 3 || !slice_u64(slice_of(argv[2]), &leaves) || leaves == 0) {
        fprintf(stderr, "usage: ledger_grow OUT LEAVES\n");
        return 2;
    }
    Cx cx;
    ProofFixture log;
    cx_init(&cx, world_real(), ARENA);
    proof_fixture_open(&cx, &log, leaves);
    const NoteFixtureKey *keys[] = {&log.log, &log.witness, &log.sm2};
    Text vkeys = text_open(&cx, 4096);
    for (size_t i = 0; i < 3; i++) {
        text_add(&vkeys, note_fixture_vkey(&cx, keys[i]));
        text_byte(&vkeys, '\n');
    }
    put(&cx, argv[1], "vkeys", text_so_far(&vkeys));
    put_all(&cx, &log, argv[1], leaves);
    // The newest few as one group: what is promised on acceptance.
    uint64_t first = leaves < PROMISE_GROUP ? 0 : leaves - PROMISE_GROUP;
    for (uint64_t index = first; index < leaves; index++)
        put(&cx, argv[1], cx_printf(&cx, "promises/%" PRIu64 ".tlog-proof", index).data,
            proof_fixture_promise(&cx, &log, index, first));
    proof_fixture_close(&log);
    cx_done(&cx);
    return 0;
}
