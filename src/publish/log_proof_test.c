#include <fcntl.h>

#include "publish/log.h"
#include "publish/record_fixture.h"

// The receipt of event `sequence`, and what it says.
static Err prove(Cx *cx, Record *record, uint64_t sequence, bool closed, size_t witnesses,
                 const NoteKey *keys, size_t key_count, ProofFacts *ret_facts)
{
    Db *db = NULL;
    LogEvent event;
    ProofOpening opening;
    Slice file;
    TRY(store_take(cx, record->store, &db));
    Err err = log_event(cx, record->log, db, sequence, &event);
    if (err == ERR_OK) err = log_event_opening(cx, record->log, db, &event, closed, &opening);
    const LogProofOptions options = {.witnesses = witnesses, .sm2 = true};
    if (err == ERR_OK) err = log_proof(cx, record->log, db, &event, &opening, options, &file);
    store_give(record->store, db);
    TRY(err);
    const ProofTrust trust = {.keys = keys, .key_count = key_count, .allow_unknown = true};
    return proof_verify(cx, file, &trust, ret_facts);
}

TEST("log_proof: a receipt holds, open or closed, and takes the newest checkpoint with enough "
     "witnesses")
{
    Record record = {.folder = record_folder(cx, "proof")};
    record_open(cx, &record);
    const NoteKey *own = log_keys(record.log);
    ProofFacts facts;
    record_grow(cx, &record, 3);
    EXPECT(prove(cx, &record, 3, false, 0, own, LOG_KEYS, &facts) == ERR_MISSING);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    EXPECT_OK(prove(cx, &record, 2, false, 0, own, LOG_KEYS, &facts));
    EXPECT(facts.index == 1 && facts.checkpoint.size == 3 && facts.opening.open);
    EXPECT(slice_find(facts.opening.canonical, SLICE("\"event\":\"received\"")) != SLICE_NONE);
    EXPECT_OK(prove(cx, &record, 2, true, 0, own, LOG_KEYS, &facts));
    EXPECT(!facts.opening.open);

    NoteKey keys[4] = {own[0], own[1]};
    Signer *signers[2];
    for (int i = 0; i < 2; i++) {
        const uint8_t seed[SIGNER_SEED_SIZE] = {9, (uint8_t)i};
        EXPECT_OK(signer_open(cx, SIGNER_ED25519, seed, &signers[i]));
        const SignerPublic public_key = signer_public(signers[i]);
        EXPECT_OK(note_key(cx, i == 0 ? SLICE("w.example/1") : SLICE("w.example/2"),
                           NOTE_KEY_COSIGNATURE, &public_key, &keys[2 + i]));
        record_cosign(cx, &record, &keys[2 + i], signers[i], 1000);
    }
    record_cosign(cx, &record, &keys[2], signers[0], 1001); // the same witness again is one
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    record_cosign(cx, &record, &keys[2], signers[0], 1002);
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    static const struct {
        size_t witnesses, found;
        uint64_t size;
    } cases[] = {{0, 0, 5}, {1, 1, 4}, {2, 2, 3}, {3, 0, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        EXPECT_OK(prove(cx, &record, 1, false, cases[i].witnesses, keys, LOG_KEYS + cases[i].found,
                        &facts));
        EXPECT(facts.checkpoint.size == cases[i].size && facts.witnesses == cases[i].found);
    }
    EXPECT_OK(prove(cx, &record, 1, false, 2, keys, 4, &facts));
    EXPECT(facts.witnessed_s == 1001);
    EXPECT(prove(cx, &record, 4, false, 2, keys, 4, &facts) == ERR_INPUT); // one has not signed it
    // A mirror is no witness: what it signed is in the checkpoint, not in receipts, and counts for
    // nobody.
    EXPECT_OK(db_script(cx, store_writer(record.store),
                        "INSERT INTO watcher (tenant, name, kind, vkey, url, token, added_ms, "
                        "size, ok_ms, tried_ms, error) VALUES ('', 'w.example/2', 'mirror', '', "
                        "'', x'00', 1, 0, 0, 0, '')"));
    record_cosign(cx, &record, &keys[3], signers[1], 1003);
    EXPECT_OK(prove(cx, &record, 1, false, 1, keys, 3, &facts));
    EXPECT(facts.checkpoint.size == 4);
    EXPECT_OK(prove(cx, &record, 1, false, 0, keys, 2, &facts));
    EXPECT(facts.checkpoint.size == 5);
    EXPECT(prove(cx, &record, 1, false, 0, keys, 4, &facts) == ERR_INPUT);
    signer_close(signers[0]);
    signer_close(signers[1]);
    record_close(&record);
}

TEST("log_proof: a receipt is not given when the stored hashes do not lead to the root")
{
    Record record = {.folder = record_folder(cx, "astray")};
    record_open(cx, &record);
    record_grow(cx, &record, 4);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    Slice bytes;
    const char *path = cx_printf(cx, "%s/ledger/hashes", record.folder).data;
    EXPECT_OK(disk_read(cx, path, 65536, &bytes));
    ((char *)(uintptr_t)bytes.data)[0] ^= 1; // the first leaf's hash
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    EXPECT_OK(disk_write_at(cx, fd, bytes, 0));
    (void)close(fd);
    ProofFacts facts;
    EXPECT(prove(cx, &record, 2, true, 0, log_keys(record.log), LOG_KEYS, &facts) == ERR_CORRUPT);
    EXPECT_OK(prove(cx, &record, 1, true, 0, log_keys(record.log), LOG_KEYS, &facts));
    record_close(&record);
}
