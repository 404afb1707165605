#include "desk/people/notify/notify_view.h"

#include "base/test.h"
#include "format/json/json_in.h"

TEST("notify_view: a recipient is masked unless all is asked for")
{
    static const struct {
        Slice to, masked;
    } cases[] = {
        {SLICE("alice@b.example"), SLICE("a***@b.example")},
        {SLICE("13800138000"), SLICE("138****8000")},
        {SLICE("+8613800138000"), SLICE("+86****8000")},
        {SLICE("财务群"), SLICE("财***")},
        {SLICE("12345"), SLICE("1***")},
        {SLICE(""), SLICE("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(slice_equal(notify_view_mask(cx, cases[i].to), cases[i].masked));
    const NotifyRow row = {.to = SLICE("alice@b.example"),
                           .state = SLICE("waiting"),
                           .error = SLICE("no mail server configured"),
                           .error_zh = SLICE("没有配置邮件服务器"),
                           .subject = SLICE("s"),
                           .text = SLICE("secret code"),
                           .created_ms = 1};
    Slice json, text;
    EXPECT_OK(notify_view_page(cx, &row, 1, 1, false, &json));
    EXPECT(slice_find(json, SLICE("alice")) == SLICE_NONE);
    EXPECT(slice_find(json, SLICE("secret code")) == SLICE_NONE);
    JsonIn *in = NULL;
    EXPECT_OK(json_in_open(cx, json, &in));
    EXPECT(json_in_string(json_in_get(json_in_root(in), "next_cursor")).size == 32);
    json_in_close(in);
    EXPECT_OK(notify_view_page(cx, &row, 1, 2, true, &json));
    EXPECT(slice_find(json, SLICE("alice@b.example")) != SLICE_NONE);
    EXPECT(slice_find(json, SLICE("\"next_cursor\":\"\"")) != SLICE_NONE);
    EXPECT_OK(notify_view_print(cx, &row, true, &json));
    EXPECT(slice_find(json, SLICE("\"reason\":\"没有配置邮件服务器\"")) != SLICE_NONE);
    EXPECT_OK(notify_view_text(cx, &row, &text));
    EXPECT(slice_find(text, SLICE("to: alice@b.example\n")) != SLICE_NONE);
    EXPECT(slice_ends(text, SLICE("\n\nsecret code\n")));
}

TEST("notify_view: a secret setting is said to be set, and no more")
{
    NotifySettings settings = {};
    Slice json;
    settings.values[NOTIFY_MAIL_PASSWORD] = SLICE("hunter2");
    settings.values[NOTIFY_MAIL_USER] = SLICE("alice");
    EXPECT_OK(notify_view_settings(cx, &settings, &json));
    EXPECT(slice_find(json, SLICE("hunter2")) == SLICE_NONE);
    EXPECT(slice_find(json, SLICE("\"name\":\"mail.password\",\"set\":true,\"secret\":true,"
                                  "\"value\":\"\"")) != SLICE_NONE);
    EXPECT(slice_find(json, SLICE("\"value\":\"alice\"")) != SLICE_NONE);
}
