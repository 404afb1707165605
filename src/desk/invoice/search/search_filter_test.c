#include "desk/invoice/search/search_filter.h"

#include "base/test.h"
#include "flow/flow_fixture.h"

static Err build(Cx *cx, const SearchQuery *query, SearchFilter *ret_filter)
{
    Flow *flow = flow_fixture_open(cx, NULL);
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    Err err = search_filter_build(cx, db, SLICE("local"), query, ret_filter);
    store_give(flow_store(flow), db);
    flow_close(flow);
    return err;
}

TEST("search_filter: values are parameters, never text of the statement")
{
    SearchFilter filter;
    SearchQuery query = {
        .number = SLICE("1' OR '1'='1"), .seller = SLICE("50%_\\"), .total_min = SLICE("1.50")};
    EXPECT_OK(build(cx, &query, &filter));
    EXPECT(filter.term_count == 3 && filter.count == 6);
    for (size_t i = 0; i < filter.term_count; i++) {
        EXPECT(slice_find(filter.terms[i].driving, SLICE("OR '1'")) == SLICE_NONE);
        EXPECT(slice_find(filter.terms[i].plain, SLICE("OR '1'")) == SLICE_NONE);
    }
    EXPECT(slice_equal(filter.values[0].bytes, SLICE("local")));
    EXPECT(slice_equal(filter.values[4].bytes, SLICE("%50\\%\\_\\\\%")));
    EXPECT(filter.values[5].number == 150);
    EXPECT(search_filter_value(&filter, db_int(7)) == 7);
    EXPECT(filter.nothing); // nobody is called like that
}

TEST("search_filter: everything at once fits, and each term has both its forms")
{
    SearchFilter filter;
    SearchQuery query = {.number = SLICE("2"),
                         .code = SLICE("1"),
                         .seller = SLICE("a"),
                         .buyer = SLICE("b"),
                         .date_from = SLICE("2024-01-01"),
                         .date_to = SLICE("2024-02-01"),
                         .amount_min = SLICE("1"),
                         .amount_max = SLICE("2"),
                         .total_min = SLICE("1"),
                         .total_max = SLICE("2"),
                         .kind = SLICE("32"),
                         .state = SLICE("red"),
                         .q = SLICE("12.00")};
    EXPECT_OK(build(cx, &query, &filter));
    EXPECT(filter.term_count == 13 && filter.count + 3 <= SEARCH_VALUES_MAX);
    for (size_t i = 0; i < filter.term_count; i++) {
        const SearchTerm *term = &filter.terms[i];
        bool of_day = term->drive == SEARCH_DAY || term->drive == SEARCH_DATE;
        EXPECT(of_day == !slice_empty(term->day));
        bool same = slice_equal(term->driving, term->plain);
        EXPECT(same == (term->drive == SEARCH_DAY || term->drive == SEARCH_ANY));
        EXPECT(slice_find(term->plain, SLICE("@")) == SLICE_NONE);
    }
    EXPECT(filter.way_count == 5); // number, code, amount, total: no name is like that
}

TEST("search_filter: what is not to be seen can't be searched for; what is blank is not asked for")
{
    static const Slice odd[] = {{"a\0b", 3}, {"\0", 1}, {"\xe2\x80\x8b", 3}, {"\x01", 1}};
    SearchFilter filter;
    for (size_t i = 0; i < 3 * sizeof odd / sizeof odd[0]; i++) {
        Slice value = odd[i / 3];
        SearchQuery query = i % 3 == 0   ? (SearchQuery){.q = value}
                            : i % 3 == 1 ? (SearchQuery){.number = value}
                                         : (SearchQuery){.seller = value};
        EXPECT(build(cx, &query, &filter) == ERR_INPUT);
        EXPECT(slice_find(err_text(cx), SLICE(": can't be searched for")) != SLICE_NONE);
    }
    SearchQuery blank = {.q = SLICE(" 　"), .number = SLICE("\t")};
    EXPECT_OK(build(cx, &blank, &filter));
    EXPECT(filter.term_count == 0);
}
