#include "publish/day_fold.h"

#include "publish/random_fixture.h"

// Rows of either side that the other lacks.
static const char differ_sql[] =
    "SELECT COUNT(*) FROM (SELECT * FROM (SELECT * FROM counted EXCEPT SELECT * FROM invoice_day) "
    "UNION ALL SELECT * FROM (SELECT * FROM invoice_day EXCEPT SELECT * FROM counted))";

static int64_t differing(Cx *cx, Store *store)
{
    Slice sql = cx_printf(cx,
                          "WITH counted AS (SELECT tenant, issue_date, kind, state, conflict, "
                          "COUNT(*), COALESCE(SUM(amount), 0), COALESCE(SUM(tax), 0), "
                          "COALESCE(SUM(total), 0) FROM invoice GROUP BY 1, 2, 3, 4, 5) %s",
                          differ_sql);
    return fixture_count(cx, store, sql.data);
}

// The same of document_day.
static int64_t differing_documents(Cx *cx, Store *store)
{
    return fixture_count(
        cx, store,
        "WITH was AS (SELECT tenant, received_day, source, CASE state WHEN 'erased' THEN reason "
        "ELSE state END AS state FROM document_state), "
        "counted AS (SELECT tenant, received_day, source, COUNT(*), SUM(state = 'received'), "
        "SUM(state = 'accepted'), SUM(state = 'duplicate'), SUM(state = 'conflict'), "
        "SUM(state = 'quarantined'), SUM(state = 'rejected'), SUM(state = 'unpacked') FROM was "
        "GROUP BY 1, 2, 3) SELECT COUNT(*) FROM (SELECT * FROM (SELECT * FROM counted EXCEPT "
        "SELECT * FROM document_day) UNION ALL "
        "SELECT * FROM (SELECT * FROM document_day EXCEPT SELECT * FROM counted))");
}

TEST("day fold: after every arrival of a random mix, and as they are erased, it is what is there")
{
    WorldFake fake;
    world_fake_init(&fake, 5, 0);
    Store *store = fixture_store(cx, "days");
    Committer *committer = fixture_committer(cx, store);
    for (int i = 0; i < 120; i++) {
        Cx own;
        cx_init(&own, world_real(), LIMIT_JOB_ARENA);
        random_fixture_arrival(&own, &fake, committer, i);
        EXPECT(differing(&own, store) == 0);
        EXPECT(differing_documents(&own, store) == 0);
        cx_done(&own);
    }
    EXPECT(fixture_count(cx, store, "SELECT COUNT(DISTINCT state) FROM invoice_day") >= 3);
    EXPECT(fixture_count(cx, store, "SELECT COUNT(DISTINCT conflict) FROM invoice_day") == 2);
    EXPECT(fixture_count(cx, store, "SELECT MIN(invoices) FROM invoice_day") > 0);
    EXPECT(fixture_count(cx, store, "SELECT SUM(accepted) FROM document_day") > 0);
    EXPECT(fixture_count(cx, store, "SELECT SUM(conflict) FROM document_day") > 0);
    EXPECT(fixture_count(cx, store, "SELECT SUM(came) FROM document_day") ==
           fixture_count(cx, store, "SELECT COUNT(*) FROM document"));
    commit_close(committer);
    store_close(store);
}

TEST("day fold: sums that would overflow stay; an invoice that isn't there changes nothing")
{
    Store *store = fixture_store(cx, "overflow");
    Db *db = store_writer(store);
    EXPECT_OK(db_begin(cx, db));
    EXPECT_OK(db_script(
        cx, db,
        "INSERT INTO invoice VALUES ('t', x'01', '32', '', '1', '2024-01-01', 5, 6, NULL, '', 1, 1,"
        " 0, '', 'normal', 0, 0, 1, 0, 1, '', '');"
        "INSERT INTO invoice_day VALUES ('t', '2024-01-01', '32', 'normal', 0, 1,"
        " 9223372036854775807, -9223372036854775807, 7)"));
    EXPECT_OK(day_fold_put(cx, db, SLICE("t"), (Slice){"\1", 1}));
    EXPECT_OK(day_fold_put(cx, db, SLICE("t"), (Slice){"\2", 1}));
    EXPECT_OK(day_fold_take(cx, db, NULL, SLICE("t"), (Slice){"\2", 1}));
    EXPECT_OK(db_commit(cx, db));
    EXPECT(fixture_count(cx, store, "SELECT invoices FROM invoice_day") == 2);
    EXPECT(fixture_count(cx, store, "SELECT amount FROM invoice_day") == INT64_MAX);
    EXPECT(fixture_count(cx, store, "SELECT tax FROM invoice_day") == -INT64_MAX);
    EXPECT(fixture_count(cx, store, "SELECT total FROM invoice_day") == 7);
    store_close(store);
}
