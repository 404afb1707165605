#include "http/http_problem.h"

#include "base/test.h"
#include "http/http_fixture.h"

TEST("http_problem: every one has two languages and a status; every kind of Err has one")
{
    for (int i = 0; i < HTTP_PROBLEM_COUNT; i++) {
        const HttpProblemRow *row = http_problem_row((HttpProblem)i);
        EXPECT(row->status >= 400 && row->status < 600);
        EXPECT(row->zh[0] != '\0' && row->en[0] != '\0' && row->detail_zh[0] != '\0');
        Slice json = http_problem_print(cx, (HttpProblem)i, SLICE(""));
        EXPECT(slice_equal(http_fixture_json(cx, json, "code"), slice_of(row->code)));
        EXPECT(slice_equal(http_fixture_json(cx, json, "type"),
                           cx_printf(cx, "/problems/%s", row->code)));
    }
    static const int statuses[] = {500, 400, 413, 404, 409, 403, 503, 500};
    for (int err = ERR_INPUT; err <= ERR_CORRUPT; err++)
        EXPECT(http_problem_row(http_problem_of((Err)err))->status == statuses[err]);
}

TEST("http_problem: a field is named in both languages; a 5xx says nothing of its making")
{
    Slice json = http_problem_print(cx, HTTP_PROBLEM_INVALID, SLICE("total: is no amount"));
    EXPECT(slice_equal(http_fixture_json(cx, json, "errors.0.field"), SLICE("total")));
    EXPECT(slice_starts(http_fixture_json(cx, json, "errors.0.zh"), SLICE("不是金额")));
    EXPECT(slice_equal(http_fixture_json(cx, json, "errors.0.en"), SLICE("is no amount")));
    json = http_problem_print(cx, HTTP_PROBLEM_INVALID,
                              SLICE("block: 'x' is no address and no block"));
    EXPECT(slice_starts(http_fixture_json(cx, json, "errors.0.zh"), SLICE("不是地址段")));
    json = http_problem_print(cx, HTTP_PROBLEM_CONFLICT, SLICE("'R-1' is asked for already"));
    EXPECT(slice_starts(http_fixture_json(cx, json, "detail"), SLICE("已经有人申请")));
    json = http_problem_print(cx, HTTP_PROBLEM_CONFLICT, SLICE("nobody knows this"));
    EXPECT(slice_starts(http_fixture_json(cx, json, "detail"), SLICE("与现有的记录")));
    json = http_problem_print(cx, HTTP_PROBLEM_STORE, SLICE("secret/path: broken"));
    EXPECT(slice_find(json, SLICE("secret")) == SLICE_NONE);
    EXPECT(slice_equal(http_fixture_json(cx, http_problem_of_status(cx, 413), "code"),
                       SLICE("too_large")));
    EXPECT(slice_equal(http_fixture_json(cx, http_problem_of_status(cx, 418), "code"),
                       SLICE("bad_request")));
}
