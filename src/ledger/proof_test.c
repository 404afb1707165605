#include "ledger/proof.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/test.h"
#include "base/text.h"
#include "ledger/proof_fixture.h"

#define LEAVES 21

typedef struct Case {
    ProofFixture log;
    NoteKey keys[3]; // log, witness, SM2
    ProofTrust trust;
} Case;

static void case_open(Cx *cx, Case *c, size_t key_count)
{
    *c = (Case){};
    proof_fixture_open(cx, &c->log, LEAVES);
    c->keys[0] = c->log.log.key;
    c->keys[1] = c->log.witness.key;
    c->keys[2] = c->log.sm2.key;
    c->trust = (ProofTrust){.keys = c->keys, .key_count = key_count};
}

static ProofFault fault_of(Cx *cx, const Case *c, Slice bytes)
{
    ProofFacts facts = {.index = 77};
    ProofFault fault = proof_judge(cx, bytes, &c->trust, &facts);
    EXPECT((fault == PROOF_HOLDS) == (facts.index != 77));
    EXPECT((proof_verify(cx, bytes, &c->trust, &facts) == ERR_OK) == (fault == PROOF_HOLDS));
    return fault;
}

// The receipt with some of it changed.
static Slice remade(Cx *cx, Slice bytes, void (*change)(Cx *cx, Proof *proof))
{
    Proof proof;
    Slice again = {};
    EXPECT_OK(proof_parse(cx, bytes, &proof));
    change(cx, &proof);
    EXPECT_OK(proof_print(cx, &proof, &again));
    return again;
}

TEST("proof: a receipt with log, witness and SM2 signature says all that it proves")
{
    Case c;
    case_open(cx, &c, 3);
    for (size_t index = 0; index < LEAVES; index++) {
        Slice bytes = proof_fixture_receipt(cx, &c.log, index, LEAVES,
                                            (ProofFixtureSigned){.witness = true, .sm2 = true});
        ProofFacts facts;
        EXPECT_OK(proof_verify(cx, bytes, &c.trust, &facts));
        EXPECT(facts.index == index && facts.checkpoint.size == LEAVES && !facts.promise);
        EXPECT(slice_equal(facts.origin, SLICE(PROOF_FIXTURE_ORIGIN)));
        EXPECT(facts.witnesses == 1 && facts.witnessed_s == 1'767'225'600);
        EXPECT(facts.opening.open && facts.leaf.type == LEAF_RECEIVED);
        EXPECT(slice_equal(facts.opening.canonical, c.log.openings[index].canonical));
    }
    proof_fixture_close(&c.log);
}

TEST("proof: a receipt is printed again byte for byte")
{
    Case c;
    case_open(cx, &c, 1);
    Slice bytes = proof_fixture_receipt(cx, &c.log, 5, LEAVES, (ProofFixtureSigned){}), again;
    Proof proof;
    ProofOpening opening;
    EXPECT_OK(proof_parse(cx, bytes, &proof));
    EXPECT_OK(proof_print(cx, &proof, &again));
    EXPECT(slice_equal(again, bytes) && proof.index == 5 && proof.path.count == 5);
    EXPECT_OK(proof_opening_parse(cx, proof.extra, &opening));
    EXPECT_OK(proof_opening_print(cx, &opening, &again));
    EXPECT(slice_equal(again, proof.extra));
    proof_fixture_close(&c.log);
}

TEST("proof: a key that is given and has not signed, or has signed something else, is a fault")
{
    Case c;
    case_open(cx, &c, 1);
    ProofFixtureSigned none = {}, all = {.witness = true, .sm2 = true},
                       more = {.witness = true, .sm2 = true, .stranger = true};
    Slice bare = proof_fixture_receipt(cx, &c.log, 3, LEAVES, none),
          full = proof_fixture_receipt(cx, &c.log, 3, LEAVES, all),
          strange = proof_fixture_receipt(cx, &c.log, 3, LEAVES, more);
    EXPECT(fault_of(cx, &c, bare) == PROOF_HOLDS);
    EXPECT(fault_of(cx, &c, full) == PROOF_STRANGER);
    c.trust.allow_unknown = true;
    EXPECT(fault_of(cx, &c, full) == PROOF_HOLDS);
    c.trust.key_count = 2;
    EXPECT(fault_of(cx, &c, full) == PROOF_HOLDS);
    EXPECT(fault_of(cx, &c, bare) == PROOF_UNSIGNED);
    c.trust.key_count = 3;
    EXPECT(fault_of(cx, &c, full) == PROOF_HOLDS);
    EXPECT(fault_of(cx, &c, strange) == PROOF_HOLDS);
    c.trust.allow_unknown = false;
    EXPECT(fault_of(cx, &c, full) == PROOF_HOLDS);
    EXPECT(fault_of(cx, &c, strange) == PROOF_STRANGER);
    // The same id, another key: what it signed does not hold.
    c.keys[1].public_key.bytes[0] ^= 1;
    EXPECT(fault_of(cx, &c, full) == PROOF_FORGED);
    proof_fixture_close(&c.log);
}

TEST("proof: without a key of the log's own nothing holds; no key counts twice")
{
    Case c;
    case_open(cx, &c, 0);
    Slice bytes = proof_fixture_receipt(cx, &c.log, 3, LEAVES,
                                        (ProofFixtureSigned){.witness = true, .sm2 = true});
    c.trust.allow_unknown = true;
    EXPECT(fault_of(cx, &c, bytes) == PROOF_OTHER_LOG);
    NoteKey others[] = {c.log.witness.key};
    c.trust = (ProofTrust){.keys = others, .key_count = 1, .allow_unknown = true};
    EXPECT(fault_of(cx, &c, bytes) == PROOF_OTHER_LOG);
    // Of a witness that calls itself as the log does, too.
    EXPECT_OK(note_key(cx, SLICE(PROOF_FIXTURE_ORIGIN), NOTE_KEY_COSIGNATURE,
                       &c.log.witness.key.public_key, &others[0]));
    EXPECT(fault_of(cx, &c, bytes) == PROOF_OTHER_LOG);
    // The log's key bytes under another name are another key.
    EXPECT_OK(note_key(cx, SLICE("log.example/other"), NOTE_KEY_ED25519, &c.log.log.key.public_key,
                       &others[0]));
    EXPECT(fault_of(cx, &c, bytes) == PROOF_OTHER_LOG);
    // One witness under two names would count as two.
    NoteKey twice[] = {c.log.log.key, c.log.witness.key, c.log.witness.key};
    EXPECT_OK(note_key(cx, SLICE("witness.again"), NOTE_KEY_COSIGNATURE,
                       &c.log.witness.key.public_key, &twice[2]));
    c.trust = (ProofTrust){.keys = twice, .key_count = 3, .allow_unknown = true};
    EXPECT(fault_of(cx, &c, bytes) == PROOF_OTHER_LOG);
    proof_fixture_close(&c.log);
}

TEST("proof: of the log's keys that are given one must have signed, and each line must hold")
{
    static const struct {
        bool keys[3]; // Ed25519, witness, SM2
        bool signed_sm2, allow_unknown;
        ProofFault fault;
    } cases[] = {
        {{true, false, false}, false, false, PROOF_HOLDS},
        {{true, false, true}, false, false, PROOF_HOLDS}, // both given, one is enough
        {{true, false, true}, true, false, PROOF_HOLDS},
        {{true, false, false}, true, false, PROOF_STRANGER},
        {{true, false, false}, true, true, PROOF_HOLDS},
        {{false, false, true}, false, false, PROOF_UNSIGNED},
        {{false, false, true}, false, true, PROOF_UNSIGNED},
        {{false, false, true}, true, false, PROOF_STRANGER}, // the Ed25519 line
        {{false, false, true}, true, true, PROOF_HOLDS},
        {{true, true, true}, true, false, PROOF_UNSIGNED}, // the witness
    };
    Case c;
    case_open(cx, &c, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        NoteKey given[3];
        size_t count = 0;
        for (size_t k = 0; k < 3; k++)
            if (cases[i].keys[k]) given[count++] = c.keys[k];
        c.trust = (ProofTrust){
            .keys = given, .key_count = count, .allow_unknown = cases[i].allow_unknown};
        Slice bytes = proof_fixture_receipt(cx, &c.log, 3, LEAVES,
                                            (ProofFixtureSigned){.sm2 = cases[i].signed_sm2});
        EXPECT(fault_of(cx, &c, bytes) == cases[i].fault);
    }
    // Whichever of the two lines is false: it is refused, for all that the other one holds.
    NoteKey both[] = {c.keys[0], c.keys[2]};
    Slice bytes = proof_fixture_receipt(cx, &c.log, 3, LEAVES, (ProofFixtureSigned){.sm2 = true});
    c.trust = (ProofTrust){.keys = both, .key_count = 2, .allow_unknown = true};
    for (size_t k = 0; k < 2; k++) {
        both[k].public_key = k == 0 ? c.keys[1].public_key : c.keys[2].public_key;
        if (k == 1) both[k].public_key.bytes[64] ^= 1; // no point of the curve any more
        EXPECT(fault_of(cx, &c, bytes) == PROOF_FORGED);
        both[k] = c.keys[k * 2];
    }
    EXPECT(fault_of(cx, &c, bytes) == PROOF_HOLDS);
    proof_fixture_close(&c.log);
}

static void other_index(Cx *cx, Proof *proof)
{
    (void)cx;
    proof->index ^= 1;
}
static void past_the_end(Cx *cx, Proof *proof)
{
    (void)cx;
    proof->index = LEAVES;
}
static void a_hash_less(Cx *cx, Proof *proof)
{
    (void)cx;
    proof->path.count--;
}
static void a_hash_more(Cx *cx, Proof *proof)
{
    (void)cx;
    proof->path.hashes[proof->path.count++] = (Digest){};
}
static void no_opening(Cx *cx, Proof *proof)
{
    (void)cx;
    proof->extra = (Slice){"", 0};
}
static void other_extra(Cx *cx, Proof *proof)
{
    (void)cx;
    proof->extra = SLICE("something else");
}
static void other_event(Cx *cx, Proof *proof)
{
    ProofOpening opening;
    EXPECT_OK(proof_opening_parse(cx, proof->extra, &opening));
    opening.canonical = slice_sub(opening.canonical, 0, opening.canonical.size - 1);
    EXPECT_OK(proof_opening_print(cx, &opening, &proof->extra));
}
static void other_sm3(Cx *cx, Proof *proof)
{
    ProofOpening opening;
    EXPECT_OK(proof_opening_parse(cx, proof->extra, &opening));
    opening.leaf.bytes[LEAF_SIZE - 1] ^= 1;
    EXPECT_OK(proof_opening_print(cx, &opening, &proof->extra));
}
static void closed(Cx *cx, Proof *proof)
{
    ProofOpening opening;
    EXPECT_OK(proof_opening_parse(cx, proof->extra, &opening));
    opening.open = false;
    opening.canonical = (Slice){"", 0};
    EXPECT_OK(proof_opening_print(cx, &opening, &proof->extra));
}

TEST("proof: another index, path, event or leaf is refused for what it is")
{
    static const struct {
        void (*change)(Cx *cx, Proof *proof);
        ProofFault fault;
    } cases[] = {
        {other_index, PROOF_ELSEWHERE},
        {past_the_end, PROOF_ELSEWHERE},
        {a_hash_less, PROOF_ELSEWHERE},
        {a_hash_more, PROOF_ELSEWHERE},
        {no_opening, PROOF_MALFORMED},
        {other_extra, PROOF_MALFORMED},
        {other_event, PROOF_OTHER_EVENT},
        {other_sm3, PROOF_ELSEWHERE},
        {closed, PROOF_HOLDS}, // a public receipt: that it exists, not what it says
    };
    Case c;
    case_open(cx, &c, 1);
    Slice bytes = proof_fixture_receipt(cx, &c.log, 8, LEAVES, (ProofFixtureSigned){});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(fault_of(cx, &c, remade(cx, bytes, cases[i].change)) == cases[i].fault);
    proof_fixture_close(&c.log);
}

TEST("proof: a commitment that holds in SHA-256 alone is refused")
{
    // A log that recorded a leaf whose SM3 commitment is of something else.
    Case c;
    case_open(cx, &c, 1);
    ProofOpening *opening = &c.log.openings[0];
    opening->leaf.bytes[LEAF_SIZE - 1] ^= 1;
    TreeFixture *tree = &c.log.tree;
    tree_fixture_init(cx, tree, 1);
    Digest hash = leaf_hash(&opening->leaf);
    tree_fixture_add(tree, &hash);
    Slice bytes = proof_fixture_receipt(cx, &c.log, 0, 1, (ProofFixtureSigned){});
    EXPECT(fault_of(cx, &c, bytes) == PROOF_OTHER_EVENT);
    proof_fixture_close(&c.log);
}

TEST("proof: every flipped bit of a receipt or a promise is refused")
{
    Case c;
    case_open(cx, &c, 2);
    Slice files[] = {
        proof_fixture_receipt(cx, &c.log, 8, LEAVES, (ProofFixtureSigned){.witness = true}),
        proof_fixture_promise(cx, &c.log, 18, 16),
        proof_fixture_receipt(cx, &c.log, 8, LEAVES,
                              (ProofFixtureSigned){.witness = true, .sm2 = true}),
    };
    static const size_t given[] = {2, 1, 3};
    // Where not all, each third one: in 24 bits each place of a byte is met.
    size_t step = test_fewer(4) == 4 ? 1 : 3;
    for (size_t f = 0; f < 3; f++) {
        c.trust.key_count = given[f];
        char *bytes = (char *)(uintptr_t)files[f].data;
        EXPECT(fault_of(cx, &c, files[f]) == PROOF_HOLDS);
        for (size_t bit = 0; bit < files[f].size * 8; bit += step) {
            Cx one; // a small arena each time: thousands of them
            cx_init(&one, world_real(), LIMIT_MIB);
            ProofFacts facts;
            bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
            EXPECT(proof_judge(&one, files[f], &c.trust, &facts) != PROOF_HOLDS);
            bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
            cx_done(&one);
        }
    }
    proof_fixture_close(&c.log);
}

TEST("proof: what is not spelt in the one way is no receipt")
{
#define HEAD "c2sp.org/tlog-proof@v1\n"
#define HASH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    static const Slice bad[] = {
        SLICE(""),
        SLICE(HEAD),
        SLICE(HEAD "index 0\n"),
        SLICE(HEAD "index 0\n\n"),
        SLICE(HEAD "index 0\n" HASH),
        SLICE(HEAD "index 00\n\nnote"),
        SLICE(HEAD "index +1\n\nnote"),
        SLICE(HEAD "index 9223372036854775808\n\nnote"),
        SLICE(HEAD "index \n\nnote"),
        SLICE(HEAD "index  1\n\nnote"),
        SLICE(HEAD "extra \nindex 1\n\nnote"),
        SLICE(HEAD "extra YQ\nindex 1\n\nnote"),
        SLICE(HEAD "extra YR==\nindex 1\n\nnote"),
        SLICE(HEAD "extra YQ==\nextra YQ==\nindex 1\n\nnote"),
        SLICE(HEAD "index 1\nextra YQ==\n\nnote"),
        SLICE(HEAD "index 1\nYQ==\n\nnote"),
        SLICE(HEAD "index 1\r\n\nnote"),
        SLICE("c2sp.org/tlog-proof@v2\nindex 1\n\nnote"),
        SLICE("\n" HEAD "index 1\n\nnote"),
    };
    Proof proof = {.index = 77};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(proof_parse(cx, bad[i], &proof) == ERR_INPUT);
    EXPECT(proof.index == 77);
    EXPECT_OK(proof_parse(cx, SLICE(HEAD "extra YQ==\nindex 1\n" HASH "\nnote"), &proof));
    EXPECT(slice_equal(proof.extra, SLICE("a")) && slice_equal(proof.note, SLICE("note")));
    Text text = text_open(cx, LIMIT_MIB);
    text_add(&text, SLICE(HEAD "index 0\n"));
    for (int i = 0; i <= TREE_PROOF_MAX; i++)
        text_add(&text, SLICE(HASH));
    text_add(&text, SLICE("\nnote"));
    EXPECT(proof_parse(cx, text_so_far(&text), &proof) == ERR_INPUT);
#undef HEAD
#undef HASH
}

TEST("proof: an opening is a leaf, a flag, and with the flag all of the event")
{
    Case c;
    case_open(cx, &c, 1);
    Slice extra, again;
    ProofOpening opening = c.log.openings[0], parsed = {};
    EXPECT_OK(proof_opening_print(cx, &opening, &extra));
    EXPECT(extra.size == 18 + 154 + 1 + 32 + opening.canonical.size);
    const size_t flag = 18 + 154;
    char *bytes = (char *)(uintptr_t)extra.data;
    for (size_t size = 0; size <= flag + 1 + LEAF_SALT_SIZE; size++)
        EXPECT(proof_opening_parse(cx, slice_sub(extra, 0, size), &parsed) == ERR_INPUT);
    bytes[flag] = 2;
    EXPECT(proof_opening_parse(cx, extra, &parsed) == ERR_INPUT);
    bytes[flag] = 0;
    EXPECT(proof_opening_parse(cx, extra, &parsed) == ERR_INPUT);
    EXPECT_OK(proof_opening_parse(cx, slice_sub(extra, 0, flag + 1), &parsed));
    EXPECT(!parsed.open && parsed.canonical.size == 0);
    bytes[flag] = 1;
    bytes[18] = 2; // the leaf's version
    EXPECT(proof_opening_parse(cx, extra, &parsed) == ERR_INPUT);
    opening.open = false;
    EXPECT(proof_opening_print(cx, &opening, &again) == ERR_INPUT);
    char *large = arena_alloc(&cx->arena, PROOF_EXTRA_MAX);
    memset(large, 'x', PROOF_EXTRA_MAX);
    opening = c.log.openings[0];
    opening.canonical = (Slice){large, PROOF_EXTRA_MAX};
    EXPECT(proof_opening_print(cx, &opening, &again) == ERR_LIMIT);
    proof_fixture_close(&c.log);
}
