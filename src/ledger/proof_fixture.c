#include "ledger/proof_fixture.h"

#include <stdlib.h>

#include "base/base64.h"
#include "ledger/promise.h"

#define TIME_MS 1'795'309'920'000 // 2026-11-22T09:12:00+08:00

static void must(Err err)
{
    if (err != ERR_OK) abort();
}

Slice proof_fixture_document(Cx *cx, size_t i)
{
    return cx_printf(cx, "document %zu\n", i);
}

static Slice event(Cx *cx, size_t i)
{
    Slice document = proof_fixture_document(cx, i);
    Digest sha256 = digest_of(DIGEST_SHA256, document), sm3 = digest_of(DIGEST_SM3, document);
    Slice sha256_hex = base64_hex(cx, digest_slice(&sha256)),
          sm3_hex = base64_hex(cx, digest_slice(&sm3));
    return cx_printf(
        cx,
        "{\"actor\":\"local\",\"event\":\"received\",\"file_name\":\"发票 %zu.ofd\",\"reference\":"
        "\"R-2026-%06zu\",\"sha256\":\"" SLICE_FMT "\",\"size\":\"%zu\",\"sm3\":\"" SLICE_FMT
        "\",\"tenant\":\"local\",\"time\":\"2026-11-22T09:12:00+08:00\",\"v\":\"1\"}",
        i, i + 1, SLICE_ARG(sha256_hex), document.size, SLICE_ARG(sm3_hex));
}

static void add(Cx *cx, ProofFixture *fixture, size_t i)
{
    ProofOpening *opening = &fixture->openings[i];
    Slice log_key = SLICE("log key"), id = cx_printf(cx, "document %zu", i);
    memset(opening->salt, (int)(i & 0xFF), sizeof opening->salt);
    opening->open = true;
    opening->canonical = event(cx, i);
    Leaf leaf = {.type = LEAF_RECEIVED,
                 .subject = leaf_subject(log_key, id),
                 .time_ms = TIME_MS,
                 .commitment = leaf_commit(opening->salt, opening->canonical)};
    leaf_tenant_tag(log_key, SLICE("local"), leaf.tenant_tag);
    opening->leaf = leaf_pack(&leaf);
    Digest hash = leaf_hash(&opening->leaf);
    tree_fixture_add(&fixture->tree, &hash);
}

void proof_fixture_open(Cx *cx, ProofFixture *fixture, size_t leaves)
{
    *fixture =
        (ProofFixture){.openings = arena_alloc(&cx->arena, leaves * sizeof *fixture->openings),
                       .log = note_fixture_open(cx, PROOF_FIXTURE_ORIGIN, NOTE_KEY_ED25519, 1),
                       .witness = note_fixture_open(cx, "witness.example", NOTE_KEY_COSIGNATURE, 2),
                       .sm2 = note_fixture_open(cx, PROOF_FIXTURE_ORIGIN, NOTE_KEY_SM2, 3)};
    tree_fixture_init(cx, &fixture->tree, leaves);
    for (size_t i = 0; i < leaves; i++)
        add(cx, fixture, i);
}

void proof_fixture_close(ProofFixture *fixture)
{
    note_fixture_close(&fixture->log);
    note_fixture_close(&fixture->witness);
    note_fixture_close(&fixture->sm2);
}

Slice proof_fixture_checkpoint(Cx *cx, ProofFixture *fixture, uint64_t size, ProofFixtureSigned by)
{
    TreeReader reader = tree_fixture_reader(&fixture->tree);
    TreeEdge edge;
    must(tree_load(cx, &reader, size, &edge));
    Checkpoint checkpoint = {
        .origin = SLICE(PROOF_FIXTURE_ORIGIN), .size = size, .root = tree_root(&edge)};
    Slice text = {};
    must(checkpoint_print(cx, &checkpoint, &text));
    NoteFixtureKey keys[4] = {fixture->log}, stranger = {};
    size_t count = 1;
    if (by.witness) keys[count++] = fixture->witness;
    if (by.sm2) keys[count++] = fixture->sm2;
    if (by.stranger)
        keys[count++] = stranger =
            note_fixture_open(cx, "stranger.example", NOTE_KEY_COSIGNATURE, 9);
    Slice note = note_fixture_make(cx, text, keys, count);
    note_fixture_close(&stranger);
    return note;
}

Slice proof_fixture_receipt(Cx *cx, ProofFixture *fixture, uint64_t index, uint64_t size,
                            ProofFixtureSigned by)
{
    Proof proof = {.index = index, .note = proof_fixture_checkpoint(cx, fixture, size, by)};
    TreeReader reader = tree_fixture_reader(&fixture->tree);
    Slice bytes = {};
    must(tree_inclusion(cx, &reader, index, size, &proof.path));
    must(proof_opening_print(cx, &fixture->openings[index], &proof.extra));
    must(proof_print(cx, &proof, &bytes));
    return bytes;
}

Slice proof_fixture_promise(Cx *cx, ProofFixture *fixture, uint64_t index, uint64_t first)
{
    Promise *promise = NULL;
    Slice extra = {}, bytes = {};
    must(promise_make(cx, SLICE(PROOF_FIXTURE_ORIGIN), first, TIME_MS + 1000,
                      fixture->tree.leaves + first, fixture->tree.edge.size - first,
                      &fixture->log.key, (const Signer *const *)&fixture->log.signer, 1, &promise));
    must(proof_opening_print(cx, &fixture->openings[index], &extra));
    must(promise_print(cx, promise, index, extra, &bytes));
    promise_drop(promise);
    return bytes;
}
