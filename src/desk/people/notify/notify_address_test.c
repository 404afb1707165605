#include "desk/people/notify/notify_address.h"

#include "base/test.h"

TEST("notify_address: a mail address is plainly one, with a name before it or without")
{
    static const struct {
        Slice text;
        const char *name, *mail; // NULL = none
    } cases[] = {
        {SLICE("a@b.example"), "", "a@b.example"},
        {SLICE("a.b+c@x-y.example"), "", "a.b+c@x-y.example"},
        {SLICE("发票平台 <a@b.example>"), "发票平台", "a@b.example"},
        {SLICE("\"A B\" <a@b.example>"), "A B", "a@b.example"},
        {SLICE("<a@b.example>"), "", "a@b.example"},
        {SLICE(""), NULL, NULL},
        {SLICE("a"), NULL, NULL},
        {SLICE("@b.example"), NULL, NULL},
        {SLICE("a@"), NULL, NULL},
        {SLICE("a@b@c"), NULL, NULL},
        {SLICE("a b@c.example"), NULL, NULL},
        {SLICE(".a@c.example"), NULL, NULL},
        {SLICE("a..b@c.example"), NULL, NULL},
        {SLICE("a@-c.example"), NULL, NULL},
        {SLICE("a@c..example"), NULL, NULL},
        {SLICE("a@b.example\r\nBcc: x@y.example"), NULL, NULL},
        {SLICE("a@b.example\n"), NULL, NULL},
        {SLICE("a@b.example,c@d.example"), NULL, NULL},
        {SLICE("a@b.example>"), NULL, NULL},
        {SLICE("x\r\nBcc: c@d.example <a@b.example>"), NULL, NULL},
        {SLICE("x\" <a@b.example>"), NULL, NULL},
        {SLICE("a\0@b.example"), NULL, NULL},
        {SLICE("中@b.example"), NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        NotifyAddress address = {};
        Err err = notify_address_parse(cx, cases[i].text, &address);
        if ((err == ERR_OK) != (cases[i].mail != NULL))
            test_fail(__FILE__, __LINE__, cases[i].text.data);
        if (err != ERR_OK) {
            EXPECT(err == ERR_INPUT && strchr(cx->err_text, '\n') == NULL);
            continue;
        }
        EXPECT(slice_equal(address.mail, slice_of(cases[i].mail)));
        EXPECT(slice_equal(address.name, slice_of(cases[i].name)));
        EXPECT_OK(notify_address_mail(cx, address.mail));
    }
    EXPECT(notify_address_mail(cx, SLICE("x <a@b.example>")) == ERR_INPUT);
}

TEST("notify_address: phone numbers are digits, a robot's label is a line")
{
    EXPECT_OK(notify_address_phone(cx, SLICE("13800138000")));
    EXPECT_OK(notify_address_phone(cx, SLICE("+8613800138000")));
    EXPECT(notify_address_phone(cx, SLICE("1380")) == ERR_INPUT);
    EXPECT(notify_address_phone(cx, SLICE("1380013800013800")) == ERR_INPUT);
    EXPECT(notify_address_phone(cx, SLICE("138 0013 8000")) == ERR_INPUT);
    EXPECT(notify_address_phone(cx, SLICE("13800138000&to=1")) == ERR_INPUT);
    EXPECT(notify_address_phone(cx, SLICE("+")) == ERR_INPUT);
    EXPECT_OK(notify_address_label(cx, SLICE("")));
    EXPECT_OK(notify_address_label(cx, SLICE("财务群")));
    EXPECT(notify_address_label(cx, SLICE("a\nb")) == ERR_INPUT);
}

TEST("notify_address: a gateway is https, or http on this machine")
{
    static const Slice good[] = {
        SLICE("https://oapi.dingtalk.com/robot/send?access_token=abc"),
        SLICE("https://sms.example:8443/send?to={phone}&text={text}"),
        SLICE("http://127.0.0.1:8080/x"),
        SLICE("http://localhost/x?y"),
        SLICE("http://[::1]:80/"),
    };
    static const Slice bad[] = {
        SLICE(""),
        SLICE("ftp://a.example"),
        SLICE("http://sms.example/x"),
        SLICE("http://127.0.0.1.example/x"),
        SLICE("http://localhost.example/"),
        SLICE("https://user:secret@a.example/"),
        SLICE("https://a.example/ x"),
        SLICE("https://a.example/\r\nHost: b"),
        SLICE("https://a.example/#x"),
        SLICE("https:///x"),
        SLICE("https://a.example:123456/"),
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        EXPECT_OK(notify_address_web(cx, good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (notify_address_web(cx, bad[i]) != ERR_INPUT) test_fail(__FILE__, __LINE__, bad[i].data);
}
