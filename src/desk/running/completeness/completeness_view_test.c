#include "desk/running/completeness/completeness_view.h"

#include "base/date.h"
#include "base/test.h"
#include "commit/commit_fixture.h"
#include "publish/fold.h"

TEST("completeness_view: a day with its sources, and the list of signed ones")
{
    Store *store = fixture_store(cx, "shown");
    Committer *committer = NULL;
    const CommitOptions options = {.fold = fold_fact};
    EXPECT_OK(commit_open(cx, store, &options, &committer));
    EXPECT(fixture_receive(cx, committer, SLICE("a"), SLICE("")).err == ERR_OK);
    Db *db = NULL;
    Slice json;
    EXPECT_OK(store_take(cx, store, &db));
    const char *today = date_rfc3339(cx, cx_now_ms(cx) + 8 * 3'600'000).data;
    Slice day = {today, 10};
    EXPECT_OK(completeness_view_day(cx, db, SLICE("local"), day, &json));
    EXPECT(slice_find(json, SLICE("\"signed\":false,\"received\":1,\"handed_in\":1")) !=
           SLICE_NONE);
    EXPECT(slice_find(json, SLICE("\"sources\":[{\"source\":\"test\",\"received\":1")) !=
           SLICE_NONE);
    EXPECT(completeness_view_day(cx, db, SLICE("local"), SLICE("today"), &json) == ERR_INPUT);
    EXPECT_OK(completeness_view_days(cx, db, SLICE("local"), SLICE(""), 10, &json));
    EXPECT(slice_equal(json, SLICE("{\"items\":[],\"next_cursor\":\"\"}")));
    store_give(store, db);
    commit_close(committer);
    store_close(store);
}
