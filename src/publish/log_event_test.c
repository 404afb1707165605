#include "commit/commit_wait.h"
#include "commit/event_log.h"
#include "publish/log.h"
#include "publish/record_fixture.h"

TEST("log_event: the leaf of index i is event i + 1")
{
    Record record = {.folder = record_folder(cx, "order")};
    record_open(cx, &record);
    record_grow(cx, &record, 70);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, record.store, &db));
    LeafBytes leaves[80];
    size_t count = 0;
    EXPECT_OK(log_event_leaves(cx, record.log, db, 10, 80, leaves, &count));
    EXPECT(count == 60);
    EXPECT_OK(log_event_leaves(cx, record.log, db, 70, 80, leaves, &count));
    EXPECT(count == 0);
    EXPECT_OK(log_event_leaves(cx, record.log, db, 0, 70, leaves, &count));
    EXPECT(count == 70);
    for (uint64_t i = 0; i < 70; i++) {
        LogEvent event;
        EXPECT_OK(log_event(cx, record.log, db, i + 1, &event));
        const Digest hash = leaf_hash(&leaves[i]);
        EXPECT(event.sequence == i + 1 && digest_equal(&event.leaf_hash, &hash));
        LogEvent newest;
        EXPECT_OK(log_event_newest(cx, record.log, db, event.tenant, event.subject, &newest));
        EXPECT(newest.sequence == i + 1 && newest.type == LEAF_RECEIVED);
    }
    LogEvent event;
    EXPECT(log_event(cx, record.log, db, 71, &event) == ERR_MISSING);
    store_give(record.store, db);
    record_close(&record);
}

TEST("log_event: the first entry of a folder may be the platform's, whose name is empty")
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
    EXPECT_OK(log_event_leaves(cx, record.log, db, 0, 1, &leaf, &count));
    const Digest hash = leaf_hash(&leaf);
    EXPECT(count == 1 && digest_equal(&event.leaf_hash, &hash));
    store_give(record.store, db);
    record_close(&record);
}

// What event `sequence` opens to.
static Err look(Cx *cx, Record *record, uint64_t sequence, ProofOpening *ret_opening)
{
    Db *db = NULL;
    LogEvent event;
    TRY(store_take(cx, record->store, &db));
    Err err = log_event(cx, record->log, db, sequence, &event);
    if (err == ERR_OK) err = log_event_opening(cx, record->log, db, &event, false, ret_opening);
    store_give(record->store, db);
    return err;
}

TEST("log_event: what was erased opens to its leaf alone; what was changed opens to nothing")
{
    Record record = {.folder = record_folder(cx, "erased")};
    record_open(cx, &record);
    ProofOpening opening;
    record_grow(cx, &record, 2);
    EXPECT(look(cx, &record, 3, &opening) == ERR_MISSING);
    Db *db = store_writer(record.store);
    EXPECT_OK(db_script(cx, db,
                        "INSERT INTO meta VALUES ('erasing', x'00');"
                        "DELETE FROM content_key WHERE subject = "
                        "(SELECT subject FROM event WHERE sequence = 1);"
                        "DELETE FROM meta WHERE name = 'erasing'"));
    EXPECT_OK(look(cx, &record, 1, &opening));
    EXPECT(!opening.open);
    EXPECT_OK(look(cx, &record, 2, &opening));
    EXPECT(opening.open);
    EXPECT_OK(db_script(cx, db, "DROP TRIGGER event_no_update"));
    static const char *const changes[] = {
        "UPDATE event SET content = zeroblob(99)", "UPDATE event SET type = 13",
        "UPDATE event SET tenant = 'x'", "UPDATE event SET previous = x'00'"};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        EXPECT_OK(db_script(cx, db, changes[i]));
        EXPECT(look(cx, &record, 2, &opening) == ERR_CORRUPT);
    }
    record_close(&record);
}

TEST("log_event: an event that its keeper rewrote under its own key does not open to what it says "
     "now")
{
    Record record = {.folder = record_folder(cx, "rewritten")};
    record_open(cx, &record);
    record_grow(cx, &record, 1);
    Db *db = store_writer(record.store);
    LogEvent event;
    AeadKey key;
    ProofOpening opening;
    Slice sealed, other = SLICE("0123456789abcdef0123456789abcdef{\"total\":\"1.00\"}");
    EXPECT_OK(log_event(cx, record.log, db, 1, &event));
    EXPECT_OK(store_key_find(cx, record.store, db, event.tenant, event.subject, &key));
    Slice about =
        event_log_about(cx, SLICE("fapiao/event/v1"), SLICE(""), digest_slice(&event.leaf_hash));
    EXPECT_OK(aead_seal(cx, &key, about, other, &sealed));
    EXPECT_OK(db_script(cx, db, "DROP TRIGGER event_no_update"));
    EXPECT_OK(db_run(cx, db, "UPDATE event SET content = $1", DB_VALUES(db_blob(sealed)), NULL));
    EXPECT(look(cx, &record, 1, &opening) == ERR_CORRUPT);
    EXPECT(slice_starts(slice_of(cx->err_text), SLICE("event 1 does not say")));
    record_close(&record);
}
