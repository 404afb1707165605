// bench_ledger [SECONDS]: what the core of the ledger does in a second of CPU, on one core, all in
// memory: leaves hashed and appended, inclusion proofs, checkpoints printed and signed, receipts
// verified. Prints one line of JSON.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/limits.h"
#include "ledger/proof_fixture.h"

#define LEAVES ((size_t)1 << 20)
#define STEP   ((size_t)256) // between looks at the clock
#define ARENA  (LIMIT_MIB * 1024)

static double cpu_seconds(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void must(Err err)
{
    if (err != ERR_OK) exit(1);
}

// Each entry is 154 bytes; its hash is part of the work. One tree of a million leaves, as often as
// there is time.
static double append(TreeFixture *tree, double seconds)
{
    Leaf leaf = {.type = LEAF_RECEIVED};
    size_t done = 0;
    double begun = cpu_seconds(), used = 0;
    for (; used < seconds || tree->edge.size < LEAVES; used = cpu_seconds() - begun) {
        if (tree->edge.size == LEAVES) {
            tree->edge = (TreeEdge){};
            tree->stored_count = 0;
        }
        for (size_t i = 0; i < STEP; i++, done++) {
            leaf.time_ms = done;
            LeafBytes bytes = leaf_pack(&leaf);
            Digest hash = leaf_hash(&bytes);
            tree_fixture_add(tree, &hash);
        }
    }
    return (double)done / used;
}

static double prove(TreeFixture *tree, double seconds)
{
    TreeReader reader = tree_fixture_reader(tree);
    size_t done = 0;
    double begun = cpu_seconds(), used = 0;
    for (; used < seconds; used = cpu_seconds() - begun)
        for (size_t i = 0; i < STEP; i++, done++) {
            Cx cx;
            TreeProof proof;
            cx_init(&cx, world_real(), LIMIT_MIB);
            must(tree_inclusion(&cx, &reader, done * 40'503 % LEAVES, LEAVES, &proof));
            cx_done(&cx);
        }
    return (double)done / used;
}

static double sign(const ProofFixture *log, double seconds)
{
    size_t done = 0;
    double begun = cpu_seconds(), used = 0;
    for (; used < seconds; used = cpu_seconds() - begun)
        for (size_t i = 0; i < STEP; i++, done++) {
            Cx cx;
            Slice text, line, note;
            cx_init(&cx, world_real(), LIMIT_MIB);
            Checkpoint head = {.origin = SLICE(PROOF_FIXTURE_ORIGIN), .size = done};
            must(checkpoint_print(&cx, &head, &text));
            must(note_sign(&cx, &log->log.key, log->log.signer, text, 0, &line));
            must(note_print(&cx, text, &line, 1, &note));
            cx_done(&cx);
        }
    return (double)done / used;
}

static double verify(Slice receipt, const ProofTrust *trust, double seconds)
{
    size_t done = 0;
    double begun = cpu_seconds(), used = 0;
    for (; used < seconds; used = cpu_seconds() - begun)
        for (size_t i = 0; i < STEP; i++, done++) {
            Cx cx;
            ProofFacts facts;
            cx_init(&cx, world_real(), LIMIT_MIB);
            must(proof_verify(&cx, receipt, trust, &facts));
            cx_done(&cx);
        }
    return (double)done / used;
}

int main(int argc, char **argv)
{
    uint64_t whole = 3; // of each part
    if (argc > 1 && !slice_u64(slice_of(argv[1]), &whole)) return 2;
    double seconds = whole == 0 ? 0.1 : (double)whole;
    Cx cx;
    cx_init(&cx, world_real(), ARENA);
    TreeFixture tree;
    tree_fixture_init(&cx, &tree, LEAVES);
    double leaves = append(&tree, seconds), proofs = prove(&tree, seconds);
    ProofFixture log;
    proof_fixture_open(&cx, &log, 1024);
    Slice receipt = proof_fixture_receipt(&cx, &log, 700, 1024, (ProofFixtureSigned){});
    ProofTrust trust = {.keys = &log.log.key, .key_count = 1};
    double checkpoints = sign(&log, seconds), receipts = verify(receipt, &trust, seconds);
    printf("{\"leaves\":%.0f,\"proofs\":%.0f,\"checkpoints\":%.0f,\"receipts_verified\":%.0f}\n",
           leaves, proofs, checkpoints, receipts);
    proof_fixture_close(&log);
    cx_done(&cx);
    return 0;
}
