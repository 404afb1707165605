#include "net/smtp.h"

#include "base/test.h"

TEST("smtp: an address of a mail server is smtp or smtps, without a password in it")
{
    static const struct {
        Slice url;
        bool good, here;
    } cases[] = {
        {SLICE("smtp://mail.example:587"), true, false},
        {SLICE("smtps://mail.example"), true, false},
        {SLICE("smtp://mail.example:587/client.example"), true, false},
        {SLICE("smtp://127.0.0.1:2525"), true, true},
        {SLICE("smtp://[::1]:2525"), true, true},
        {SLICE("smtps://localhost"), true, true},
        {SLICE("smtp://127.0.0.1.example"), true, false},
        {SLICE("smtp://user:secret@mail.example"), false, false},
        {SLICE("smtp://user@mail.example"), false, false},
        {SLICE("smtp://mail.example?x"), false, false},
        {SLICE("http://mail.example"), false, false},
        {SLICE("mail.example:25"), false, false},
        {SLICE("smtp://mail.example\r\nRCPT TO:<x>"), false, false},
        {SLICE("smtp:// mail.example"), false, false},
        {SLICE(""), false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Err err = smtp_check_url(cx, cases[i].url);
        if ((err == ERR_OK) != cases[i].good) test_fail(__FILE__, __LINE__, cases[i].url.data);
        if (err != ERR_OK) EXPECT(err == ERR_INPUT && strstr(cx->err_text, "secret") == NULL);
        if (cases[i].good) EXPECT(smtp_is_here(cx, cases[i].url) == cases[i].here);
    }
}

TEST("smtp: without TLS no other machine is spoken to; nobody there is ERR_STORE")
{
    SmtpRequest request = {.url = SLICE("smtp://mail.example:25"),
                           .from = SLICE("a@b.example"),
                           .to = SLICE("c@d.example"),
                           .message = SLICE("Subject: x\r\n\r\nx\r\n"),
                           .insecure = true};
    EXPECT(smtp_send(cx, &request) == ERR_DENIED);
    request.url = SLICE("smtp://127.0.0.1:1");
    EXPECT(smtp_send(cx, &request) == ERR_STORE);
    const atomic_bool stop = true;
    request.stop = &stop;
    EXPECT(smtp_send(cx, &request) == ERR_STORE);
}
