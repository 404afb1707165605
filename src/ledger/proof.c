#include "ledger/proof.h"

#include <inttypes.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "ledger/promise_text.h"

#define HEAD         SLICE("c2sp.org/tlog-proof@v1\n")
#define OPENING_HEAD SLICE("fapiao/opening/v1\n")

// ---- the file ----

Err proof_print(Cx *cx, const Proof *proof, Slice *ret_bytes)
{
    if (proof->extra.size > PROOF_EXTRA_MAX || proof->path.count > TREE_PROOF_MAX ||
        proof->index > INT64_MAX)
        return err_set(cx, ERR_INPUT, "no receipt has %zu bytes beside it and %zu hashes",
                       proof->extra.size, proof->path.count);
    Text text = text_open(cx, LIMIT_PROOF_BYTES);
    text_add(&text, HEAD);
    if (proof->extra.size > 0) {
        text_add(&text, SLICE("extra "));
        text_add(&text, base64_encode(cx, proof->extra));
        text_byte(&text, '\n');
    }
    text_printf(&text, "index %" PRIu64 "\n", proof->index);
    for (size_t i = 0; i < proof->path.count; i++) {
        text_add(&text, base64_encode(cx, digest_slice(&proof->path.hashes[i])));
        text_byte(&text, '\n');
    }
    text_byte(&text, '\n');
    text_add(&text, proof->note);
    return text_done(cx, &text, ret_bytes);
}

// The next line of *rest, without its LF; ERR_INPUT when there is none.
static Err take_line(Cx *cx, Slice *rest, Slice *line)
{
    size_t at = slice_find(*rest, SLICE("\n"));
    if (at == SLICE_NONE) return err_set(cx, ERR_INPUT, "a receipt ends too early");
    *line = slice_sub(*rest, 0, at);
    *rest = slice_sub(*rest, at + 1, SIZE_MAX);
    return ERR_OK;
}

static Err read_path(Cx *cx, Slice *rest, TreeProof *path)
{
    for (;;) {
        Slice line = {}, hash = {};
        TRY(take_line(cx, rest, &line));
        if (line.size == 0) return ERR_OK;
        if (path->count == TREE_PROOF_MAX)
            return err_set(cx, ERR_INPUT, "a receipt with over %d hashes", TREE_PROOF_MAX);
        TRY(base64_decode(cx, line, true, &hash));
        if (hash.size != DIGEST_SIZE)
            return err_set(cx, ERR_INPUT, "a hash of %zu bytes", hash.size);
        memcpy(path->hashes[path->count++].bytes, hash.data, DIGEST_SIZE);
    }
}

static Err read_file(Cx *cx, Slice bytes, Proof *proof)
{
    if (!slice_starts(bytes, HEAD)) return err_set(cx, ERR_INPUT, "this is no receipt");
    Slice rest = slice_sub(bytes, HEAD.size, SIZE_MAX), line = {};
    TRY(take_line(cx, &rest, &line));
    if (slice_starts(line, SLICE("extra "))) {
        TRY(base64_decode(cx, slice_sub(line, 6, SIZE_MAX), true, &proof->extra));
        TRY(take_line(cx, &rest, &line));
    }
    if (!slice_starts(line, SLICE("index ")) ||
        !slice_u64(slice_sub(line, 6, SIZE_MAX), &proof->index))
        return err_set(cx, ERR_INPUT, "a receipt without an index");
    TRY(read_path(cx, &rest, &proof->path));
    proof->note = rest;
    return ERR_OK;
}

Err proof_parse(Cx *cx, Slice bytes, Proof *ret_proof)
{
    Proof proof = {.extra = {"", 0}};
    Slice again;
    if (bytes.size > LIMIT_PROOF_BYTES)
        return err_set(cx, ERR_INPUT, "a receipt of %zu bytes", bytes.size);
    TRY(read_file(cx, bytes, &proof));
    if (proof.note.size == 0) return err_set(cx, ERR_INPUT, "a receipt without a checkpoint");
    TRY(proof_print(cx, &proof, &again));
    if (!slice_equal(again, bytes))
        return err_set(cx, ERR_INPUT, "a receipt that is not spelt as it should be");
    *ret_proof = proof;
    return ERR_OK;
}

// ---- what is beside it ----

Err proof_opening_print(Cx *cx, const ProofOpening *opening, Slice *ret_extra)
{
    Leaf leaf;
    if (!leaf_unpack(leaf_slice(&opening->leaf), &leaf))
        return err_set(cx, ERR_INPUT, "the leaf of an opening is none");
    if (opening->open != (opening->canonical.size > 0))
        return err_set(cx, ERR_INPUT, "an opening of an event of %zu bytes",
                       opening->canonical.size);
    Text text = text_open(cx, PROOF_EXTRA_MAX);
    text_add(&text, OPENING_HEAD);
    text_add(&text, leaf_slice(&opening->leaf));
    text_byte(&text, opening->open ? 1 : 0);
    if (opening->open) {
        text_add(&text, (Slice){(const char *)opening->salt, LEAF_SALT_SIZE});
        text_add(&text, opening->canonical);
    }
    return text_done(cx, &text, ret_extra);
}

Err proof_opening_parse(Cx *cx, Slice extra, ProofOpening *ret_opening)
{
    ProofOpening opening = {.canonical = {"", 0}};
    Leaf leaf;
    size_t at = OPENING_HEAD.size;
    if (extra.size > PROOF_EXTRA_MAX || extra.size < at + LEAF_SIZE + 1 ||
        !slice_starts(extra, OPENING_HEAD))
        return err_set(cx, ERR_INPUT, "nothing beside the proof says what was recorded");
    memcpy(opening.leaf.bytes, extra.data + at, LEAF_SIZE);
    if (!leaf_unpack(leaf_slice(&opening.leaf), &leaf))
        return err_set(cx, ERR_INPUT, "the leaf of an opening is none");
    at += LEAF_SIZE;
    uint8_t flag = (uint8_t)extra.data[at++];
    opening.open = flag == 1;
    if (flag > 1 || (flag == 0 && extra.size != at) ||
        (flag == 1 && extra.size <= at + LEAF_SALT_SIZE))
        return err_set(cx, ERR_INPUT, "an opening with flag %u and %zu bytes", flag, extra.size);
    if (opening.open) {
        memcpy(opening.salt, extra.data + at, LEAF_SALT_SIZE);
        opening.canonical = slice_sub(extra, at + LEAF_SALT_SIZE, SIZE_MAX);
    }
    *ret_opening = opening;
    return ERR_OK;
}

// ---- the judgement ----

typedef struct Judge {
    const ProofTrust *trust;
    Proof proof;
    Note note;
    ProofFacts facts;
    ProofFault fault; // of what is being looked at
} Judge;

static Err read_all(Cx *cx, Slice bytes, Judge *judge)
{
    ProofFacts *facts = &judge->facts;
    judge->fault = PROOF_MALFORMED;
    TRY(proof_parse(cx, bytes, &judge->proof));
    TRY(note_parse(cx, judge->proof.note, &judge->note));
    TRY(checkpoint_parse(cx, judge->note.text, &facts->checkpoint));
    TRY(proof_opening_parse(cx, judge->proof.extra, &facts->opening));
    if (!leaf_unpack(leaf_slice(&facts->opening.leaf), &facts->leaf))
        return err_set(cx, ERR_INPUT, "the leaf of an opening is none");
    facts->origin = facts->checkpoint.origin;
    facts->index = judge->proof.index;
    if (facts->checkpoint.extension.size == 0) return ERR_OK;
    // Our checkpoints have no further lines; only a promise has.
    facts->promise = true;
    TRY(promise_text_parse(cx, &facts->checkpoint, &facts->origin, &facts->promise_first,
                           &facts->promise_ms));
    if (__builtin_add_overflow(facts->promise_first, judge->proof.index, &facts->index) ||
        facts->index > INT64_MAX)
        return err_set(cx, ERR_INPUT, "no log has a leaf %" PRIu64, facts->promise_first);
    return ERR_OK;
}

static bool is_given_before(const ProofTrust *trust, size_t at)
{
    const NoteKey *key = &trust->keys[at];
    for (size_t i = 0; i < at; i++) {
        const NoteKey *other = &trust->keys[i];
        if (other->type == key->type && other->public_key.size == key->public_key.size &&
            memcmp(other->public_key.bytes, key->public_key.bytes, key->public_key.size) == 0)
            return true;
    }
    return false;
}

static bool is_logs(const NoteKey *key, Slice origin)
{
    return key->type != NOTE_KEY_COSIGNATURE && slice_equal(key->name, origin);
}

static Err check_keys(Cx *cx, Judge *judge)
{
    const ProofFacts *facts = &judge->facts;
    bool log_key = false;
    judge->fault = PROOF_OTHER_LOG;
    for (size_t i = 0; i < judge->trust->key_count; i++) {
        const NoteKey *key = &judge->trust->keys[i];
        // Else one witness could stand for two.
        if (is_given_before(judge->trust, i))
            return err_set(cx, ERR_INPUT, "key '" SLICE_FMT "' is given twice",
                           SLICE_ARG(key->name));
        if (is_logs(key, facts->origin)) log_key = true;
    }
    if (log_key) return ERR_OK;
    return err_set(cx, ERR_INPUT, "no key given is one of log '" SLICE_FMT "'",
                   SLICE_ARG(facts->origin));
}

// The log has two keys, and a receipt need not bear both lines; a witness that was asked for must
// have signed.
static Err check_signatures(Cx *cx, Judge *judge)
{
    ProofFacts *facts = &judge->facts;
    bool log_signed = false;
    for (size_t i = 0; i < judge->trust->key_count; i++) {
        const NoteKey *key = &judge->trust->keys[i];
        bool logs = is_logs(key, facts->origin);
        uint64_t seconds = 0;
        NoteVerdict verdict = note_verify(&judge->note, key, &seconds);
        judge->fault = verdict == NOTE_ABSENT ? PROOF_UNSIGNED : PROOF_FORGED;
        if (verdict == NOTE_FAILS || (verdict == NOTE_ABSENT && !logs))
            return err_set(cx, ERR_INPUT, "%s '" SLICE_FMT "'",
                           verdict == NOTE_ABSENT ? "no signature of" : "a false signature of",
                           SLICE_ARG(key->name));
        log_signed |= logs && verdict == NOTE_HOLDS;
        if (key->type != NOTE_KEY_COSIGNATURE) continue;
        facts->witnesses++;
        if (seconds > facts->witnessed_s) facts->witnessed_s = seconds;
    }
    judge->fault = PROOF_UNSIGNED;
    if (log_signed) return ERR_OK;
    return err_set(cx, ERR_INPUT, "no signature of log '" SLICE_FMT "' by a key that is given",
                   SLICE_ARG(facts->origin));
}

static Err check_strangers(Cx *cx, Judge *judge)
{
    judge->fault = PROOF_STRANGER;
    for (size_t i = 0; i < judge->note.line_count && !judge->trust->allow_unknown; i++) {
        const NoteLine *line = &judge->note.lines[i];
        bool known = false;
        for (size_t k = 0; k < judge->trust->key_count && !known; k++)
            known = note_line_is_of(line, &judge->trust->keys[k]);
        if (!known)
            // The log's two keys have one name: the id tells which was not given.
            return err_set(cx, ERR_INPUT, "a signature of an unknown key '" SLICE_FMT "+%s'",
                           SLICE_ARG(line->name),
                           base64_hex(cx, (Slice){(const char *)line->id, NOTE_ID_SIZE}).data);
    }
    return ERR_OK;
}

static Err check_leaf(Cx *cx, Judge *judge)
{
    const ProofFacts *facts = &judge->facts;
    judge->fault = PROOF_ELSEWHERE;
    Digest leaf = leaf_hash(&facts->opening.leaf);
    if (!tree_includes(judge->proof.index, facts->checkpoint.size, &leaf, &judge->proof.path,
                       &facts->checkpoint.root))
        return err_set(cx, ERR_INPUT, "leaf %" PRIu64 " is not under the root of %" PRIu64,
                       judge->proof.index, facts->checkpoint.size);
    judge->fault = PROOF_OTHER_EVENT;
    if (!facts->opening.open) return ERR_OK;
    Commitment commitment = leaf_commit(facts->opening.salt, facts->opening.canonical);
    if (!digest_equal(&commitment.sha256, &facts->leaf.commitment.sha256) ||
        !digest_equal(&commitment.sm3, &facts->leaf.commitment.sm3))
        return err_set(cx, ERR_INPUT, "the event of %zu bytes is not the one that was recorded",
                       facts->opening.canonical.size);
    return ERR_OK;
}

static Err judge_all(Cx *cx, Slice bytes, Judge *judge)
{
    TRY(read_all(cx, bytes, judge));
    TRY(check_keys(cx, judge));
    TRY(check_signatures(cx, judge));
    TRY(check_strangers(cx, judge));
    return check_leaf(cx, judge);
}

ProofFault proof_judge(Cx *cx, Slice bytes, const ProofTrust *trust, ProofFacts *ret_facts)
{
    Judge judge = {.trust = trust};
    if (judge_all(cx, bytes, &judge) != ERR_OK) return judge.fault;
    *ret_facts = judge.facts;
    return PROOF_HOLDS;
}

Err proof_verify(Cx *cx, Slice bytes, const ProofTrust *trust, ProofFacts *ret_facts)
{
    Judge judge = {.trust = trust};
    TRY(judge_all(cx, bytes, &judge));
    *ret_facts = judge.facts;
    return ERR_OK;
}
