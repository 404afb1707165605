#include "desk/invoice/search/search_filter.h"

#include "base/test.h"

TEST("search_filter: values are parameters, never text of the statement")
{
    SearchFilter filter;
    SearchQuery query = {
        .number = SLICE("1' OR '1'='1"), .seller = SLICE("50%_\\"), .total_min = SLICE("1.50")};
    EXPECT_OK(search_filter_build(cx, SLICE("local"), &query, &filter));
    Slice where = text_so_far(&filter.where);
    EXPECT(slice_find(where, SLICE("OR '1'")) == SLICE_NONE);
    EXPECT(filter.count == 6);
    EXPECT(slice_equal(filter.values[0].bytes, SLICE("local")));
    EXPECT(slice_equal(filter.values[4].bytes, SLICE("%50\\%\\_\\\\%")));
    EXPECT(filter.values[5].number == 150);
    EXPECT(search_filter_value(&filter, db_int(7)) == 7);
}

TEST("search_filter: a NUL can't be searched for")
{
    SearchFilter filter;
    SearchQuery query = {.q = {"a\0b", 3}};
    EXPECT(search_filter_build(cx, SLICE("local"), &query, &filter) == ERR_INPUT);
    EXPECT(slice_starts(err_text(cx), SLICE("q: ")));
}
