#include "desk/invoice/search/search_row.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

TEST("search_row: a row keeps what is unknown unknown")
{
    static const char sql[] = "SELECT " SEARCH_ROW_COLUMNS SEARCH_ROW_TABLES;
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, "fapiao\nkind 32\nnumber 24110000000000000009\ntax 1.00\n");
    Db *db = NULL;
    DbRows *rows = NULL;
    bool more = false;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(db_query(cx, db, sql, NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &more));
    SearchRow row = {};
    EXPECT_OK(search_row_read(cx, rows, &row));
    db_rows_close(rows);
    EXPECT(row.id.size == COMMIT_ID_SIZE && row.has_tax && row.tax == 100);
    EXPECT(!row.has_amount && !row.has_total && row.issue_date.size == 0);
    EXPECT(row.basis == BASIS_UNSIGNED_FILE && row.carriers == 1 && row.received_ms > 0);
    store_give(flow_store(flow), db);
    flow_close(flow);
}
