#include "desk/people/notify/notify_mail.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"
#include "desk/people/notify/notify_address.h"
#include "net/smtp.h"

#define LINE_BASE64  76 // characters of a line of the body (RFC 2045 6.8)
#define LINE_PLAIN   60 // a header's value that is shorter stands as it is
#define WORD_BYTES   39 // of an encoded word: with "Subject: " 73 characters (RFC 2047 2)
#define MESSAGE_ROOM (LIMIT_NOTIFY_BODY * 2 + 8'192)

static bool is_plain(Slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~') return false;
    // "=?" would be taken for an encoded word.
    return text.size <= LINE_PLAIN && slice_find(text, SLICE("=?")) == SLICE_NONE;
}

// Whole characters, at most `most` bytes.
static size_t piece(Slice text, size_t most)
{
    size_t used = 0;
    while (used < text.size) {
        size_t size = utf8_head(slice_sub(text, used, text.size), NULL);
        if (size == 0) size = 1;
        if (used + size > most) break;
        used += size;
    }
    return used;
}

static void add_words(Cx *cx, Text *out, Slice text)
{
    for (bool first = true; text.size > 0; first = false) {
        size_t size = piece(text, WORD_BYTES);
        text_printf(out, "%s=?UTF-8?B?" SLICE_FMT "?=", first ? "" : "\r\n ",
                    SLICE_ARG(base64_encode(cx, slice_sub(text, 0, size))));
        text = slice_sub(text, size, text.size);
    }
}

static void add_from(Cx *cx, Text *out, const NotifyAddress *from)
{
    text_add(out, SLICE("From: "));
    if (from->name.size > 0) {
        // Always encoded: no rules of quoting to get wrong.
        add_words(cx, out, from->name);
        text_add(out, SLICE("\r\n "));
    }
    text_printf(out, "<" SLICE_FMT ">\r\n", SLICE_ARG(from->mail));
}

// "Sun, 22 Nov 2026 01:30:00 +0000" (RFC 5322 3.3).
static void add_date(Text *out, uint64_t time_ms)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int32_t day = (int32_t)(time_ms / DATE_MS_PER_DAY);
    int seconds = (int)(time_ms % DATE_MS_PER_DAY / 1000);
    Date date = date_of_days(day);
    text_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[day % 7], date.day,
                months[date.month - 1], date.year, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static void add_body(Cx *cx, Text *out, Slice text)
{
    // Lines end with CR LF inside as well: that is the canonical form of text (RFC 2045 2.7).
    Text lines = text_open(cx, 2 * text.size + 2);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\r') continue;
        if (text.data[i] == '\n') text_byte(&lines, '\r');
        text_byte(&lines, text.data[i]);
    }
    Slice coded = base64_encode(cx, text_so_far(&lines));
    for (size_t at = 0; at < coded.size; at += LINE_BASE64) {
        text_add(out, slice_sub(coded, at, LINE_BASE64));
        text_add(out, SLICE("\r\n"));
    }
}

Err notify_mail_print(Cx *cx, const NotifyMail *mail, Slice *ret_message, Slice *ret_sender)
{
    NotifyAddress from;
    TRY(notify_address_parse(cx, mail->from, &from));
    TRY(notify_address_mail(cx, mail->to));
    if (!utf8_is_clean(mail->subject) || slice_find(mail->subject, SLICE("\n")) != SLICE_NONE)
        return err_set(cx, ERR_INPUT, "the subject is no line of text");
    Text out = text_open(cx, MESSAGE_ROOM);
    add_date(&out, mail->time_ms);
    add_from(cx, &out, &from);
    text_printf(&out, "To: <" SLICE_FMT ">\r\n", SLICE_ARG(mail->to));
    text_printf(&out, "Message-ID: <" SLICE_FMT SLICE_FMT ">\r\n",
                SLICE_ARG(base64_hex(cx, mail->id)),
                SLICE_ARG(slice_sub(from.mail, slice_find(from.mail, SLICE("@")), from.mail.size)));
    text_add(&out, SLICE("Subject: "));
    if (is_plain(mail->subject))
        text_add(&out, mail->subject);
    else
        add_words(cx, &out, mail->subject);
    text_add(&out, SLICE("\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                         "Content-Type: text/plain; charset=utf-8\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\n"));
    add_body(cx, &out, mail->text);
    *ret_sender = from.mail;
    return text_done(cx, &out, ret_message);
}

Err notify_mail_send(Cx *cx, const NotifySend *send)
{
    const Slice *set = send->settings->values;
    const NotifyMail mail = {
        .from = set[NOTIFY_MAIL_FROM],
        .to = send->message->to,
        .subject = send->message->subject,
        .text = send->message->text,
        .id = {(const char *)send->message->id, COMMIT_ID_SIZE},
        .time_ms = send->message->created_ms,
    };
    SmtpRequest request = {.url = set[NOTIFY_MAIL_URL],
                           .user = set[NOTIFY_MAIL_USER],
                           .password = set[NOTIFY_MAIL_PASSWORD],
                           .to = mail.to,
                           .insecure = slice_equal(set[NOTIFY_MAIL_INSECURE], SLICE("yes")),
                           .stop = send->stop};
    if (set[NOTIFY_MAIL_CA].size > 0) TRY(cx_cstr(cx, set[NOTIFY_MAIL_CA], &request.ca_file));
    TRY(notify_mail_print(cx, &mail, &request.message, &request.from));
    return smtp_send(cx, &request);
}
