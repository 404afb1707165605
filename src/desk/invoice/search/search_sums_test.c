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
    SearchSums *sums = search_sums_open();
    Db *db = NULL, *writer = store_writer(flow_store(flow));
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    SearchSum sum = ask(cx, sums, db, 5);
    EXPECT(sum.count == 1 && sum.amount == 5 && sum.tax == 7 && sum.total == 0);
    EXPECT(ask(cx, sums, db, 6).amount == 6); // another question
    // What no event told of is not seen; without a keeper it is.
    EXPECT_OK(db_run(cx, writer, "DELETE FROM document_state", NULL, 0, NULL));
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
