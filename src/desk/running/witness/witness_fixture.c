#include "desk/running/witness/witness_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "desk/running/witness/witness_body.h"

// A fixture's own failure is a bug of the test.
static void must(Cx *cx, Err err)
{
    if (err == ERR_OK) return;
    (void)fprintf(stderr, "%s\n", cx->err_text);
    abort();
}

static Signer *open_signer(Cx *cx, const WitnessLog *log)
{
    Signer *signer = NULL;
    const uint8_t seed[SIGNER_SEED_SIZE] = {log->seed};
    must(cx, signer_open(cx, SIGNER_ED25519, seed, &signer));
    return signer;
}

void witness_fixture_log(Cx *cx, WitnessLog *log, Slice origin, uint8_t seed, uint64_t size,
                         uint64_t fork)
{
    *log = (WitnessLog){.origin = origin, .seed = seed};
    Signer *signer = open_signer(cx, log);
    const SignerPublic public_key = signer_public(signer);
    signer_close(signer);
    must(cx, note_key(cx, origin, NOTE_KEY_ED25519, &public_key, &log->key));
    must(cx, note_key_vkey(cx, &log->key, &log->vkey));
    tree_fixture_init(cx, &log->tree, size);
    for (uint64_t i = 0; i < size; i++) {
        Slice entry = cx_printf(cx, "%s-%llu", i < fork ? "same" : "other", (unsigned long long)i);
        const Slice parts[] = {SLICE("\0"), entry};
        Digest leaf = digest_of_parts(DIGEST_SHA256, parts, 2);
        tree_fixture_add(&log->tree, &leaf);
    }
}

static TreeReader reader_of(const WitnessLog *log)
{
    return tree_fixture_reader((TreeFixture *)(uintptr_t)&log->tree);
}

Slice witness_fixture_note(Cx *cx, const WitnessLog *log, uint64_t size)
{
    TreeEdge edge;
    TreeReader reader = reader_of(log);
    Slice text, line, note;
    must(cx, tree_load(cx, &reader, size, &edge));
    const Checkpoint checkpoint = {
        .origin = log->origin, .size = size, .root = tree_root(&edge), .extension = SLICE("")};
    must(cx, checkpoint_print(cx, &checkpoint, &text));
    Signer *signer = open_signer(cx, log);
    must(cx, note_sign(cx, &log->key, signer, text, 0, &line));
    signer_close(signer);
    must(cx, note_print(cx, text, &line, 1, &note));
    return note;
}

Slice witness_fixture_body(Cx *cx, const WitnessLog *log, uint64_t old, uint64_t size, Slice note,
                           bool spoil)
{
    WitnessBody body = {.old = old, .note = note};
    TreeReader reader = reader_of(log);
    Slice bytes;
    if (old <= size) must(cx, tree_consistency(cx, &reader, old, size, &body.proof));
    if (spoil) body.proof.hashes[0].bytes[0] ^= 1;
    must(cx, witness_body_print(cx, &body, &bytes));
    return bytes;
}

Slice witness_fixture_post(Cx *cx, const WitnessLog *log, uint64_t old, uint64_t size)
{
    return witness_fixture_body(cx, log, old, size, witness_fixture_note(cx, log, size), false);
}
