// docs/formats/ledger.md: its example is what the code makes, and the receipts in it hold.
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/test.h"
#include "ledger/proof_fixture.h"

#define DOC_MAX ((size_t)64 * 1024)

static Slice read_doc(Cx *cx)
{
    const char *root = getenv("FAPIAO_ROOT");
    if (root == NULL) test_skip("FAPIAO_ROOT is not set: where is docs/formats/ledger.md?");
    AUTO_FCLOSE FILE *file = fopen(cx_printf(cx, "%s/docs/formats/ledger.md", root).data, "rb");
    EXPECT(file != NULL);
    char *bytes = arena_alloc(&cx->arena, DOC_MAX);
    size_t size = fread(bytes, 1, DOC_MAX, file);
    EXPECT(size > 0 && size < DOC_MAX);
    return (Slice){bytes, size};
}

// A whole line of the page, between fences or others.
static void expect_line(Cx *cx, Slice doc, Slice line)
{
    bool well = slice_find(doc, cx_printf(cx, "\n" SLICE_FMT "\n", SLICE_ARG(line))) != SLICE_NONE;
    if (!well) fprintf(stderr, "not in docs/formats/ledger.md: " SLICE_FMT "\n", SLICE_ARG(line));
    EXPECT(well);
}

static void expect_hex(Cx *cx, Slice doc, Slice bytes)
{
    expect_line(cx, doc, base64_hex(cx, bytes));
}

TEST("ledger doc: keys, event, commitments, leaf and hashes of the example are the code's")
{
    Slice doc = read_doc(cx);
    ProofFixture log;
    proof_fixture_open(cx, &log, 3);
    expect_line(cx, doc, note_fixture_vkey(cx, &log.log));
    expect_line(cx, doc, note_fixture_vkey(cx, &log.witness));
    expect_line(cx, doc, note_fixture_vkey(cx, &log.sm2));
    const ProofOpening *opening = &log.openings[1];
    Commitment commitment = leaf_commit(opening->salt, opening->canonical);
    expect_line(cx, doc, opening->canonical);
    expect_hex(cx, doc, digest_slice(&commitment.sha256));
    expect_hex(cx, doc, digest_slice(&commitment.sm3));
    expect_hex(cx, doc, leaf_slice(&opening->leaf));
    for (uint64_t i = 0; i < log.tree.stored_count; i++)
        expect_hex(cx, doc, digest_slice(&log.tree.stored[i]));
    Digest root = tree_root(&log.tree.edge);
    expect_hex(cx, doc, digest_slice(&root));
    proof_fixture_close(&log);
}

// The file that begins at the n-th fence with a receipt in it.
static Slice receipt_of(Slice doc, int n)
{
    const Slice head = SLICE("```\nc2sp.org/tlog-proof@v1\n");
    Slice rest = doc;
    for (; n >= 0; n--) {
        size_t at = slice_find(rest, head);
        EXPECT(at != SLICE_NONE);
        rest = slice_sub(rest, at + 4, SIZE_MAX);
    }
    size_t end = slice_find(rest, SLICE("```"));
    EXPECT(end != SLICE_NONE);
    return slice_sub(rest, 0, end);
}

TEST("ledger doc: the receipt and the promise of the example hold, and are the code's")
{
    Slice doc = read_doc(cx), receipt = receipt_of(doc, 0), promise = receipt_of(doc, 1);
    ProofFixture log;
    proof_fixture_open(cx, &log, 3);
    const NoteKey keys[] = {log.log.key, log.witness.key, log.sm2.key};
    ProofTrust trust = {.keys = keys, .key_count = 3};
    ProofFacts facts;
    EXPECT_OK(proof_verify(cx, receipt, &trust, &facts));
    EXPECT(facts.index == 1 && facts.checkpoint.size == 3 && facts.witnesses == 1);
    // But for the SM2 line, which is the last and random, it is what is made now.
    Slice made = proof_fixture_receipt(cx, &log, 1, 3, (ProofFixtureSigned){.witness = true});
    EXPECT(slice_starts(receipt, made));
    trust.key_count = 1;
    EXPECT_OK(proof_verify(cx, promise, &trust, &facts));
    EXPECT(facts.promise && facts.index == 2 && facts.promise_first == 1);
    EXPECT(slice_equal(promise, proof_fixture_promise(cx, &log, 2, 1)));
    proof_fixture_close(&log);
}
