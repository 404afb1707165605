#include "desk/people/notify/notify_robot.h"

#include "base/test.h"
#include "base/text.h"
#include "format/json/json_in.h"
#include "net/fetch_fixture.h"

// Expected values by OpenSSL's own program, dgst -sha256 -mac HMAC: key "this is secret" over
// "1577262236757 LF this is secret"; key "1599360473 LF demo" over nothing.
TEST("notify_robot: the signatures are those of DingTalk and Feishu, which differ")
{
    EXPECT(slice_equal(notify_robot_sign_dingtalk(cx, 1577262236757, SLICE("this is secret")),
                       SLICE("hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=")));
    EXPECT(slice_equal(notify_robot_sign_feishu(cx, 1599360473, SLICE("demo")),
                       SLICE("l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=")));
}

typedef struct Robot {
    const char *body;
    Cx *cx;
} Robot;

static Slice answer(void *self, Slice request)
{
    const Robot *robot = self;
    (void)request;
    return slice_of(robot->body);
}

#define OK_WECOM "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n{\"errcode\":0, \"errmsg\":\"ok\"}"
#define NO_WECOM                                                                                   \
    "HTTP/1.1 200 OK\r\nContent-Length: 34\r\n\r\n{\"errcode\":93000,\"errmsg\":\"inval\"}"
#define OK_FEISHU "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{\"code\":0,\"msg\":\"success\"}"
#define NO_JSON   "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"

TEST("notify_robot: each says what its robot understands, and believes only a zero")
{
    static const struct {
        NotifySettingId url;
        NotifySender *send;
        const char *ok, *says;
    } robots[] = {
        {NOTIFY_WECOM_URL, notify_robot_wecom, OK_WECOM,
         "{\"msgtype\":\"text\",\"text\":{\"content\":\"题\\n\\\"文\\\"\"}}"},
        {NOTIFY_DINGTALK_URL, notify_robot_dingtalk, OK_WECOM,
         "{\"msgtype\":\"text\",\"text\":{\"content\":\"题\\n\\\"文\\\"\"}}"},
        {NOTIFY_FEISHU_URL, notify_robot_feishu, OK_FEISHU,
         "{\"msg_type\":\"text\",\"content\":{\"text\":\"题\\n\\\"文\\\"\"}}"},
    };
    Robot robot = {.cx = cx};
    FetchFixture *server = fetch_fixture_open(answer, &robot, NULL);
    for (size_t i = 0; i < sizeof robots / sizeof robots[0]; i++) {
        NotifySettings settings = {};
        settings.values[robots[i].url] = fetch_fixture_url(cx, server, "/hook?key=k");
        const NotifyDue due = {.subject = SLICE("题"), .text = SLICE("\"文\"")};
        const NotifySend send = {.settings = &settings, .message = &due};
        robot.body = robots[i].ok;
        EXPECT_OK(robots[i].send(cx, &send));
        EXPECT(slice_ends(fetch_fixture_heard(cx, server), slice_of(robots[i].says)));
        robot.body = NO_WECOM; // for Feishu: without a code at all
        EXPECT(robots[i].send(cx, &send) == ERR_CONFLICT);
        robot.body = NO_JSON;
        EXPECT(robots[i].send(cx, &send) == ERR_STORE);
        EXPECT(strstr(cx->err_text, "key=k") == NULL);
    }
    fetch_fixture_close(server);
}

TEST("notify_robot: with a secret DingTalk's address is signed, and Feishu's body")
{
    Robot robot = {.cx = cx, .body = OK_WECOM};
    FetchFixture *server = fetch_fixture_open(answer, &robot, NULL);
    NotifySettings settings = {};
    settings.values[NOTIFY_DINGTALK_URL] = fetch_fixture_url(cx, server, "/d?access_token=t");
    settings.values[NOTIFY_DINGTALK_SECRET] = SLICE("SEC");
    settings.values[NOTIFY_FEISHU_URL] = fetch_fixture_url(cx, server, "/f");
    settings.values[NOTIFY_FEISHU_SECRET] = SLICE("SEC");
    const NotifyDue due = {.subject = SLICE("s"), .text = SLICE("t")};
    const NotifySend send = {.settings = &settings, .message = &due};
    EXPECT_OK(notify_robot_dingtalk(cx, &send));
    EXPECT(slice_find(fetch_fixture_heard(cx, server),
                      SLICE("POST /d?access_token=t&timestamp=")) == 0);
    EXPECT(slice_find(fetch_fixture_heard(cx, server), SLICE("&sign=")) != SLICE_NONE);
    robot.body = OK_FEISHU;
    EXPECT_OK(notify_robot_feishu(cx, &send));
    EXPECT(slice_find(fetch_fixture_heard(cx, server), SLICE("{\"timestamp\":\"")) != SLICE_NONE);
    EXPECT(slice_find(fetch_fixture_heard(cx, server), SLICE("\",\"sign\":\"")) != SLICE_NONE);
    fetch_fixture_close(server);
}
