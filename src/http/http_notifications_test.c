#include "http/http_notifications.h"

#include "base/test.h"
#include "http/http.h"
#include "http/http_fixture.h"

TEST("http_notifications: the local administrator sets, tests, sees and retries; nobody else here")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const char *all = "/api/v1/notifications", *settings = "/api/v1/notifications/settings";
    const char *test = "{\"channel\":\"mail\",\"to\":\"alice@b.example\"}";
    EXPECT(http_fixture_get(cx, &site, all).status == 403);
    EXPECT(http_fixture_get(cx, &site, settings).status == 403);
    EXPECT(http_fixture_post(cx, &site, all, test).status == 403);
    EXPECT(http_fixture_post(cx, &site, settings, "{}").status == 403);
    HttpReply reply = http_fixture_local(cx, &site, "POST /api/v1/notifications", test);
    EXPECT(reply.status == 201);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "state"), SLICE("waiting")));
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "reason"), SLICE("没有配置邮件服务器")));
    Slice id = http_fixture_json(cx, reply.body, "id");
    const char *retry =
        cx_printf(cx, "POST /api/v1/notifications/" SLICE_FMT "/retry", SLICE_ARG(id)).data;
    EXPECT(http_fixture_local(cx, &site, retry, "").status == 202);
    EXPECT(http_fixture_local(
               cx, &site, "POST /api/v1/notifications/00000000000000000000000000000000/retry", "")
               .status == 404);
    reply = http_fixture_local(cx, &site, "GET /api/v1/notifications?state=waiting", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.0.to"), SLICE("alice@b.example")));
    EXPECT(http_fixture_local(cx, &site, "GET /api/v1/notifications?state=lost", "").status == 400);
    EXPECT(http_fixture_local(cx, &site, "POST /api/v1/notifications", "{\"channel\":\"mail\"}")
               .status == 400);
    http_fixture_close(&site);
}

TEST("http_notifications: settings are set together or not at all, secrets are not shown")
{
    HttpSite site = http_fixture_open(cx, NULL);
    const char *line = "POST /api/v1/notifications/settings";
    HttpReply reply = http_fixture_local(cx, &site, line,
                                         "{\"items\":[{\"name\":\"mail.user\",\"value\":\"u\"},"
                                         "{\"name\":\"mail.password\",\"value\":\"hunter2\"}]}");
    EXPECT(reply.status == 200 && slice_find(reply.body, SLICE("hunter2")) == SLICE_NONE);
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.2.value"), SLICE("u")));
    EXPECT(http_fixture_local(cx, &site, line,
                              "{\"items\":[{\"name\":\"mail.user\",\"value\":\"v\"},"
                              "{\"name\":\"mail.from\",\"value\":\"x\"}]}")
               .status == 400);
    EXPECT(http_fixture_local(cx, &site, line, "{}").status == 400);
    reply = http_fixture_local(cx, &site, "GET /api/v1/notifications/settings", "");
    EXPECT(slice_equal(http_fixture_json(cx, reply.body, "items.2.value"), SLICE("u")));
    http_fixture_close(&site);
}
