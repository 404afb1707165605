// Proof_fixture: a small log with everything in it, made for tests: events of files, leaves, keys,
// receipts. The same for the same number of leaves, but for SM2 signatures, which are random.
#pragma once
#include "ledger/note_fixture.h"
#include "ledger/proof.h"
#include "ledger/tree_fixture.h"

#define PROOF_FIXTURE_ORIGIN "log.example/demo"

typedef struct ProofFixture {
    TreeFixture tree;
    ProofOpening *openings;
    NoteFixtureKey log, witness, sm2; // seeds 0x01, 0x02, 0x03 32 times
} ProofFixture;

void proof_fixture_open(Cx *cx, ProofFixture *fixture, size_t leaves);
void proof_fixture_close(ProofFixture *fixture);
// What stands in file i: the event of leaf i names its SHA-256 and SM3.
Slice proof_fixture_document(Cx *cx, size_t i);
typedef struct ProofFixtureSigned {
    bool witness, sm2, stranger; // besides the log
} ProofFixtureSigned;
// The signed checkpoint at that size.
Slice proof_fixture_checkpoint(Cx *cx, ProofFixture *fixture, uint64_t size, ProofFixtureSigned by);
// The receipt of leaf `index` at that size.
Slice proof_fixture_receipt(Cx *cx, ProofFixture *fixture, uint64_t index, uint64_t size,
                            ProofFixtureSigned by);
// The promise of leaf `index` among those from `first` to the end, at 1,795,309,921,000 ms.
Slice proof_fixture_promise(Cx *cx, ProofFixture *fixture, uint64_t index, uint64_t first);
