#include "desk/invoice/search/search_sums.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

static const char sql[] = "SELECT count(*), $2, 7 FROM document_state WHERE tenant = $1";

static SearchSum ask(Cx *cx, SearchSums *sums, Db *db, int64_t value)
{
    const DbValue values[] = {db_text(SLICE("local")), db_int(value)};
    SearchSum sum = {};
    EXPECT_OK(search_sums_of(cx, sums, db, slice_of(sql), values, 2, 3, &sum));
    return sum;
}

TEST("search_sums: a sum is counted once, and anew after every event")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, "fapiao\nnumber 24112000000048542163\n");
    SearchSums *sums = search_sums_open(NULL);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    SearchSum sum = ask(cx, sums, db, 5);
    EXPECT(sum.count == 1 && sum.amount == 5 && sum.tax == 7 && sum.total == 0);
    EXPECT(ask(cx, sums, db, 6).amount == 6); // another question
    // What no event told of is not seen; without a keeper it is.
    flow_fixture_script(cx, flow, "DELETE FROM document_state");
    EXPECT(ask(cx, sums, db, 5).count == 1);
    EXPECT(ask(cx, NULL, db, 5).count == 0);
    for (int64_t i = 0; i < SEARCH_SUMS_MAX; i++)
        EXPECT(ask(cx, sums, db, 100 + i).amount == 100 + i);
    EXPECT(ask(cx, sums, db, 5).count == 0); // pushed out, so counted
    (void)flow_fixture_keep(cx, flow, "fapiao\nnumber 24112000000048542164\n");
    EXPECT(ask(cx, sums, db, 5).count == 1);
    store_give(flow_store(flow), db);
    search_sums_close(sums);
    flow_close(flow);
}

// --- all invoices, by month

static SearchSum counted(Cx *cx, SearchSums *sums, Db *db, Slice tenant)
{
    SearchSum sum = {};
    EXPECT_OK(search_sums_invoices(cx, sums, db, search_sums_now(sums), tenant, &sum));
    return sum;
}

static void expect_counted(Cx *cx, SearchSums *sums, Flow *flow, const char *tenant)
{
    static const char direct[] =
        "SELECT COUNT(*), COALESCE(SUM(amount), 0), COALESCE(SUM(tax), 0), "
        "COALESCE(SUM(total), 0) FROM invoice WHERE tenant = $1";
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(db_query(cx, db, direct, DB_VALUES(db_text(slice_of(tenant))), &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    SearchSum sum = counted(cx, sums, db, slice_of(tenant));
    EXPECT(row && sum.count == db_col_int(rows, 0) && sum.amount == db_col_int(rows, 1));
    EXPECT(sum.tax == db_col_int(rows, 2) && sum.total == db_col_int(rows, 3));
    db_rows_close(rows);
    store_give(flow_store(flow), db);
}

TEST("search_sums: what is kept of months is what a count would say, whatever comes")
{
    static const char *const dates[] = {"2024-05-06", "2024-05-07", "2024-06-01", "2009-12-31",
                                        "2051-01-01", "",           "2010-01-01", "2041-12-31"};
    WorldFake dice;
    world_fake_init(&dice, 5, 1);
    Flow *flow = flow_fixture_open(cx, NULL);
    SearchSums *sums = search_sums_open(store_changes(flow_store(flow)));
    expect_counted(cx, sums, flow, "local");
    for (int i = 0; i < 120; i++) {
        uint8_t roll[6];
        dice.world.random(dice.world.self, roll, sizeof roll);
        // Few numbers: carriers, variants, red ones, and dates that a carrier makes known.
        const char *date = dates[roll[0] % 8];
        const char *tenant = roll[1] % 4 == 0 ? "east" : "local";
        const char *red = roll[2] % 5 == 0 ? "red\nred.original_number 24110000000000000001\n" : "";
        (void)flow_fixture_keep_of(
            cx, flow, slice_of(tenant),
            cx_printf(cx,
                      "fapiao\nkind 31\nnumber 241100000000000000%02d\n%s%s%s%stotal "
                      "%s%d.00\nremark %d\n",
                      roll[3] % 20, date[0] == '\0' ? "" : "issue_date ", date,
                      date[0] == '\0' ? "" : "\n", red, red[0] == '\0' ? "" : "-", roll[4] % 3 + 1,
                      i)
                .data);
        if (roll[5] % 2 == 0) expect_counted(cx, sums, flow, tenant);
    }
    expect_counted(cx, sums, flow, "local");
    expect_counted(cx, sums, flow, "east");
    expect_counted(cx, sums, flow, "nobody");
    search_sums_close(sums);
    flow_close(flow);
}

TEST("search_sums: a snapshot is told what it has, before and after whoever counts later")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    SearchSums *sums = search_sums_open(store_changes(flow_store(flow)));
#define MAY(number) "fapiao\nkind 31\nnumber 2411000000000000000" number "\nissue_date 2024-05-06\n"
    (void)flow_fixture_keep(cx, flow, MAY("1"));
    Db *old = NULL, *now = NULL;
    SearchSum sum;
    EXPECT_OK(store_take(cx, flow_store(flow), &old));
    uint64_t seen = search_sums_now(sums);
    EXPECT_OK(db_begin_read(cx, old));
    EXPECT_OK(search_sums_invoices(cx, NULL, old, 0, SLICE("local"), &sum)); // it begins here
    EXPECT(sum.count == 1);
    (void)flow_fixture_keep(cx, flow, MAY("2"));
    EXPECT_OK(store_take(cx, flow_store(flow), &now));
    EXPECT(counted(cx, sums, now, SLICE("local")).count == 2);
    EXPECT_OK(search_sums_invoices(cx, sums, old, seen, SLICE("local"), &sum));
    EXPECT(sum.count == 1);
    // What it counted and left behind is old to all others.
    EXPECT(counted(cx, sums, now, SLICE("local")).count == 2);
    db_rollback(old);
    EXPECT(counted(cx, sums, old, SLICE("local")).count == 2);
    // It is kept: what nobody told of is not seen.
    flow_fixture_script(cx, flow, "DELETE FROM invoice_day");
    EXPECT(counted(cx, sums, now, SLICE("local")).count == 2);
    EXPECT(counted(cx, NULL, now, SLICE("local")).count == 0);
    store_give(flow_store(flow), old);
    store_give(flow_store(flow), now);
    search_sums_close(sums);
    flow_close(flow);
}
