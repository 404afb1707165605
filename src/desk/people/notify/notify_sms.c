#include "desk/people/notify/notify_sms.h"

#include "base/limits.h"
#include "desk/people/notify/notify_web.h"
#include "format/json/json_out.h"

// A string of JSON without its quotes.
static Err escaped(Cx *cx, Slice text, Slice *ret_text)
{
    JsonOut out = json_out_open(cx, 8 * text.size + 16);
    Slice whole;
    json_out_string(&out, text);
    TRY(json_out_done(cx, &out, &whole));
    *ret_text = slice_sub(whole, 1, whole.size - 2);
    return ERR_OK;
}

static Err add(Cx *cx, Text *out, bool json, Slice value)
{
    if (json) {
        TRY(escaped(cx, value, &value));
        text_add(out, value);
    } else {
        notify_web_percent(out, value);
    }
    return ERR_OK;
}

Err notify_sms_fill(Cx *cx, Slice pattern, bool json, Slice phone, Slice text, Slice *ret_filled)
{
    static const Slice phone_mark = SLICE("{phone}"), text_mark = SLICE("{text}");
    Text out = text_open(cx, LIMIT_NOTIFY_SETTING + 8 * LIMIT_NOTIFY_BODY);
    for (size_t i = 0; i < pattern.size;) {
        Slice rest = slice_sub(pattern, i, pattern.size);
        if (slice_starts(rest, phone_mark)) {
            TRY(add(cx, &out, json, phone));
            i += phone_mark.size;
        } else if (slice_starts(rest, text_mark)) {
            TRY(add(cx, &out, json, text));
            i += text_mark.size;
        } else {
            text_byte(&out, pattern.data[i++]);
        }
    }
    return text_done(cx, &out, ret_filled);
}

// Lines of the setting, NULL at the end; whether one of them says that the body is JSON.
static Err take_headers(Cx *cx, Slice setting, const char ***ret_lines, bool *ret_json)
{
    const char **lines = arena_alloc(&cx->arena, (LIMIT_NOTIFY_HEADERS + 1) * sizeof *lines);
    Slice rest = setting, line;
    bool done = setting.size == 0;
    size_t count = 0;
    *ret_json = false;
    while (count < LIMIT_NOTIFY_HEADERS && slice_cut(&rest, '\n', &done, &line)) {
        Slice value = line, name;
        bool cut = false;
        (void)slice_cut(&value, ':', &cut, &name);
        if (slice_equal_nocase(name, SLICE("Content-Type")))
            *ret_json = slice_find(value, SLICE("json")) != SLICE_NONE;
        TRY(cx_cstr(cx, line, &lines[count++]));
    }
    *ret_lines = lines;
    return ERR_OK;
}

Err notify_sms_send(Cx *cx, const NotifySend *send)
{
    const Slice *set = send->settings->values;
    const NotifyDue *message = send->message;
    const char **headers = NULL;
    Slice answer;
    bool json = false;
    FetchRequest request = {.method = "POST", .stop = send->stop};
    if (set[NOTIFY_SMS_METHOD].size > 0) TRY(cx_cstr(cx, set[NOTIFY_SMS_METHOD], &request.method));
    TRY(take_headers(cx, set[NOTIFY_SMS_HEADERS], &headers, &json));
    request.headers = headers;
    TRY(notify_sms_fill(cx, set[NOTIFY_SMS_URL], false, message->to, message->text, &request.url));
    TRY(notify_sms_fill(cx, set[NOTIFY_SMS_BODY], json, message->to, message->text, &request.body));
    if (set[NOTIFY_SMS_CA].size > 0) TRY(cx_cstr(cx, set[NOTIFY_SMS_CA], &request.ca_file));
    TRY(notify_web_ask(cx, &request, &answer));
    Slice expect = set[NOTIFY_SMS_EXPECT];
    if (expect.size == 0 || slice_find(answer, expect) != SLICE_NONE) return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "the SMS gateway did not say '" SLICE_FMT "'",
                   SLICE_ARG(slice_sub(expect, 0, 100)));
}
