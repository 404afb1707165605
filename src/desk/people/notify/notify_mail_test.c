#include "desk/people/notify/notify_mail.h"

#include "base/base64.h"
#include "base/test.h"
#include "base/text.h"

static NotifyMail mail_of(Slice from, Slice to, Slice subject, Slice text)
{
    return (NotifyMail){.from = from,
                        .to = to,
                        .subject = subject,
                        .text = text,
                        .id = SLICE("0123456789abcdef"),
                        .time_ms = UINT64_C(1'795'311'005'123)};
}

// What follows "name: ", with its folds; "" when it is not there.
static Slice header(Slice message, const char *name)
{
    size_t size = strlen(name);
    for (size_t at = 0; at < message.size;) {
        Slice rest = slice_sub(message, at, message.size);
        size_t end = slice_find(rest, SLICE("\r\n"));
        while (end != SLICE_NONE && end + 2 < rest.size && rest.data[end + 2] == ' ') {
            size_t more = slice_find(slice_sub(rest, end + 2, rest.size), SLICE("\r\n"));
            end = more == SLICE_NONE ? rest.size : end + 2 + more;
        }
        if (end == SLICE_NONE || end == 0) return SLICE("");
        if (strncmp(rest.data, name, size) == 0 && rest.data[size] == ':')
            return slice_sub(rest, size + 2, end - size - 2);
        at += end + 2;
    }
    return SLICE("");
}

// Encoded words to their text (RFC 2047), blanks between them taken out.
static Slice decoded(Cx *cx, Slice value)
{
    Text out = text_open(cx, 8'192);
    static const Slice open = SLICE("=?UTF-8?B?");
    for (size_t at = 0; (at = slice_find(value, open)) != SLICE_NONE;) {
        value = slice_sub(value, at + open.size, value.size);
        size_t end = slice_find(value, SLICE("?="));
        Slice bytes;
        EXPECT(end != SLICE_NONE && end + open.size + 2 <= 75);
        EXPECT_OK(base64_decode(cx, slice_sub(value, 0, end), true, &bytes));
        text_add(&out, bytes);
        value = slice_sub(value, end + 2, value.size);
    }
    return text_so_far(&out);
}

static void expect_clean(Slice message)
{
    size_t column = 0;
    for (size_t i = 0; i < message.size; i++) {
        char c = message.data[i];
        EXPECT(c == '\r' || c == '\n' || (c >= ' ' && c <= '~'));
        EXPECT((c == '\n') == (i > 0 && message.data[i - 1] == '\r'));
        column = c == '\n' ? 0 : column + 1;
        EXPECT(column <= 78 + 1); // RFC 5322 2.1.1, with the CR
    }
}

TEST("notify_mail: a mail is ASCII lines of at most 78, and says what was said")
{
    Slice subject =
        SLICE("有人在新的设备上登录了您的账号，这个标题长到一行里放不下，须折成几行才行");
    Slice text = SLICE("您好：\n时间：2026\n\n<b>不是标记</b>\n.\n");
    NotifyMail mail =
        mail_of(SLICE("发票平台 <no-reply@f.example>"), SLICE("a@b.example"), subject, text);
    Slice message, sender, body;
    EXPECT_OK(notify_mail_print(cx, &mail, &message, &sender));
    expect_clean(message);
    EXPECT(slice_equal(sender, SLICE("no-reply@f.example")));
    EXPECT(slice_equal(decoded(cx, header(message, "Subject")), subject));
    EXPECT(slice_equal(decoded(cx, header(message, "From")), SLICE("发票平台")));
    EXPECT(slice_ends(header(message, "From"), SLICE(" <no-reply@f.example>")));
    EXPECT(slice_equal(header(message, "To"), SLICE("<a@b.example>")));
    EXPECT(slice_equal(header(message, "Date"), SLICE("Sun, 22 Nov 2026 01:30:05 +0000")));
    EXPECT(slice_equal(header(message, "Message-ID"),
                       SLICE("<30313233343536373839616263646566@f.example>")));
    EXPECT(slice_equal(header(message, "Content-Type"), SLICE("text/plain; charset=utf-8")));
    size_t gap = slice_find(message, SLICE("\r\n\r\n"));
    EXPECT_OK(base64_decode(cx, slice_sub(message, gap + 4, message.size), false, &body));
    EXPECT(slice_equal(body, SLICE("您好：\r\n时间：2026\r\n\r\n<b>不是标记</b>\r\n.\r\n")));
    mail.subject = SLICE("A test message");
    EXPECT_OK(notify_mail_print(cx, &mail, &message, &sender));
    EXPECT(slice_equal(header(message, "Subject"), SLICE("A test message")));
    mail.subject = SLICE("=?UTF-8?B?eA==?=");
    EXPECT_OK(notify_mail_print(cx, &mail, &message, &sender));
    EXPECT(slice_equal(decoded(cx, header(message, "Subject")), mail.subject));
}

TEST("notify_mail: nothing in a header begins another")
{
    static const struct {
        Slice from, to, subject;
    } cases[] = {
        {SLICE("a@b.example\r\nBcc: c@d.example"), SLICE("a@b.example"), SLICE("s")},
        {SLICE("x\nBcc: y <a@b.example>"), SLICE("a@b.example"), SLICE("s")},
        {SLICE("a@b.example"), SLICE("a@b.example\r\nBcc: c@d.example"), SLICE("s")},
        {SLICE("a@b.example"), SLICE("a@b.example> RCPT TO:<c@d.example"), SLICE("s")},
        {SLICE("a@b.example"), SLICE("a@b.example"), SLICE("s\r\nBcc: c@d.example")},
        {SLICE("a@b.example"), SLICE("a@b.example"), SLICE("s\n\nbody")},
        {SLICE("a@b.example"), SLICE("a@b.example"), SLICE("s\rx")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        NotifyMail mail = mail_of(cases[i].from, cases[i].to, cases[i].subject, SLICE("t"));
        Slice message, sender;
        EXPECT(notify_mail_print(cx, &mail, &message, &sender) == ERR_INPUT);
    }
}

TEST("notify_mail: nobody there is told as such, without the password")
{
    NotifySettings settings = {};
    settings.values[NOTIFY_MAIL_URL] = SLICE("smtp://127.0.0.1:1");
    settings.values[NOTIFY_MAIL_FROM] = SLICE("a@b.example");
    settings.values[NOTIFY_MAIL_USER] = SLICE("u");
    settings.values[NOTIFY_MAIL_PASSWORD] = SLICE("hunter2");
    const NotifyDue due = {.to = SLICE("c@d.example"), .subject = SLICE("s"), .text = SLICE("t")};
    const NotifySend send = {.settings = &settings, .message = &due};
    EXPECT(notify_mail_send(cx, &send) == ERR_STORE);
    EXPECT(strstr(cx->err_text, "127.0.0.1:1") != NULL);
    EXPECT(strstr(cx->err_text, "hunter2") == NULL);
}
