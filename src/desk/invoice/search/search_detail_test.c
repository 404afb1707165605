#include "desk/invoice/search/search_detail.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/test.h"
#include "flow/flow_fixture.h"
#include "format/json/json_in.h"

// What the detail of this id says, opened.
static JsonIn *detail_of(Cx *cx, Flow *flow, Slice id)
{
    PermissionActor actor = permission_actor(PERMISSION_LOCAL);
    Db *db = NULL;
    Slice json;
    JsonIn *in = NULL;
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(search_detail_print(cx, db, &actor, id, &out));
    store_give(flow_store(flow), db);
    EXPECT_OK(json_out_done(cx, &out, &json));
    EXPECT_OK(json_in_open(cx, json, &in));
    return in;
}

static size_t count_of(const JsonValue *array)
{
    size_t count = 0;
    for (const JsonValue *one = json_in_first(array); one != NULL; one = json_in_next(one))
        count++;
    return count;
}

static Slice id_of_first(Cx *cx, Flow *flow)
{
    PermissionActor actor = permission_actor(PERMISSION_LOCAL);
    Db *db = NULL;
    SearchPage page;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(search_list(cx, db, &actor, &(SearchQuery){.sort = SLICE("-received_at")}, &page));
    store_give(flow_store(flow), db);
    EXPECT(page.row_count > 0);
    return base64_hex(cx, page.rows[0].id);
}

#define TWENTY "24112000000048542100"
#define PAPER  "code 011001900104\nnumber 12345678\n"

TEST("search_detail: an id of before leads to the invoice that it was joined to, with its history")
{
    Flow *flow = flow_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, flow, "fapiao\nkind 31\nnumber " TWENTY "\ntotal 1.00\n");
    Slice first = id_of_first(cx, flow);
    (void)flow_fixture_keep(cx, flow, "fapiao\nkind 85\n" PAPER "total 1.00\n");
    Slice second = id_of_first(cx, flow);
    EXPECT(!slice_equal(first, second));
    Slice both =
        flow_fixture_keep(cx, flow, "fapiao\nkind 85\n" PAPER "digital_number " TWENTY "\n");
    Slice ids[] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        JsonIn *in = detail_of(cx, flow, ids[i]);
        const JsonValue *root = json_in_root(in);
        EXPECT(slice_equal(json_in_string(json_in_get(root, "id")), first));
        EXPECT(count_of(json_in_get(root, "documents")) == 3);
        EXPECT(count_of(json_in_get(root, "variants")) == 0);
        EXPECT(count_of(json_in_get(root, "history")) == 4);
        const JsonValue *joined = json_in_first(json_in_get(root, "joined"));
        EXPECT(count_of(json_in_get(root, "joined")) == 1);
        EXPECT(slice_equal(json_in_string(json_in_get(joined, "former_id")), second));
        EXPECT(slice_equal(json_in_string(json_in_get(joined, "reference")), both));
        json_in_close(in);
    }
    // One that contradicts under the second number is a variant of it.
    (void)flow_fixture_keep(cx, flow, "fapiao\nkind 31\nnumber " TWENTY "\ntotal 2.00\n");
    Slice other = id_of_first(cx, flow);
    Slice pairs[][2] = {{second, other}, {other, first}};
    for (size_t i = 0; i < 2; i++) {
        JsonIn *in = detail_of(cx, flow, pairs[i][0]);
        const JsonValue *variants = json_in_get(json_in_root(in), "variants");
        EXPECT(count_of(variants) == 1);
        EXPECT(
            slice_equal(json_in_string(json_in_get(json_in_first(variants), "id")), pairs[i][1]));
        json_in_close(in);
    }
    flow_close(flow);
}

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
