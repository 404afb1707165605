#include "desk/invoice/search/search_detail.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/test.h"
#include "flow/flow_fixture.h"
#include "format/json/json_in.h"

TEST("search_detail: an invoice with its draft, carriers, variants and history")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    static const char text[] = "fapiao\nkind 31\nnumber 24110000000000000001\n"
                               "issue_date 2024-01-10\ntotal 106.00\nseal valid 税务局\n";
    Slice reference = flow_fixture_keep(cx, flow, text);
    (void)flow_fixture_keep(cx, flow,
                            "fapiao\nkind 31\nnumber 24110000000000000001\n"
                            "issue_date 2024-01-10\ntotal 106.00\nsource qr\n");
    (void)flow_fixture_keep(cx, flow,
                            "fapiao\nkind 31\nnumber 24110000000000000001\n"
                            "issue_date 2024-01-11\ntotal 107.00\n");
    PermissionActor actor = permission_actor(PERMISSION_LOCAL);
    Db *db = NULL;
    SearchPage page;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(search_list(cx, db, &actor, &(SearchQuery){.sort = SLICE("total")}, &page));
    EXPECT(page.row_count == 2);
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    Slice json;
    EXPECT_OK(search_detail_print(cx, db, &actor, base64_hex(cx, page.rows[0].id), &out));
    EXPECT_OK(json_out_done(cx, &out, &json));
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, json, &in));
    const JsonValue *root = json_in_root(in);
    EXPECT(slice_equal(json_in_string(json_in_get(root, "total")), SLICE("106.00")));
    EXPECT(slice_equal(json_in_string(json_in_get(root, "basis")), SLICE("seal_valid")));
    EXPECT(json_in_bool(json_in_get(root, "conflict"), false));
    EXPECT(slice_equal(json_in_string(json_in_get(json_in_get(root, "draft"), "number")),
                       SLICE("24110000000000000001")));
    const JsonValue *document = json_in_first(json_in_get(root, "documents"));
    EXPECT(slice_equal(json_in_string(json_in_get(document, "reference")), reference));
    EXPECT(slice_equal(json_in_string(json_in_get(document, "file_name")), SLICE("文件.xml")));
    EXPECT(json_in_next(document) != NULL && json_in_next(json_in_next(document)) == NULL);
    const JsonValue *variant = json_in_first(json_in_get(root, "variants"));
    const JsonValue *differs = json_in_first(json_in_get(variant, "differs"));
    EXPECT(slice_equal(json_in_string(differs), SLICE("issue_date")));
    EXPECT(slice_equal(json_in_string(json_in_next(differs)), SLICE("total")));
    const JsonValue *event = json_in_first(json_in_get(root, "history"));
    EXPECT(slice_equal(json_in_string(json_in_get(event, "type")), SLICE("accepted")));
    json_in_close(in);
    out = json_out_open(cx, LIMIT_MIB);
    EXPECT(search_detail_print(cx, db, &actor, SLICE("00"), &out) == ERR_MISSING);
    EXPECT(search_detail_print(cx, db, &actor, SLICE("00000000000000000000000000000000"), &out) ==
           ERR_MISSING);
    PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
    EXPECT(search_detail_print(cx, db, &stranger, SLICE("00"), &out) == ERR_DENIED);
    store_give(flow_store(flow), db);
    flow_close(flow);
}
