#include "http/http_today.h"

#include "base/test.h"
#include "flow/flow_fixture.h"
#include "http/http_fixture.h"

TEST("http_today: what was received is the sum of what became of it")
{
    HttpSite site = http_fixture_open(cx, NULL);
    (void)flow_fixture_keep(cx, site.flow, "fapiao\nkind 32\nnumber 24110000000000000001\n");
    (void)flow_fixture_keep(cx, site.flow, "no invoice");
    (void)flow_fixture_keep(cx, site.flow, "no invoice");
    HttpReply reply = http_fixture_get(cx, &site, "/api/v1/today");
    static const struct {
        const char *key, *count;
    } cases[] = {{"received", "3"}, {"accepted", "1"}, {"duplicate", "1"},   {"quarantined", "1"},
                 {"conflict", "0"}, {"rejected", "0"}, {"in_progress", "0"}, {"invoices", "1"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(
            slice_equal(http_fixture_json(cx, reply.body, cases[i].key), slice_of(cases[i].count)));
    EXPECT(http_fixture_get(cx, &site, "/api/v1/today?day=x").status == 400);
    reply = http_fixture_get(cx, &site, "/api/v1/today?day=2001-01-01");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "received"), SLICE("0")));
    http_fixture_close(&site);
}

TEST("http_today: kinds and health are there for anyone")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply = http_fixture_get(cx, &site, "/api/v1/kinds");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.code"), SLICE("01")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.fourth"), SLICE("amount")));
    reply = http_fixture_get(cx, &site, "/api/v1/health");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "listens"), SLICE("loopback")));
    http_fixture_close(&site);
}
