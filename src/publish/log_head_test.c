#include "publish/log.h"
#include "publish/record_fixture.h"

static Err over(Cx *cx, Record *record, uint64_t index, size_t witnesses, LogHead *ret_head)
{
    Db *db = NULL;
    TRY(store_take(cx, record->store, &db));
    Err err = log_head_over(cx, record->log, db, index, witnesses, ret_head);
    store_give(record->store, db);
    return err;
}

TEST("log_head: the newest over a leaf that enough have signed, or the newest")
{
    Record record = {.folder = record_folder(cx, "heads")};
    record_open(cx, &record);
    LogHead head;
    EXPECT(over(cx, &record, 0, 0, &head) == ERR_MISSING); // nothing is signed yet
    NoteKey key;
    Signer *signer = NULL;
    const uint8_t seed[SIGNER_SEED_SIZE] = {9};
    EXPECT_OK(signer_open(cx, SIGNER_ED25519, seed, &signer));
    const SignerPublic public_key = signer_public(signer);
    EXPECT_OK(note_key(cx, SLICE("w.example/1"), NOTE_KEY_COSIGNATURE, &public_key, &key));
    record_grow(cx, &record, 2);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    record_cosign(cx, &record, &key, signer, 1000);
    record_cosign(cx, &record, &key, signer, 1001); // the same witness again is one
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    EXPECT_OK(over(cx, &record, 0, 0, &head));
    EXPECT(head.size == 3 && head.witnesses == 0);
    EXPECT_OK(over(cx, &record, 1, 1, &head));
    EXPECT(head.size == 2 && head.witnesses == 1);
    EXPECT(slice_find(head.note, SLICE("w.example/1")) != SLICE_NONE);
    EXPECT_OK(over(cx, &record, 2, 1, &head)); // it has not signed that leaf
    EXPECT(head.size == 3);
    EXPECT_OK(over(cx, &record, 0, 2, &head));
    EXPECT(head.size == 3);
    EXPECT(over(cx, &record, 3, 0, &head) == ERR_MISSING);
    signer_close(signer);
    record_close(&record);
}
