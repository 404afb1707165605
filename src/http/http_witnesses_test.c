#include "http/http_witnesses.h"

#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"

#define VKEY "node2.fapiao.example/witness+e29f6c7b+BM0Us3+VbpUxlP9/tzs9gdzFYdYadTgJS3w+GmQ+5fOq"

TEST("http_witnesses: the local administrator says who watches, everyone here sees it")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const char *json = "{\"vkey\":\"" VKEY "\",\"url\":\"http://127.0.0.1:1\"}";
    HttpReply reply = http_fixture_get(cx, &site, "/api/v1/witnesses");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "need"), SLICE("0")));
    EXPECT(slice_find(http_fixture_json(cx, reply.body, "text"), SLICE("没有见证方")) == 0);
    EXPECT(http_fixture_post(cx, &site, "/api/v1/witnesses", json).status == 403);
    EXPECT(http_fixture_local(cx, &site, "POST /api/v1/witnesses", "{}").status == 400);
    reply = http_fixture_local(cx, &site, "POST /api/v1/witnesses", json);
    EXPECT(reply.status == 201);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.name"),
                       SLICE("node2.fapiao.example/witness")));
    EXPECT(http_fixture_local(cx, &site, "POST /api/v1/witnesses", json).status == 409);
    reply = http_fixture_get(cx, &site, "/api/v1/witnesses");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "witnesses"), SLICE("1")));
    const char *remove = "DELETE /api/v1/witnesses/node2.fapiao.example%2Fwitness";
    EXPECT(http_fixture_ask(cx, site.port, remove, "", SLICE("")).status == 403);
    EXPECT(http_fixture_local(cx, &site, remove, "").status == 204);
    EXPECT(http_fixture_local(cx, &site, remove, "").status == 404);
    http_fixture_close(&site);
}

TEST("http_witnesses: a halted log refuses with its reason, and health says so")
{
    HttpSite site = http_fixture_open(cx, NULL);
    HttpReply reply = http_fixture_get(cx, &site, "/api/v1/health");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "status"), SLICE("ok")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "witnesses"), SLICE("0")));
    commit_halt(flow_committer(site.flow), "账本倒退 gone back");
    reply = http_fixture_hand_in(cx, &site, "/api/v1/documents", "", SLICE("none"));
    EXPECT(reply.status == 503);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "code"), SLICE("halted")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "detail"), SLICE("账本倒退 gone back")));
    EXPECT(
        slice_equal(http_fixture_json(cx, reply.body, "detail_en"), SLICE("账本倒退 gone back")));
    reply = http_fixture_get(cx, &site, "/api/v1/health");
    EXPECT(reply.status == 200);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "status"), SLICE("read_only")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "halted"), SLICE("账本倒退 gone back")));
    EXPECT(http_fixture_get(cx, &site, "/api/v1/invoices").status == 200);
    http_fixture_close(&site);
}
