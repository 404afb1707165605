#include "publish/rebuild.h"

#include "publish/random_fixture.h"

TEST("I8: rebuilt projections are the live ones, byte for byte, over a random mix of arrivals")
{
    int64_t joined = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        WorldFake fake;
        world_fake_init(&fake, seed, 0);
        Store *store = fixture_store(cx, cx_printf(cx, "mix-%d", (int)seed).data);
        Committer *committer = fixture_committer(cx, store);
        for (int i = 0; i < 150; i++) {
            Cx own;
            cx_init(&own, world_real(), LIMIT_JOB_ARENA);
            random_fixture_arrival(&own, &fake, committer, i);
            if (i % 25 == 0) random_fixture_zip(&own, committer, i);
            cx_done(&own);
        }
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE conflict = 1") > 1);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice WHERE state LIKE 'red_%'") >
               0);
        EXPECT(fixture_count(cx, store, "SELECT MAX(carriers) FROM invoice") > 3);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) = MAX(sequence) FROM event") == 1);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document_container") > 3);
        joined += fixture_count(cx, store, "SELECT COUNT(*) FROM invoice_joined");
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
    EXPECT(joined > 0);
}

// Documents by their age, so that every kind of neighbour is left behind.
static Slice nth_document(Cx *cx, Store *store, int nth)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    Slice id = SLICE("");
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(db_query(cx, db,
                       "SELECT document FROM document_state WHERE state <> 'erased' AND state <> "
                       "'received' ORDER BY document LIMIT 1 OFFSET $1",
                       DB_VALUES(db_int(nth)), &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    if (row) EXPECT_OK(cx_copy(cx, db_col_blob(rows, 0), &id));
    db_rows_close(rows);
    store_give(store, db);
    return id;
}

TEST("rebuild: what is left when random documents are erased is what a rebuild gives")
{
    for (uint64_t seed = 11; seed <= 13; seed++) {
        WorldFake fake;
        world_fake_init(&fake, seed, 0);
        Store *store = fixture_store(cx, cx_printf(cx, "less-%d", (int)seed).data);
        Committer *committer = fixture_committer(cx, store);
        for (int i = 0; i < 80; i++) {
            Cx own;
            cx_init(&own, world_real(), LIMIT_JOB_ARENA);
            random_fixture_arrival(&own, &fake, committer, i);
            if (i % 25 == 0) random_fixture_zip(&own, committer, i);
            cx_done(&own);
        }
        int64_t invoices = fixture_count(cx, store, "SELECT COUNT(*) FROM invoice");
        for (int i = 0; i < 60; i++) {
            uint8_t dice = 0;
            fake.world.random(&fake, &dice, 1);
            Slice id = nth_document(cx, store, dice % 40);
            if (slice_empty(id)) continue;
            FixtureErase erase = fixture_erase(cx, committer, id, SLICE("court_order"));
            // One with the same bytes may still be read.
            EXPECT(erase.wait.err == ERR_OK || erase.wait.err == ERR_CONFLICT);
            EXPECT((erase.wait.err == ERR_OK) == (erase.erasure.documents > 0));
        }
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM invoice") < invoices);
        EXPECT(fixture_count(cx, store,
                             "SELECT COUNT(*) FROM document_state WHERE state = 'erased'") >= 30);
        EXPECT(fixture_count(cx, store,
                             "SELECT COUNT(*) FROM event e JOIN content_key k ON k.tenant = "
                             "e.tenant AND k.subject = e.subject WHERE e.type = 8") == 0);
        EXPECT(fixture_count(cx, store, "SELECT COUNT(*) = MAX(sequence) FROM event") == 1);
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
}

TEST("rebuild: the same bytes that come after an erasure are a new document")
{
    Store *store = fixture_store(cx, "again");
    Committer *committer = fixture_committer(cx, store);
    Receipt first = fixture_receive(cx, committer, SLICE("one"), SLICE(""));
    Receipt second = fixture_receive(cx, committer, SLICE("one"), SLICE(""));
    EXPECT(second.state == DOC_DUPLICATE);
    Slice id = {(const char *)second.document, COMMIT_ID_SIZE};
    // The first with these bytes is still being read.
    EXPECT(fixture_erase(cx, committer, id, SLICE("court_order")).wait.err == ERR_CONFLICT);
    Reading reading;
    memset(&reading, 0, sizeof reading);
    reading.reason = REASON_NEEDS_OCR;
    (void)fixture_decide(cx, committer, first.document, &reading);
    EXPECT(fixture_erase(cx, committer, id, SLICE("no reason")).wait.err == ERR_INPUT);
    FixtureErase erase = fixture_erase(cx, committer, id, SLICE("personal_data"));
    EXPECT(erase.wait.err == ERR_OK && erase.erasure.documents == 2);
    EXPECT(fixture_erase(cx, committer, id, SLICE("personal_data")).wait.err == ERR_CONFLICT);
    Db *db = NULL;
    Slice bytes;
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT(commit_original(cx, store, db, SLICE("local"), id, &bytes) == ERR_MISSING);
    store_give(store, db);
    Receipt third = fixture_receive(cx, committer, SLICE("one"), SLICE(""));
    EXPECT(third.err == ERR_OK && third.state == DOC_RECEIVED);
    Slice again = {(const char *)third.document, COMMIT_ID_SIZE};
    EXPECT_OK(store_take(cx, store, &db));
    EXPECT_OK(commit_original(cx, store, db, SLICE("local"), again, &bytes));
    EXPECT(slice_equal(bytes, SLICE("one")));
    store_give(store, db);
    fixture_expect_rebuilt(cx, store, committer);
    commit_close(committer);
    store_close(store);
}

static uint64_t last_done, last_all;
static void progress(void *self, uint64_t done, uint64_t all)
{
    (void)self;
    last_done = done;
    last_all = all;
}

TEST("rebuild: tells its progress, leaves out what was erased, and says what is damaged")
{
    Store *store = fixture_store(cx, "erased");
    Committer *committer = fixture_committer(cx, store);
    Receipt one = fixture_receive(cx, committer, SLICE("one"), SLICE(""));
    Receipt two = fixture_receive(cx, committer, SLICE("two"), SLICE(""));
    EXPECT(one.err == ERR_OK && two.err == ERR_OK);
    commit_close(committer);
    Db *db = store_writer(store);
    const RebuildOptions options = {.store = store, .progress = progress};
    EXPECT_OK(db_run(cx, db, "INSERT INTO meta VALUES ('erasing', x'00')", NULL, 0, NULL));
    Slice id = {(const char *)one.document, COMMIT_ID_SIZE};
    EXPECT_OK(
        db_run(cx, db, "DELETE FROM content_key WHERE subject = $1", DB_VALUES(db_blob(id)), NULL));
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(rebuild_run(cx, db, &options));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(last_done == 2 && last_all == 2);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document_state") == 1);

    // A damaged event ends it, and the old projections stay.
    EXPECT_OK(db_script(cx, db, "DROP TRIGGER event_no_update; UPDATE event SET content = x'00'"));
    EXPECT_OK(db_begin(cx, db));
    EXPECT(rebuild_run(cx, db, &options) == ERR_CORRUPT);
    db_rollback(db);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(*) FROM document_state") == 1);
    store_close(store);
}
