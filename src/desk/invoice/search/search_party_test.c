#include "desk/invoice/search/search_party.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

static SearchParties look(Cx *cx, Flow *flow, Slice value)
{
    SearchParties parties;
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    SearchFilter filter = {.db = db};
    (void)search_filter_value(&filter, db_text(SLICE("t")));
    EXPECT_OK(search_party_find(cx, &filter, value, &parties));
    EXPECT(filter.count == 3);
    store_give(flow_store(flow), db);
    return parties;
}

static Flow *with_parties(Cx *cx, int count)
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Db *db = store_writer(flow_store(flow));
    EXPECT_OK(db_begin(cx, db));
    for (int i = 1; i <= count; i++)
        EXPECT_OK(db_run(cx, db, "INSERT INTO party VALUES ('t', $1, $2, $3, $4)",
                         DB_VALUES(db_int(i), db_text(cx_printf(cx, "杭州安保A%d有限公司", i)),
                                   db_text(cx_printf(cx, "TAX%d", i)),
                                   db_text(cx_printf(cx, "杭州安保a%d有限公司", i))),
                         NULL));
    EXPECT_OK(db_run(cx, db, "INSERT INTO party VALUES ('u', 1, '杭州安保', 'TAX1', '杭州安保')",
                     NULL, 0, NULL));
    EXPECT_OK(db_commit(cx, db));
    return flow;
}

TEST("search_party: a tax id, two characters or one of a name; of one tenant")
{
    Flow *flow = with_parties(cx, 3);
    SearchParties parties = look(cx, flow, SLICE("TAX2"));
    EXPECT(parties.alone && slice_equal(parties.ids, SLICE("2")));
    parties = look(cx, flow, SLICE("安保"));
    EXPECT(!parties.alone && slice_equal(parties.ids, SLICE("1,2,3")));
    parties = look(cx, flow, SLICE("杭"));
    EXPECT(slice_equal(parties.ids, SLICE("1,2,3")));
    parties = look(cx, flow, SLICE("a3"));
    EXPECT(parties.alone && slice_equal(parties.ids, SLICE("3")));
    EXPECT(look(cx, flow, SLICE("广州")).none);
    flow_close(flow);
}

TEST("search_party: more than are named one by one are asked for in the statement")
{
    Flow *flow = with_parties(cx, SEARCH_PARTIES_MAX + 1);
    SearchParties parties = look(cx, flow, SLICE("安保"));
    EXPECT(parties.many && !parties.none && !parties.alone &&
           slice_starts(parties.ids, SLICE("SELECT ")));
    flow_close(flow);
}
