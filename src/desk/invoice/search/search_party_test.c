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
    flow_fixture_script(cx, flow,
                        cx_printf(cx,
                                  "INSERT INTO party WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
                                  "SELECT x + 1 FROM n WHERE x < %d) SELECT 't', x, '杭州安保A' "
                                  "|| x || '有限公司', 'TAX' || x, '杭州安保a' || x || "
                                  "'有限公司' FROM n; INSERT INTO party VALUES "
                                  "('u', 1, '杭州安保', 'TAX1', '杭州安保')",
                                  count)
                            .data);
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
