#include "commit/tally.h"

#include "base/test.h"
#include "commit/commit_fixture.h"

static int64_t value(Cx *cx, Db *db, const char *sql)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    EXPECT(row);
    return db_col_int(rows, 0);
}

static const TallyPlace today = {SLICE("t"), SLICE("2026-01-01"), SLICE("http")};

TEST("tally: the documents of a group cost one row, and nothing before it is flushed")
{
    Store *store = fixture_store(cx, "one");
    Db *db = store_writer(store);
    Tally tally = {};
    EXPECT_OK(db_begin(cx, db));
    for (int i = 0; i < 100; i++)
        EXPECT_OK(tally_came(cx, &tally, db, &today, DOC_RECEIVED));
    for (int i = 0; i < 60; i++)
        EXPECT_OK(tally_moved(cx, &tally, db, &today, DOC_RECEIVED, DOC_ACCEPTED));
    EXPECT_OK(tally_moved(cx, &tally, db, &today, DOC_ACCEPTED, DOC_CONFLICT));
    EXPECT(tally.count == 1);
    EXPECT(value(cx, db, "SELECT COUNT(*) FROM document_day") == 0);
    EXPECT_OK(tally_flush(cx, &tally, db));
    EXPECT(tally.count == 0);
    EXPECT_OK(tally_came(cx, &tally, db, &today, DOC_DUPLICATE));
    EXPECT_OK(tally_flush(cx, &tally, db));
    EXPECT(value(cx, db, "SELECT COUNT(*) FROM document_day") == 1);
    EXPECT(value(cx, db,
                 "SELECT COUNT(*) FROM document_day WHERE tenant = 't' AND day = '2026-01-01' AND "
                 "source = 'http' AND came = 101 AND received = 40 AND accepted = 59 AND "
                 "duplicate = 1 AND conflict = 1 AND quarantined = 0 AND rejected = 0 AND "
                 "unpacked = 0") == 1);
    db_rollback(db);
    store_close(store);
}

TEST("tally: more places than fit, names that do not, no tally at all; what is undone is forgotten")
{
    Store *store = fixture_store(cx, "many");
    Db *db = store_writer(store);
    Tally tally = {};
    EXPECT_OK(db_begin(cx, db));
    for (int i = 0; i < 3 * TALLY_ROWS; i++) {
        TallyPlace place = today;
        place.source = cx_printf(cx, "s%d", i % (2 * TALLY_ROWS));
        EXPECT_OK(tally_came(cx, &tally, db, &place, DOC_QUARANTINED));
        EXPECT_OK(tally_moved(cx, &tally, db, &place, DOC_QUARANTINED, DOC_UNPACKED));
    }
    TallyPlace longer = today;
    longer.source = cx_printf(cx, "%0*d", TALLY_NAME_SIZE + 1, 7);
    EXPECT_OK(tally_came(cx, &tally, db, &longer, DOC_REJECTED));
    EXPECT_OK(tally_came(cx, NULL, db, &today, DOC_REJECTED));
    EXPECT_OK(tally_flush(cx, &tally, db));
    EXPECT_OK(tally_came(cx, &tally, db, &today, DOC_REJECTED));
    tally_forget(&tally);
    EXPECT_OK(tally_flush(cx, &tally, db));
    EXPECT(value(cx, db, "SELECT COUNT(*) FROM document_day") == 2 * TALLY_ROWS + 2);
    EXPECT(value(cx, db, "SELECT SUM(came) FROM document_day") == 3 * TALLY_ROWS + 2);
    EXPECT(value(cx, db, "SELECT SUM(unpacked) FROM document_day") == 3 * TALLY_ROWS);
    EXPECT(value(cx, db, "SELECT SUM(quarantined) FROM document_day") == 0);
    EXPECT(value(cx, db, "SELECT SUM(rejected) FROM document_day") == 2);
    db_rollback(db);
    store_close(store);
}

TEST("tally: new invoices of a day and kind cost one row; more days than fit; what is undone")
{
    Store *store = fixture_store(cx, "invoices");
    Db *db = store_writer(store);
    Tally tally = {};
    TallyInvoice one = {.tenant = SLICE("t"),
                        .issue_date = SLICE("2026-01-01"),
                        .kind = SLICE("32"),
                        .state = SLICE("normal"),
                        .invoices = 1,
                        .amount = 100,
                        .tax = 6,
                        .total = 106};
    EXPECT_OK(db_begin(cx, db));
    for (int i = 0; i < 50; i++)
        EXPECT_OK(tally_invoice(cx, &tally, db, &one));
    EXPECT(tally.day_count == 1);
    EXPECT(value(cx, db, "SELECT COUNT(*) FROM invoice_day") == 0);
    EXPECT_OK(tally_flush_days(cx, &tally, db));
    EXPECT(tally.day_count == 0);
    EXPECT(value(cx, db,
                 "SELECT COUNT(*) FROM invoice_day WHERE tenant = 't' AND issue_date = "
                 "'2026-01-01' AND kind = '32' AND state = 'normal' AND conflict = 0 AND invoices "
                 "= 50 AND amount = 5000 AND tax = 300 AND total = 5300") == 1);
    one.total = -6;
    for (int i = 0; i < 3 * TALLY_DAYS; i++) {
        one.issue_date = cx_printf(cx, "d%d", i % (2 * TALLY_DAYS));
        one.conflict = i % 2;
        EXPECT_OK(tally_invoice(cx, &tally, db, &one));
    }
    one.issue_date = cx_printf(cx, "%0*d", TALLY_NAME_SIZE, 7);
    EXPECT_OK(tally_invoice(cx, &tally, db, &one));
    EXPECT_OK(tally_invoice(cx, NULL, db, &one));
    EXPECT_OK(tally_flush(cx, &tally, db));
    EXPECT_OK(tally_invoice(cx, &tally, db, &one));
    one.issue_date = SLICE("2026-01-02");
    EXPECT_OK(tally_invoice(cx, &tally, db, &one));
    tally_forget(&tally);
    EXPECT_OK(tally_flush(cx, &tally, db));
    EXPECT(value(cx, db, "SELECT COUNT(*) FROM invoice_day") == 2 * TALLY_DAYS + 2);
    EXPECT(value(cx, db, "SELECT SUM(invoices) FROM invoice_day") == 50 + 3 * TALLY_DAYS + 3);
    EXPECT(value(cx, db, "SELECT SUM(total) FROM invoice_day") == 5300 - 6 * (3 * TALLY_DAYS + 3));
    db_rollback(db);
    store_close(store);
}

TEST("tally: a party is known from when it was put until its row may be gone")
{
    static Tally tally;
    const Slice one = SLICE("one"), two = SLICE("two");
    EXPECT(!tally_put_party(&tally, one, 7));
    EXPECT(tally_put_party(&tally, one, 7));
    // Another in its place: the first is forgotten, and never taken for the other.
    EXPECT(!tally_put_party(&tally, one, 7 + TALLY_PARTIES));
    EXPECT(tally_put_party(&tally, one, 7 + TALLY_PARTIES));
    EXPECT(!tally_put_party(&tally, one, 7));
    // Another tenant's parties are its own.
    EXPECT(!tally_put_party(&tally, two, 7));
    EXPECT(!tally_put_party(&tally, one, 7));
    // Nothing is known without a tally, of no id, or of a name that is too long.
    const Slice longest = cx_printf(cx, "%0*d", TALLY_NAME_SIZE + 1, 7);
    for (int i = 0; i < 2; i++) {
        EXPECT(!tally_put_party(NULL, one, 7) && !tally_put_party(&tally, one, 0));
        EXPECT(!tally_put_party(&tally, longest, 7));
    }
    EXPECT(tally_put_party(&tally, one, 7));
    tally_forget_parties(&tally);
    EXPECT(!tally_put_party(&tally, one, 7));
    tally_forget(&tally);
    EXPECT(!tally_put_party(&tally, one, 7));
    tally_forget_parties(NULL);
}
