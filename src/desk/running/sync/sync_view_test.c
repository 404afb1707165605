#include "desk/running/sync/sync_view.h"

#include "base/test.h"
#include "flow/flow_fixture.h"
#include "format/json/json_in.h"

static Slice text_at(const JsonValue *value, const char *key)
{
    return json_in_string(json_in_get(value, key));
}

static int64_t number_at(const JsonValue *value, const char *key)
{
    int64_t number = -1;
    (void)json_in_int(json_in_get(value, key), &number);
    return number;
}

TEST("sync_view: sources with what failed and why, nodes with how far behind, the ledger")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, "fapiao\nnumber 24112000000000000001\n");
    (void)flow_fixture_keep(cx, flow, "not an invoice");
    EXPECT_OK(sealer_flush(cx, flow_sealer(flow)));
    Slice token, json;
    EXPECT_OK(node_add(cx, flow_committer(flow), SLICE("east"), &token, NULL));
    EXPECT_OK(sealer_flush(cx, flow_sealer(flow))); // its row is bound by an event
    Db *db = NULL;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(sync_view_print(cx, db, flow, NULL, SLICE("local"), &json));
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, json, &in));
    const JsonValue *root = json_in_root(in);
    const JsonValue *source = json_in_first(json_in_get(root, "sources"));
    EXPECT(slice_equal(text_at(source, "source"), SLICE("test")));
    EXPECT(number_at(source, "received") == 2 && number_at(source, "failed") == 1);
    const JsonValue *reason = json_in_first(json_in_get(source, "reasons"));
    EXPECT(slice_equal(text_at(reason, "reason"), SLICE("not_invoice")));
    EXPECT(text_at(reason, "zh").size > 0 && text_at(source, "last_at").size > 0);
    EXPECT(json_in_next(source) == NULL);
    const JsonValue *node = json_in_first(json_in_get(root, "nodes"));
    EXPECT(slice_equal(text_at(node, "name"), SLICE("east")));
    EXPECT(number_at(node, "behind") == 5 && text_at(node, "ok_at").size == 0);
    const JsonValue *ledger = json_in_get(root, "ledger");
    EXPECT(number_at(ledger, "size") == 5 && number_at(ledger, "behind") == 0);
    EXPECT(text_at(root, "halted").size == 0);
    json_in_close(in);
    store_give(flow_store(flow), db);
    flow_close(flow);
}

TEST("sync_view: runs page, newest first")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    flow_fixture_script(cx, flow,
                        "INSERT INTO sync_run VALUES "
                        "('', x'01000000000000000000000000000001', 'now', 1, 2, '{}'), "
                        "('', x'01000000000000000000000000000002', 'nightly', 3, 0, '')");
    Db *db = NULL;
    Slice json;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(sync_view_runs(cx, db, SLICE(""), 1, true, &json));
    EXPECT(slice_find(json, SLICE("\"nightly\"")) != SLICE_NONE);
    EXPECT(slice_find(json, SLICE("\"result\":null")) != SLICE_NONE);
    Slice cursor = SLICE("01000000000000000000000000000002");
    EXPECT(slice_find(json, cx_printf(cx, "\"next_cursor\":\"" SLICE_FMT "\"",
                                      SLICE_ARG(cursor))) != SLICE_NONE);
    EXPECT_OK(sync_view_runs(cx, db, cursor, 9, true, &json));
    EXPECT(slice_find(json, SLICE("\"now\"")) != SLICE_NONE);
    EXPECT(slice_find(json, SLICE("\"next_cursor\":\"\"")) != SLICE_NONE);
    EXPECT(sync_view_runs(cx, db, SLICE("x"), 9, true, &json) == ERR_INPUT);
    store_give(flow_store(flow), db);
    flow_close(flow);
}

TEST("sync_view: of the whole folder a member of an organisation hears whether it is good, no more")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    flow_fixture_script(cx, flow,
                        "INSERT INTO sync_run VALUES "
                        "('', x'01000000000000000000000000000001', 'now', 1, 2, "
                        "'{\"parts\":[{\"part\":\"documents\",\"ok\":true,\"count\":7,"
                        "\"zh\":\"甲\",\"en\":\"a\"},{\"part\":\"audit\",\"ok\":false,"
                        "\"count\":3,\"zh\":\"R-2026-000001\",\"en\":\"R-2026-000001\"}],"
                        "\"ok\":false}')");
    Db *db = NULL;
    Slice whole, own;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(sync_view_runs(cx, db, SLICE(""), 9, true, &whole));
    EXPECT_OK(sync_view_runs(cx, db, SLICE(""), 9, false, &own));
    store_give(flow_store(flow), db);
    EXPECT(slice_find(whole, SLICE("R-2026-000001")) != SLICE_NONE);
    EXPECT(slice_find(own, SLICE("R-2026")) == SLICE_NONE);
    EXPECT(slice_find(own, SLICE("\"count\":7")) == SLICE_NONE);
    EXPECT(slice_find(own, SLICE("\"part\":\"documents\",\"ok\":true,\"count\":0,\"zh\":")) !=
           SLICE_NONE);
    EXPECT(slice_find(own, SLICE("\"part\":\"audit\",\"ok\":false")) != SLICE_NONE);
    EXPECT(slice_find(own, SLICE("],\"ok\":false}")) != SLICE_NONE);
    flow_close(flow);
}
