#include "ledger/promise.h"

#include "base/test.h"
#include "ledger/proof_fixture.h"

TEST("promise: each leaf of a group has its file, and the file says where in the log it stands")
{
    ProofFixture log;
    proof_fixture_open(cx, &log, 21);
    NoteKey key = log.log.key;
    ProofTrust trust = {.keys = &key, .key_count = 1};
    for (uint64_t first = 0; first < 21; first += 4)
        for (uint64_t index = first; index < 21; index++) {
            ProofFacts facts;
            Slice bytes = proof_fixture_promise(cx, &log, index, first);
            EXPECT_OK(proof_verify(cx, bytes, &trust, &facts));
            EXPECT(facts.promise && facts.index == index && facts.promise_first == first);
            EXPECT(facts.promise_ms == 1'795'309'921'000);
            EXPECT(slice_equal(facts.origin, SLICE(PROOF_FIXTURE_ORIGIN)));
            EXPECT(facts.checkpoint.size == 21 - first);
            Proof proof;
            EXPECT_OK(proof_parse(cx, bytes, &proof));
            EXPECT(proof.index == index - first);
        }
    proof_fixture_close(&log);
}

TEST("promise: a witness that is asked for and can't have signed is a fault")
{
    ProofFixture log;
    proof_fixture_open(cx, &log, 3);
    NoteKey keys[] = {log.log.key, log.witness.key};
    ProofTrust trust = {.keys = keys, .key_count = 2};
    ProofFacts facts;
    Slice bytes = proof_fixture_promise(cx, &log, 1, 0);
    EXPECT(proof_judge(cx, bytes, &trust, &facts) == PROOF_UNSIGNED);
    // A key of the name "<origin>/promise" is not the log's.
    EXPECT_OK(note_key(cx, SLICE(PROOF_FIXTURE_ORIGIN "/promise"), NOTE_KEY_ED25519,
                       &log.log.key.public_key, &keys[0]));
    trust.key_count = 1;
    EXPECT(proof_judge(cx, bytes, &trust, &facts) == PROOF_OTHER_LOG);
    proof_fixture_close(&log);
}

TEST("promise: both of a log's keys sign it; no leaf outside the group has a file")
{
    ProofFixture log;
    proof_fixture_open(cx, &log, 5);
    NoteKey keys[] = {log.log.key, log.sm2.key};
    const Signer *signers[] = {log.log.signer, log.sm2.signer};
    Promise *promise = NULL;
    EXPECT_OK(promise_make(cx, SLICE(PROOF_FIXTURE_ORIGIN), 100, 7, log.tree.leaves, 5, keys,
                           signers, 2, &promise));
    Promise *held = promise_hold(promise);
    promise_drop(promise); // one of two
    Slice extra, bytes = {};
    EXPECT_OK(proof_opening_print(cx, &log.openings[4], &extra));
    EXPECT(promise_print(cx, held, 99, extra, &bytes) == ERR_INPUT);
    EXPECT(promise_print(cx, held, 105, extra, &bytes) == ERR_INPUT);
    EXPECT_OK(promise_print(cx, held, 104, extra, &bytes));
    promise_drop(held);
    promise_drop(NULL);
    ProofTrust trust = {.keys = keys, .key_count = 2};
    ProofFacts facts;
    EXPECT_OK(proof_verify(cx, bytes, &trust, &facts));
    EXPECT(facts.index == 104 && facts.promise_ms == 7 && facts.witnesses == 0);
    // A key that is not the signer's, an origin that is no line, an index past all logs.
    const Signer *crossed[] = {log.sm2.signer};
    EXPECT_OK(promise_make(cx, SLICE("a"), 0, 7, log.tree.leaves, 5, keys, crossed, 1, &promise));
    EXPECT(promise_print(cx, promise, 0, extra, &bytes) == ERR_INPUT);
    promise_drop(promise);
    EXPECT(promise_make(cx, SLICE("a\nb"), 0, 7, log.tree.leaves, 5, keys, signers, 1, &promise) ==
           ERR_INPUT);
    EXPECT(promise_make(cx, SLICE("a"), INT64_MAX, 7, log.tree.leaves, 5, keys, signers, 1,
                        &promise) == ERR_INPUT);
    proof_fixture_close(&log);
}
