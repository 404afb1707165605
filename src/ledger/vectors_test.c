// The ledger against vectors made by another implementation. They lie beside the checkout, not in
// it; the other tests of this folder have values of their own.
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/test.h"
#include "base/text.h"
#include "ledger/proof.h"
#include "ledger/tile.h"
#include "ledger/tree_fixture.h"

#define VECTOR_LEAVES 70'000
#define FILE_MAX      ((size_t)256 * 1024)

static Slice read_vector(Cx *cx, const char *name)
{
    if (test_samples() == NULL) test_skip("no folder of samples, so no ledger vectors beside it");
    Slice path = cx_printf(cx, "%s/../vectors/%s", test_samples(), name);
    AUTO_FCLOSE FILE *file = fopen(path.data, "rb");
    if (file == NULL) test_skip("the folder of samples has no ledger vectors beside it");
    char *bytes = arena_alloc(&cx->arena, FILE_MAX);
    size_t size = fread(bytes, 1, FILE_MAX, file);
    EXPECT(size > 0 && size < FILE_MAX);
    return (Slice){bytes, size};
}

// The vectors' JSON is printed regularly: what is looked for is spelt as it stands there.
static bool vectors_say(Slice json, Slice text)
{
    return slice_find(json, text) != SLICE_NONE;
}

static void expect_proof(Cx *cx, Slice json, Slice head, const TreeProof *proof, Slice tail)
{
    Text text = text_open(cx, 8192);
    text_add(&text, head);
    text_add(&text, SLICE("   \"proof_b64\": ["));
    for (size_t i = 0; i < proof->count; i++) {
        Slice hash = base64_encode(cx, digest_slice(&proof->hashes[i]));
        text_printf(&text, "%s\n    \"" SLICE_FMT "\"", i == 0 ? "" : ",", SLICE_ARG(hash));
    }
    text_add(&text, proof->count == 0 ? SLICE("],\n") : SLICE("\n   ],\n"));
    text_add(&text, tail);
    EXPECT(!text.full && vectors_say(json, text_so_far(&text)));
}

static const uint64_t sizes[] = {0,   1,   2,   3,      7,      8,      255,   256,
                                 257, 511, 512, 65'535, 65'536, 65'537, 70'000};

TEST("vectors: 15 roots from 0 to 70,000 leaves")
{
    Slice json = read_vector(cx, "tlog_vectors.json");
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, VECTOR_LEAVES);
    TreeReader reader = tree_fixture_reader(&tree);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        TreeEdge edge;
        EXPECT_OK(tree_load(cx, &reader, sizes[i], &edge));
        Digest root = tree_root(&edge);
        Slice hex = base64_hex(cx, digest_slice(&root));
        EXPECT(
            vectors_say(json, cx_printf(cx, "\"root_hex\": \"" SLICE_FMT "\",\n", SLICE_ARG(hex))));
    }
}

TEST("vectors: all 277 tiles of 70,000 leaves, and both bundles")
{
    Slice json = read_vector(cx, "tlog_vectors.json");
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, VECTOR_LEAVES);
    TreeReader reader = tree_fixture_reader(&tree);
    size_t tiles = 0;
    for (int level = 0; level <= 2; level++) {
        uint64_t count = VECTOR_LEAVES >> (8 * level);
        for (uint64_t n = 0; n * TILE_WIDTH < count; n++, tiles++) {
            uint64_t left = count - n * TILE_WIDTH;
            Tile tile = {level, n, left < TILE_WIDTH ? (int)left : TILE_WIDTH};
            EXPECT(tile.width == TILE_WIDTH || tile.width == tile_partial(level, VECTOR_LEAVES));
            char path[TILE_PATH_SIZE];
            tile_path(&tile, path);
            Slice bytes;
            EXPECT_OK(tile_hashes(cx, &reader, &tile, &bytes));
            Digest digest = digest_of(DIGEST_SHA256, bytes);
            Slice hex = base64_hex(cx, digest_slice(&digest));
            EXPECT(vectors_say(json, cx_printf(cx,
                                               "\"bytes\": %zu,\n   \"path\": \"%s\",\n   "
                                               "\"sha256\": \"" SLICE_FMT "\"",
                                               bytes.size, path, SLICE_ARG(hex))));
        }
    }
    EXPECT(tiles == 277);
    static const Tile bundles[] = {{TILE_ENTRIES, 0, 256}, {TILE_ENTRIES, 273, 112}};
    for (size_t i = 0; i < 2; i++) {
        char path[TILE_PATH_SIZE];
        tile_path(&bundles[i], path);
        Slice rest = read_vector(cx, cx_printf(cx, "tlog70000/%s", path).data), entry;
        bool good = true;
        uint64_t index = bundles[i].n * TILE_WIDTH;
        for (; tile_entry(&rest, &entry, &good); index++)
            EXPECT(slice_equal(entry, tree_fixture_entry(cx, index)));
        EXPECT(good && index == bundles[i].n * TILE_WIDTH + (uint64_t)bundles[i].width);
    }
}

TEST("vectors: 10 inclusion and 8 consistency proofs, byte for byte")
{
    Slice json = read_vector(cx, "tlog_vectors.json");
    static const uint64_t inclusions[][2] = {
        {0, 70'000},      {1, 70'000},      {255, 70'000}, {256, 70'000}, {65'535, 70'000},
        {65'536, 70'000}, {69'999, 70'000}, {0, 1},        {255, 256},    {256, 257}};
    static const uint64_t steps[][2] = {{1, 70'000},      {255, 256},       {256, 70'000},
                                        {257, 70'000},    {65'536, 70'000}, {65'537, 70'000},
                                        {69'999, 70'000}, {70'000, 70'000}};
    TreeFixture tree;
    tree_fixture_fill(cx, &tree, VECTOR_LEAVES);
    TreeReader reader = tree_fixture_reader(&tree);
    TreeProof proof;
    for (size_t i = 0; i < sizeof inclusions / sizeof inclusions[0]; i++) {
        uint64_t index = inclusions[i][0], size = inclusions[i][1];
        EXPECT_OK(tree_inclusion(cx, &reader, index, size, &proof));
        Slice leaf = base64_hex(cx, tree_fixture_entry(cx, index));
        Slice head =
            cx_printf(cx, "   \"index\": %" PRIu64 ",\n   \"leaf_hex\": \"" SLICE_FMT "\",\n",
                      index, SLICE_ARG(leaf));
        expect_proof(cx, json, head, &proof, cx_printf(cx, "   \"size\": %" PRIu64 "\n", size));
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        EXPECT_OK(tree_consistency(cx, &reader, steps[i][0], steps[i][1], &proof));
        expect_proof(cx, json, cx_printf(cx, "   \"old\": %" PRIu64 ",\n", steps[i][0]), &proof,
                     cx_printf(cx, "   \"size\": %" PRIu64 "\n", steps[i][1]));
    }
}

// The vectors' keys: seeds count up from 0x00 (the log) and 0x80 (the witness).
static Signer *vector_signer(Cx *cx, uint8_t from, const char *name, NoteKeyType type, NoteKey *key)
{
    uint8_t seed[SIGNER_SEED_SIZE];
    for (size_t i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)(from + i);
    Signer *signer = NULL;
    EXPECT_OK(signer_open(cx, SIGNER_ED25519, seed, &signer));
    SignerPublic public_key = signer_public(signer);
    EXPECT_OK(note_key(cx, slice_of(name), type, &public_key, key));
    return signer;
}

// As Go's encoding/json prints it.
static Slice quoted(Cx *cx, Slice text)
{
    Text out = text_open(cx, 8192);
    for (size_t i = 0; i < text.size; i++)
        text_add(&out, text.data[i] == '\n' ? SLICE("\\n") : slice_sub(text, i, 1));
    return text_so_far(&out);
}

TEST("vectors: 15 checkpoints and cosignatures, signed again byte for byte")
{
    Slice json = read_vector(cx, "tlog_vectors.json"), vkey;
    NoteKey log, witness;
    Signer *signers[] = {
        vector_signer(cx, 0x00, "log.fapiao.example/t/demo", NOTE_KEY_ED25519, &log),
        vector_signer(cx, 0x80, "node2.fapiao.example/witness", NOTE_KEY_COSIGNATURE, &witness)};
    EXPECT_OK(note_key_vkey(cx, &log, &vkey));
    EXPECT(vectors_say(json, cx_printf(cx, "\"log_vkey\": \"" SLICE_FMT "\"", SLICE_ARG(vkey))));
    EXPECT_OK(note_key_vkey(cx, &witness, &vkey));
    EXPECT(
        vectors_say(json, cx_printf(cx, "\"witness_vkey\": \"" SLICE_FMT "\"", SLICE_ARG(vkey))));

    TreeFixture tree;
    tree_fixture_fill(cx, &tree, VECTOR_LEAVES);
    TreeReader reader = tree_fixture_reader(&tree);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        TreeEdge edge;
        EXPECT_OK(tree_load(cx, &reader, sizes[i], &edge));
        Checkpoint head = {.origin = log.name, .size = sizes[i], .root = tree_root(&edge)};
        Slice text, line, note, cosignature;
        EXPECT_OK(checkpoint_print(cx, &head, &text));
        EXPECT_OK(note_sign(cx, &log, signers[0], text, 0, &line));
        EXPECT_OK(note_sign(cx, &witness, signers[1], text, 1'767'225'600, &cosignature));
        EXPECT_OK(note_print(cx, text, &line, 1, &note));
        note = quoted(cx, note);
        cosignature = quoted(cx, cosignature);
        EXPECT(vectors_say(json,
                           cx_printf(cx, "\"signed_note\": \"" SLICE_FMT "\"", SLICE_ARG(note))));
        EXPECT(vectors_say(
            json, cx_printf(cx, "\"cosign_line\": \"" SLICE_FMT "\"", SLICE_ARG(cosignature))));
    }
    signer_close(signers[0]);
    signer_close(signers[1]);
}

TEST("vectors: the SM2 line of another maker passes through as that of an unknown key")
{
    Slice bytes = read_vector(cx, "checkpoint.70000.sm2"), again;
    NoteKey log, witness;
    signer_close(vector_signer(cx, 0x00, "log.fapiao.example/t/demo", NOTE_KEY_ED25519, &log));
    signer_close(
        vector_signer(cx, 0x80, "node2.fapiao.example/witness", NOTE_KEY_COSIGNATURE, &witness));
    Note note;
    Checkpoint checkpoint;
    uint64_t seconds = 0;
    EXPECT_OK(note_parse(cx, bytes, &note));
    EXPECT_OK(checkpoint_parse(cx, note.text, &checkpoint));
    EXPECT(note.line_count == 3 && checkpoint.size == VECTOR_LEAVES);
    EXPECT(note_verify(&note, &log, NULL) == NOTE_HOLDS);
    EXPECT(note_verify(&note, &witness, &seconds) == NOTE_HOLDS && seconds == 1'767'225'600);
    size_t unknown = 0;
    Slice lines[3];
    for (size_t i = 0; i < 3; i++) {
        unknown +=
            !note_line_is_of(&note.lines[i], &log) && !note_line_is_of(&note.lines[i], &witness);
        lines[i] = note.lines[i].line;
    }
    EXPECT(unknown == 1);
    EXPECT_OK(note_print(cx, note.text, lines, 3, &again));
    EXPECT(slice_equal(again, bytes));
}

TEST("vectors: a proof file of another maker is parsed, printed again and holds")
{
    Slice bytes = read_vector(cx, "65536.tlog-proof"), again;
    Proof proof;
    Note note;
    Checkpoint checkpoint;
    EXPECT_OK(proof_parse(cx, bytes, &proof));
    EXPECT_OK(proof_print(cx, &proof, &again));
    EXPECT(slice_equal(again, bytes) && proof.index == 65'536 && proof.extra.size == 0);
    EXPECT(slice_equal(proof.note, read_vector(cx, "checkpoint.70000")));
    EXPECT_OK(note_parse(cx, proof.note, &note));
    EXPECT_OK(checkpoint_parse(cx, note.text, &checkpoint));
    Slice parts[] = {SLICE("\0"), tree_fixture_entry(cx, 65'536)};
    Digest leaf = digest_of_parts(DIGEST_SHA256, parts, 2);
    EXPECT(tree_includes(65'536, checkpoint.size, &leaf, &proof.path, &checkpoint.root));
    // It has nothing beside it: no receipt of ours.
    NoteKey log;
    signer_close(vector_signer(cx, 0x00, "log.fapiao.example/t/demo", NOTE_KEY_ED25519, &log));
    ProofTrust trust = {.keys = &log, .key_count = 1, .allow_unknown = true};
    ProofFacts facts;
    EXPECT(proof_judge(cx, bytes, &trust, &facts) == PROOF_MALFORMED);
}
