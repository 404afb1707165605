#include "publish/rebuild.h"

#include "publish/random_fixture.h"

TEST("I8: rebuilt projections are the live ones, byte for byte, over a random mix of arrivals")
{
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
        fixture_expect_rebuilt(cx, store, committer);
        commit_close(committer);
        store_close(store);
    }
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
