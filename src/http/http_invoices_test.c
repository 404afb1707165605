#include "http/http_invoices.h"

#include "base/test.h"
#include "flow/flow_fixture.h"
#include "http/http_fixture.h"

TEST("http_invoices: found by part of a name, paged, opened")
{
    HttpSite site = http_fixture_open(cx, NULL);
    for (int i = 0; i < 3; i++)
        (void)flow_fixture_keep(
            cx, site.flow,
            cx_printf(cx,
                      "fapiao\nkind 32\nnumber 2411200000004854216%d\nissue_date 2024-05-2%d\n"
                      "amount 10.00\ntax 0.60\ntotal 10.60\nseller.name 北京 某某 公司\n",
                      i, i)
                .data);
    HttpReply reply = http_fixture_get(
        cx, &site, "/api/v1/invoices?seller=%E6%9F%90%E6%9F%90&limit=2&sort=issue_date");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.number"),
                       SLICE("24112000000048542160")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.1.total"), SLICE("10.60")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "total.count"), SLICE("3")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "total.total"), SLICE("31.80")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "hidden"), SLICE("0")));
    Slice cursor = http_fixture_json(cx, reply.body, "next_cursor");
    Slice next = cx_printf(cx, "/api/v1/invoices?limit=2&sort=issue_date&cursor=" SLICE_FMT,
                           SLICE_ARG(cursor));
    HttpReply second = http_fixture_get(cx, &site, next.data);
    EXPECT(slice_equal(http_fixture_json(cx, second.body, "items.0.number"),
                       SLICE("24112000000048542162")));
    EXPECT(slice_equal(http_fixture_json(cx, second.body, "next_cursor"), SLICE("null")));
    Slice id = http_fixture_json(cx, reply.body, "items.0.id");
    Slice one = cx_printf(cx, "/api/v1/invoices/" SLICE_FMT, SLICE_ARG(id));
    reply = http_fixture_get(cx, &site, one.data);
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "draft.kind"), SLICE("32")));
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "kind_name"), SLICE("电子发票(普通发票)")));
    reply = http_fixture_get(cx, &site, "/api/v1/invoices?number=9");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "hidden"), SLICE("3")));
    reply = http_fixture_get(cx, &site, "/api/v1/invoices?date_from=soon");
    EXPECT(reply.status == 400);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), SLICE("date_from")));
    EXPECT(slice_starts(http_fixture_json(cx, reply.body, "errors.0.zh"), SLICE("不是日期")));
    http_fixture_close(&site);
}

TEST("http_invoices: a filter that is misspelt is refused by its name, not passed over")
{
    static const struct {
        const char *target;
        int status;
        Slice field;
    } cases[] = {
        {"/api/v1/invoices?sellr=x", 400, SLICE("sellr")},
        {"/api/v1/invoices?limit=2&seller=x&Buyer=y", 400, SLICE("query")},
        {"/api/v1/invoices?%FF%00=y", 400, SLICE("query")},
        {"/api/v1/invoices?=y", 200, {}},
        {"/api/v1/invoices?&limit=2&", 200, {}},
        {"/api/v1/documents?status=quarantined", 400, SLICE("status")},
        {"/api/v1/verifications/needs?number=12345678&x=1", 200, {}}, // open to strangers
        {"/api/v1/sync?x=1", 200, {}},                                // takes none
    };
    HttpSite site = http_fixture_open(cx, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HttpReply reply = http_fixture_get(cx, &site, cases[i].target);
        EXPECT(reply.status == cases[i].status);
        if (cases[i].status == 200) continue;
        EXPECT(slice_equal(http_fixture_json(cx, reply.body, "errors.0.field"), cases[i].field));
        EXPECT(slice_starts(http_fixture_json(cx, reply.body, "errors.0.zh"), SLICE("这里没有")));
    }
    http_fixture_close(&site);
}
