#include "publish/log.h"

#include <fcntl.h>

#include "commit/commit_wait.h"
#include "commit/event_log.h"
#include "publish/record_fixture.h"

TEST("log: its name is made once and kept; keys follow from the folder's log key")
{
    Store *store = fixture_store(cx, "named");
    Store *reading = NULL;
    const StoreOptions options = {.folder = store_folder(store),
                                  .key_file = cx_printf(cx, "%s.key", store_folder(store)).data};
    Log *log = NULL, *again = NULL;
    EXPECT_OK(store_open(cx, &options, &reading));
    EXPECT(log_open(cx, reading, SLICE(""), &log) == ERR_MISSING);
    static const char *const bad[] = {"a b", "a+b", "a\nb", "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(log_open(cx, store, slice_of(bad[i]), &log) == ERR_INPUT);
    char name[NOTE_NAME_MAX];
    memset(name, 'n', sizeof name);
    EXPECT(log_open(cx, store, (Slice){name, sizeof name}, &log) == ERR_INPUT);
    EXPECT_OK(log_open(cx, store, SLICE(""), &log));
    EXPECT(slice_starts(log_origin(log), SLICE("fapiao.local/")) && log_origin(log).size == 29);
    EXPECT(log_open(cx, store, SLICE("other.example"), &again) == ERR_CONFLICT);
    EXPECT_OK(log_open(cx, reading, log_origin(log), &again));
    for (size_t i = 0; i < LOG_KEYS; i++) {
        EXPECT(memcmp(log_keys(log)[i].id, log_keys(again)[i].id, NOTE_ID_SIZE) == 0);
        EXPECT(slice_equal(log_keys(log)[i].name, log_origin(log)));
    }
    EXPECT(log_keys(log)[0].type == NOTE_KEY_ED25519 && log_keys(log)[1].type == NOTE_KEY_SM2);
    log_close(again);
    log_close(log);
    store_close(reading);
    Store *other = fixture_store(cx, "other");
    EXPECT_OK(log_open(cx, other, SLICE("fapiao.example/会计"), &log));
    EXPECT(slice_equal(log_origin(log), SLICE("fapiao.example/会计")));
    log_close(log);
    log_close(NULL);
    store_close(other);
    store_close(store);
}

TEST("log: the leaf of index i is event i + 1, in whatever order stored hashes are asked for")
{
    Record record = {.folder = record_folder(cx, "order")};
    record_open(cx, &record);
    record_grow(cx, &record, 70);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    Db *db = NULL;
    EXPECT_OK(store_take(cx, record.store, &db));
    LeafBytes leaves[80];
    size_t count = 0;
    EXPECT_OK(log_leaves(cx, record.log, db, 10, 80, leaves, &count));
    EXPECT(count == 60);
    EXPECT_OK(log_leaves(cx, record.log, db, 70, 80, leaves, &count));
    EXPECT(count == 0);
    EXPECT_OK(log_leaves(cx, record.log, db, 0, 70, leaves, &count));
    EXPECT(count == 70);
    uint64_t indexes[70];
    Digest hashes[70];
    for (uint64_t i = 0; i < 70; i++) // ascending, then one that goes back
        indexes[i] = tree_stored_index(0, i < 40 ? i : 109 - i);
    const TreeReader reader = log_reader(record.log);
    EXPECT_OK(reader.read(cx, reader.self, indexes, 70, hashes));
    for (uint64_t i = 0; i < 70; i++) {
        LogEvent event;
        EXPECT_OK(log_event(cx, record.log, db, i + 1, &event));
        const Digest hash = leaf_hash(&leaves[i]);
        EXPECT(event.sequence == i + 1 && digest_equal(&event.leaf_hash, &hash));
        EXPECT(digest_equal(&hash, &hashes[i < 40 ? i : 109 - i]));
        LogEvent newest;
        EXPECT_OK(log_event_newest(cx, record.log, db, event.tenant, event.subject, &newest));
        EXPECT(newest.sequence == i + 1 && newest.type == LEAF_RECEIVED);
    }
    LogEvent event;
    EXPECT(log_event(cx, record.log, db, 71, &event) == ERR_MISSING);
    indexes[0] = tree_stored_count(70);
    EXPECT(reader.read(cx, reader.self, indexes, 1, hashes) == ERR_CORRUPT);
    store_give(record.store, db);
    record_close(&record);
}

TEST("log: the first entry of a folder may be the platform's, whose name is empty")
{
    Record record = {.folder = record_folder(cx, "platform")};
    record_open(cx, &record);
    AuditNote note = {.tenant = SLICE(""), .actor = SLICE("local"), .act = SLICE("account.add")};
    EXPECT_OK(commit_wait_audited(cx, record.committer, NULL, NULL, &note));
    Db *db = NULL;
    LogEvent event;
    LeafBytes leaf;
    size_t count = 0;
    EXPECT_OK(store_take(cx, record.store, &db));
    EXPECT_OK(log_event(cx, record.log, db, 1, &event));
    EXPECT_OK(log_leaves(cx, record.log, db, 0, 1, &leaf, &count));
    const Digest hash = leaf_hash(&leaf);
    EXPECT(count == 1 && digest_equal(&event.leaf_hash, &hash));
    store_give(record.store, db);
    record_close(&record);
}

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
    if (err == ERR_OK) err = log_opening(cx, record->log, db, &event, closed, &opening);
    const LogProofOptions options = {.witnesses = witnesses, .sm2 = true};
    if (err == ERR_OK) err = log_proof(cx, record->log, db, &event, &opening, options, &file);
    store_give(record->store, db);
    TRY(err);
    const ProofTrust trust = {.keys = keys, .key_count = key_count, .allow_unknown = true};
    return proof_verify(cx, file, &trust, ret_facts);
}

static void cosign(Cx *cx, Record *record, const NoteKey *key, const Signer *signer,
                   uint64_t seconds)
{
    Db *db = NULL;
    LogHead head;
    EXPECT_OK(store_take(cx, record->store, &db));
    EXPECT_OK(log_head(cx, record->log, db, &head));
    store_give(record->store, db);
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    EXPECT_OK(note_parse(cx, head.note, note));
    Slice line;
    EXPECT_OK(note_sign(cx, key, signer, note->text, seconds, &line));
    db = store_writer(record->store); // nothing is under way on it
    EXPECT_OK(db_run(cx, db,
                     "INSERT INTO cosignature (tenant, size, name, seconds, line) "
                     "VALUES ('', $1, $2, $3, $4)",
                     DB_VALUES(db_int((int64_t)head.size), db_text(key->name),
                               db_int((int64_t)seconds), db_blob(line)),
                     NULL));
}

TEST("log: a receipt holds, open or closed, and takes the newest checkpoint with enough witnesses")
{
    Record record = {.folder = record_folder(cx, "proof")};
    record_open(cx, &record);
    const NoteKey *own = log_keys(record.log);
    ProofFacts facts;
    record_grow(cx, &record, 3);
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
        cosign(cx, &record, &keys[2 + i], signers[i], 1000);
    }
    cosign(cx, &record, &keys[2], signers[0], 1001); // the same witness again is one
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    cosign(cx, &record, &keys[2], signers[0], 1002);
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
    cosign(cx, &record, &keys[3], signers[1], 1003);
    EXPECT_OK(prove(cx, &record, 1, false, 1, keys, 3, &facts));
    EXPECT(facts.checkpoint.size == 4);
    EXPECT_OK(prove(cx, &record, 1, false, 0, keys, 2, &facts));
    EXPECT(facts.checkpoint.size == 5);
    EXPECT(prove(cx, &record, 1, false, 0, keys, 4, &facts) == ERR_INPUT);
    signer_close(signers[0]);
    signer_close(signers[1]);
    record_close(&record);
}

TEST("log: what was erased opens to its leaf alone; what was changed opens to nothing")
{
    Record record = {.folder = record_folder(cx, "erased")};
    record_open(cx, &record);
    const NoteKey *own = log_keys(record.log);
    ProofFacts facts;
    record_grow(cx, &record, 2);
    EXPECT(prove(cx, &record, 3, false, 0, own, LOG_KEYS, &facts) == ERR_MISSING);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    Db *db = store_writer(record.store);
    EXPECT_OK(db_script(cx, db,
                        "INSERT INTO meta VALUES ('erasing', x'00');"
                        "DELETE FROM content_key WHERE subject = "
                        "(SELECT subject FROM event WHERE sequence = 1);"
                        "DELETE FROM meta WHERE name = 'erasing'"));
    EXPECT_OK(prove(cx, &record, 1, false, 0, own, LOG_KEYS, &facts));
    EXPECT(!facts.opening.open && facts.index == 0);
    EXPECT_OK(db_script(cx, db, "DROP TRIGGER event_no_update"));
    static const char *const changes[] = {
        "UPDATE event SET content = zeroblob(99)", "UPDATE event SET type = 13",
        "UPDATE event SET tenant = 'x'", "UPDATE event SET previous = x'00'"};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        EXPECT_OK(db_script(cx, db, changes[i]));
        EXPECT(prove(cx, &record, 2, false, 0, own, LOG_KEYS, &facts) == ERR_CORRUPT);
    }
    record_close(&record);
}

TEST("log: an event that its keeper rewrote under its own key does not open to what it says now")
{
    Record record = {.folder = record_folder(cx, "rewritten")};
    record_open(cx, &record);
    record_grow(cx, &record, 1);
    EXPECT_OK(sealer_flush(cx, record.sealer));
    Db *db = store_writer(record.store);
    LogEvent event;
    AeadKey key;
    ProofFacts facts;
    Slice sealed, other = SLICE("0123456789abcdef0123456789abcdef{\"total\":\"1.00\"}");
    EXPECT_OK(log_event(cx, record.log, db, 1, &event));
    EXPECT_OK(store_key_find(cx, record.store, db, event.tenant, event.subject, &key));
    Slice about =
        event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), digest_slice(&event.leaf_hash));
    EXPECT_OK(aead_seal(cx, &key, about, other, &sealed));
    EXPECT_OK(db_script(cx, db, "DROP TRIGGER event_no_update"));
    EXPECT_OK(db_run(cx, db, "UPDATE event SET content = $1", DB_VALUES(db_blob(sealed)), NULL));
    EXPECT(prove(cx, &record, 1, false, 0, log_keys(record.log), LOG_KEYS, &facts) == ERR_CORRUPT);
    EXPECT(slice_starts(slice_of(cx->err_text), SLICE("event 1 does not say")));
    record_close(&record);
}

TEST("log: a receipt is not given when the stored hashes do not lead to the root")
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
