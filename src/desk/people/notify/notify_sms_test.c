#include "desk/people/notify/notify_sms.h"

#include "base/test.h"
#include "base/text.h"
#include "net/fetch_fixture.h"

TEST("notify_sms: number and text are put in place, escaped as the place wants it")
{
    Slice text = SLICE("码\"1\\2\"\n{phone}&"), filled;
    EXPECT_OK(notify_sms_fill(cx, SLICE("{\"to\":\"{phone}\",\"t\":\"{text}\"}"), true,
                              SLICE("+861"), text, &filled));
    EXPECT(slice_equal(filled, SLICE("{\"to\":\"+861\",\"t\":\"码\\\"1\\\\2\\\"\\n{phone}&\"}")));
    EXPECT_OK(notify_sms_fill(cx, SLICE("to={phone}&t={text}&{other}"), false, SLICE("+861"), text,
                              &filled));
    EXPECT(slice_equal(filled, SLICE("to=%2B861&t=%E7%A0%81%221%5C2%22%0A%7Bphone%7D%26&{other}")));
}

static Slice answer(void *self, Slice request)
{
    (void)self, (void)request;
    return SLICE("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"code\":0}");
}

TEST("notify_sms: the gateway is asked as it is set, and must say what is expected")
{
    FetchFixture *server = fetch_fixture_open(answer, NULL, NULL);
    NotifySettings settings = {};
    settings.values[NOTIFY_SMS_URL] = fetch_fixture_url(cx, server, "/sms?p={phone}");
    settings.values[NOTIFY_SMS_HEADERS] =
        SLICE("Content-Type: application/json\nAuthorization: Bearer k");
    settings.values[NOTIFY_SMS_BODY] = SLICE("{\"m\":\"{text}\"}");
    settings.values[NOTIFY_SMS_EXPECT] = SLICE("\"code\":0");
    const NotifyDue due = {.to = SLICE("+8613800138000"), .text = SLICE("验证码 \"1\"")};
    const NotifySend send = {.settings = &settings, .message = &due};
    EXPECT_OK(notify_sms_send(cx, &send));
    Slice heard = fetch_fixture_heard(cx, server);
    EXPECT(slice_find(heard, SLICE("POST /sms?p=%2B8613800138000 HTTP/1.1\r\n")) == 0);
    EXPECT(slice_find(heard, SLICE("\r\nAuthorization: Bearer k\r\n")) != SLICE_NONE);
    EXPECT(slice_ends(heard, SLICE("\r\n\r\n{\"m\":\"验证码 \\\"1\\\"\"}")));
    settings.values[NOTIFY_SMS_EXPECT] = SLICE("\"code\":1");
    EXPECT(notify_sms_send(cx, &send) == ERR_CONFLICT);
    fetch_fixture_close(server);
}
